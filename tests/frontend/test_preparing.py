"""The pages of train the trainer: steps, signing them, and on to what somebody may deliver."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import CourseFactory, PersonFactory, TrainerFactory
from tests.frontend.joining import text_of
from tests.training.factories import StepTakenFactory, TrainingStepFactory
from training.models import TrainingStep

pytestmark = pytest.mark.django_db
STEPS = "trainers:steps"


@pytest.mark.parametrize("count", [1, 20])
def test_the_way_takes_eight_statements_at_one_step_and_at_twenty(client, sign_in, django_assert_num_queries, count):
    sign_in("coordinator")
    trainer, course = TrainerFactory(), CourseFactory()
    for _ in range(count):
        StepTakenFactory(trainer=trainer, course=course)
    with django_assert_num_queries(8):
        page = client.get(reverse("trainers:way", args=[trainer.pk]), {"course": course.code}).content.decode()
    assert page.count("Take out<") == count


def test_a_coordinator_keeps_the_steps(client, sign_in):
    sign_in("coordinator")
    assert "There are none yet" in text_of(client.get(reverse(STEPS)))
    assert "the usual steps" in text_of(client.post(reverse(STEPS), {"usual": "yes"}, follow=True))
    assert "called “observed” already" not in text_of(client.post(reverse(STEPS), {"name": "Observed"}))
    assert "called “observed” already" in text_of(client.post(reverse(STEPS), {"name": "observed"}))
    last = TrainingStep.objects.get(name="Observed")
    change = reverse("trainers:change_step", args=[last.pk])
    taken = {"name": TrainingStep.objects.first().name, "position": "1"}
    assert "already" in text_of(client.post(change, taken))
    client.post(change, {"name": "Observed twice", "position": "1", "is_retired": "on"})
    assert "1. Observed twice Not asked any more" in text_of(client.get(reverse(STEPS)))


def test_steps_are_signed_until_all_are_and_it_leads_on_to_what_they_may_deliver(client, sign_in):
    coordinator = sign_in("coordinator")
    trainer, course, step = TrainerFactory(name="L. Hughes"), CourseFactory(title="Neglect"), TrainingStepFactory()
    way = reverse("trainers:way", args=[trainer.pk])
    assert "See the steps" in text_of(client.get(way))
    assert "Not yet" in text_of(client.get(way, {"course": course.code}))
    sign = reverse("trainers:sign", args=[trainer.pk, course.code, step.pk])
    today = timezone.localdate()
    when = {"taken_on-day": today.day, "taken_on-month": today.month}
    late = when | {"taken_on-year": today.year + 1, "evidence": "Observed by D. Marsh"}
    assert "today or earlier" in text_of(client.post(sign, late))
    done = text_of(client.post(sign, late | {"taken_on-year": today.year}, follow=True))
    assert all(words in done for words in ("All steps are signed", "Observed by D. Marsh", coordinator.name))
    assert "Observed by D. Marsh" in client.get(sign).content.decode()
    assert "Neglect : 1 step signed" in text_of(client.get(reverse("trainers:trainer", args=[trainer.pk])))
    clear = client.get(reverse("trainers:clear", args=[trainer.pk]), {"course": course.code}).content.decode()
    assert f"{step}, " in clear
    client.post(reverse("trainers:clear", args=[trainer.pk]), {"course": course.pk, "evidence": "All steps"})
    assert "They may deliver it" in text_of(client.get(way, {"course": course.code}))
    client.post(reverse("trainers:take_out_step", args=[trainer.pk, course.code, step.pk]))
    assert not trainer.steps_taken.exists()


def test_nobody_signs_their_own(client, sign_in):
    trainer = TrainerFactory(person=sign_in("coordinator"))
    step, today = TrainingStepFactory(), timezone.localdate()
    sign = reverse("trainers:sign", args=[trainer.pk, CourseFactory().code, step.pk])
    when = {"taken_on-day": today.day, "taken_on-month": today.month, "taken_on-year": today.year}
    assert "their own steps" in text_of(client.post(sign, when | {"evidence": "I know"}))


def test_who_only_reads_signs_nothing(client, sign_in):
    sign_in("subgroup-member")
    one = StepTakenFactory(trainer__person=PersonFactory())
    page = client.get(reverse("trainers:way", args=[one.trainer.pk]), {"course": one.course.code}).content.decode()
    assert "Take out" not in page
    assert one.evidence in page

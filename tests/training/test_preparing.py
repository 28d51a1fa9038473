"""Train the trainer: steps in their order, signed, and complete."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import CourseFactory, PersonFactory, TrainerFactory
from tests.training.factories import StepTakenFactory, TrainingStepFactory
from training import preparing, refusals
from training.models import StepTaken, TrainingStep

pytestmark = pytest.mark.django_db


def sign(trainer, course, step, **facts):
    said = {"taken_on": timezone.localdate(), "evidence": "Observed", "by": PersonFactory()} | facts
    return preparing.sign(trainer=trainer, course=course, step=step, **said)


def test_the_way_is_complete_when_all_that_is_asked_is_signed():
    trainer, course = TrainerFactory(), CourseFactory()
    assert not preparing.is_complete(preparing.way(trainer, course))
    preparing.begin_with_usual(by=PersonFactory())
    preparing.begin_with_usual(by=PersonFactory())
    steps = list(TrainingStep.objects.all())
    assert [step.name for step in steps] == list(preparing.USUAL)
    for step in steps[:-1]:
        sign(trainer, course, step)
    assert not preparing.is_complete(preparing.way(trainer, course))
    preparing.change(step=steps[-1], name=steps[-1].name, position=4, is_retired=True, by=PersonFactory())
    stages = preparing.way(trainer, course)
    assert preparing.is_complete(stages)
    assert preparing.in_words(stages).startswith(f"{steps[0]}, ")
    assert preparing.begun(trainer).get().taken == 3
    assert not any(stage.taken for stage in preparing.way(trainer, CourseFactory()))


def test_a_step_signed_again_replaces_what_was_said_and_can_be_taken_out():
    one = StepTakenFactory()
    again = sign(one.trainer, one.course, one.step, evidence="Observed twice")
    assert StepTaken.objects.get() == again
    assert again.evidence == "Observed twice"
    preparing.take_out(taken=again, by=PersonFactory())
    assert not preparing.begun(one.trainer).exists()


def test_what_cannot_be_signed_is_refused():
    trainer, course, step = TrainerFactory(person=PersonFactory()), CourseFactory(), TrainingStepFactory()
    with pytest.raises(refusals.Impossible, match="today or earlier"):
        sign(trainer, course, step, taken_on=timezone.localdate() + timedelta(days=1))
    with pytest.raises(refusals.Impossible, match="their own"):
        sign(trainer, course, step, by=trainer.person)
    with pytest.raises(refusals.Impossible, match="not asked any more"):
        sign(trainer, course, TrainingStepFactory(is_retired=True))


def test_steps_are_added_last_moved_and_have_different_names():
    by = PersonFactory()
    first, second, third = (preparing.add(name=name, by=by) for name in ("One", "Two", "Three"))
    preparing.change(step=third, name="Three", position=1, is_retired=False, by=by)
    assert [(one.name, one.position) for one in TrainingStep.objects.all()] == [("Three", 1), ("One", 2), ("Two", 3)]
    with pytest.raises(refusals.NameTaken):
        preparing.add(name="two", by=by)
    with pytest.raises(refusals.NameTaken):
        preparing.change(step=first, name=second.name, position=1, is_retired=False, by=by)

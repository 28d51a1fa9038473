"""The trainers of an event: asked, agreed, declined, offering; by the coordinator's page and the trainer's own."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from outbox.models import Message
from tests.factories import EventFactory, PersonFactory, SessionTrainerFactory, TrainerFactory
from tests.frontend.joining import text_of
from tests.guards import as_if_committed
from tests.training.factories import ClearanceFactory, TrainerInvitationFactory, VolunteerFactory
from training import answer_links, staffing
from training.models import TrainerInvitation, Volunteer

pytestmark = pytest.mark.django_db


def page(event):
    return reverse("events:trainers", args=[event.reference])


def press(client, event, act, trainer):
    answer = client.post(page(event), {"do": f"{act}:{trainer.pk}"}, follow=True)
    as_if_committed()
    return text_of(answer)


@pytest.mark.parametrize("count", [1, 10])
def test_the_page_takes_eight_statements_at_one_of_each_and_at_ten(client, sign_in, django_assert_num_queries, count):
    sign_in("coordinator")
    event = EventFactory(trainers_wanted=50)
    for _ in range(count):
        TrainerInvitationFactory(event=event)
        TrainerInvitationFactory(
            event=event, is_on=False, state="declined", answered_at=timezone.now(), answered_by=PersonFactory()
        )
        VolunteerFactory(event=event)
        ClearanceFactory(course=event.course, trainer=TrainerFactory(person=PersonFactory()))
    with django_assert_num_queries(8):
        found = client.get(page(event)).content.decode()
    assert found.count("They have agreed<") == found.count("Thank, not needed<") == count


def test_a_coordinator_asks_enters_answers_and_takes_off(client, sign_in):
    sign_in("coordinator")
    event, trainer = EventFactory(), TrainerFactory(name="L. Hughes", person=PersonFactory(email="l@example.org"))
    SessionTrainerFactory(session=event.sessions.get(), trainer=trainer)
    assert "L. Hughes" in text_of(client.get(page(event)))
    assert "is asked by email" in press(client, event, "ask", trainer)
    assert "was asked on" in press(client, event, "ask", trainer)
    assert "1 trainer has not answered yet" in text_of(client.get(reverse("events:event", args=[event.reference])))
    assert "having agreed" in press(client, event, "agreed", trainer)
    assert "told by email in five minutes" in press(client, event, "off", trainer)
    assert "Nobody yet" in text_of(client.get(page(event)))
    assert "is asked by email" in press(client, event, "put-on-and-ask", trainer)
    assert "needs somebody else" in press(client, event, "declined", trainer)
    shown = text_of(client.get(page(event)))
    assert "1 trainer missing of the 1 that it needs" in shown
    assert "Who declined" in shown
    assert Message.objects.count() == 2


def test_who_cannot_be_asked_is_not_put_on(client, sign_in):
    sign_in("coordinator")
    event, nobody = EventFactory(), TrainerFactory()
    assert "has no address" in press(client, event, "put-on-and-ask", nobody)
    assert not staffing.on_it(event).exists()
    assert "as agreed with you" in press(client, event, "put-on", nobody)


def test_an_act_that_is_none_is_not_found(client, sign_in):
    sign_in("coordinator")
    event = EventFactory()
    for sent in ("dance:1", "ask:", "ask:0", "agreed:0", f"take:{TrainerFactory().pk}"):
        assert client.post(page(event), {"do": sent}).status_code == 404


def test_a_volunteer_is_taken_and_another_thanked(client, sign_in):
    sign_in("coordinator")
    event = EventFactory(trainers_wanted=1)
    one, other = VolunteerFactory(event=event), VolunteerFactory(event=event)
    assert "2 trainers offer to give it" in text_of(client.get(reverse("events:event", args=[event.reference])))
    assert "told so by email" in press(client, event, "take", one.trainer)
    assert "is thanked" in press(client, event, "thank", other.trainer)
    assert staffing.on_it(event).get() == one.trainer
    home = text_of(client.get(reverse("home")))
    assert "trainers offer" not in home


# --- the trainer ----------------------------------------------------------------------------------------------------
def test_a_trainer_says_yes_by_the_link_without_signing_in(client):
    invitation = TrainerInvitationFactory(event__course__title="Neglect")
    link = answer_links.path(invitation)
    assert "Neglect" in text_of(client.get(link))
    assert "You are down to give it" in text_of(client.post(link, {"answer": "accept"}, follow=True))
    assert "has agreed" in text_of(client.post(link, {"answer": "decline"}, follow=True))
    invitation.refresh_from_db()
    assert (invitation.state, invitation.answered_by) == ("accepted", invitation.trainer.person)


def test_a_trainer_says_no_with_a_reason_that_the_coordinator_reads(client, sign_in):
    invitation = TrainerInvitationFactory()
    link = answer_links.path(invitation)
    assert "at most 200" in text_of(client.post(link, {"answer": "decline", "reason": "x" * 201}))
    client.post(link, {"answer": "decline", "reason": "On leave"})
    assert "has declined" in text_of(client.get(link))
    sign_in("coordinator")
    assert "On leave" in text_of(client.get(page(invitation.event)))


def test_a_trainer_finds_what_they_are_asked_and_offers_to_give_what_lacks_one(client, sign_in):
    trainer = TrainerFactory(person=sign_in())
    invitation = TrainerInvitationFactory(trainer=trainer)
    event = EventFactory(days=9, trainers_wanted=1, course__title="Neglect")
    mine = reverse("trainers:mine")
    assert "Can you give it?" in text_of(client.get(reverse("home")))
    assert mine in client.get(reverse("holding:my_training")).content.decode()
    shown = client.get(mine).content.decode()
    assert answer_links.path(invitation) in shown
    assert "Neglect" in shown
    offer = reverse("trainers:volunteer", args=[event.reference])
    assert "Thank you" in text_of(client.post(offer, follow=True))
    assert "You have offered" in text_of(client.get(mine))
    assert "taken back" in text_of(client.post(offer, {"back": "yes"}, follow=True))
    client.post(offer, {"back": "yes"})
    assert Volunteer.objects.get().state == "withdrawn"
    refused = client.post(reverse("trainers:volunteer", args=[invitation.event.reference]), follow=True)
    assert "needs no trainer" in text_of(refused)


# --- with the event -------------------------------------------------------------------------------------------------
def test_trainers_who_are_new_are_asked_as_the_event_is_changed(client, sign_in):
    sign_in("coordinator")
    event = EventFactory()
    session = event.sessions.get()
    was = SessionTrainerFactory(session=session).trainer
    new, nobody = TrainerFactory(person=PersonFactory()), TrainerFactory(name="No Address")
    here = timezone.localtime(session.starts_at)
    prefix = f"s{session.pk}"
    sent = {
        f"{prefix}-day-day": here.day, f"{prefix}-day-month": here.month, f"{prefix}-day-year": here.year,
        f"{prefix}-starts": "9:30", f"{prefix}-ends": "16:30", f"{prefix}-trainer0": was.pk,
        f"{prefix}-trainer1": new.pk, f"{prefix}-trainer2": nobody.pk,
        "trainers_wanted": "4", "asks_trainers": "on",
    }  # fmt: skip
    said = text_of(client.post(reverse("planning:change", args=[event.reference]), sent, follow=True))
    assert f"Asked by email: {new}" in said
    assert "no address: No Address" in said
    assert TrainerInvitation.objects.get().trainer == new
    event.refresh_from_db()
    assert event.trainers_wanted == 4
    assert timezone.now() + timedelta(days=29) < event.starts_at

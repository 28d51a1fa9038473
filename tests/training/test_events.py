"""Events: published, seen, over, silent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import BookingFactory, EventFactory, PersonFactory, SessionTrainerFactory, TrainerFactory
from training import events, permissions, refusals
from training.models import Event

pytestmark = pytest.mark.django_db


def test_a_published_event_keeps_its_first_places():
    event = events.publish(event=EventFactory(state="draft", places=24), by=PersonFactory())
    event.refresh_from_db()
    assert (event.state, event.first_places) == ("published", 24)


def test_an_event_is_published_once():
    event = EventFactory()
    with pytest.raises(refusals.NotADraft, match="published already"):
        events.publish(event=event, by=PersonFactory())


def test_an_event_without_a_session_is_not_published():
    with pytest.raises(refusals.NoSessions, match="Add one"):
        events.publish(event=EventFactory(state="draft", sessions=0), by=PersonFactory())


def test_only_what_is_published_and_over_is_delivered():
    over = EventFactory(days=-1)
    EventFactory(days=-1, state="cancelled", cancelled_at=timezone.now())
    EventFactory(days=-1, state="draft")
    coming = EventFactory(days=1)
    # It began yesterday and ends tomorrow.
    running = EventFactory(days=-1, sessions=3)
    assert set(Event.objects.delivered()) == {over}
    assert set(Event.objects.coming()) == {coming, running}
    assert running.has_begun()
    assert not running.is_over()


def test_an_event_that_was_over_when_a_workbook_brought_it_is_silent():
    assert EventFactory(days=-3, imported_at=timezone.now()).is_silent()
    assert not EventFactory(days=-3, imported_at=timezone.now() - timedelta(days=5)).is_silent()
    assert not EventFactory(days=-3).is_silent()


# --- who sees what --------------------------------------------------------------------------------------------------
def programme():
    return {
        "public": EventFactory(),
        "draft": EventFactory(state="draft"),
        "in-house": EventFactory(is_in_house=True),
        "cancelled": EventFactory(state="cancelled", cancelled_at=timezone.now()),
    }


def seen_by(person, found):
    """By both ways of asking."""
    visible = set(Event.objects.visible_to(person))
    for event in found.values():
        if event in visible:
            assert Event.objects.all().seen_by(person, event.reference) == event
        else:
            with pytest.raises(Event.DoesNotExist):
                Event.objects.all().seen_by(person, event.reference)
    return {name for name, event in found.items() if event in visible}


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (None, {"public", "cancelled"}),
        ("agency-lead", {"public", "cancelled"}),
        ("finance-officer", {"public", "cancelled"}),
        ("administrator", {"public", "cancelled"}),
        ("coordinator", {"public", "draft", "in-house", "cancelled"}),
        ("subgroup-member", {"public", "draft", "in-house", "cancelled"}),
    ],
)
def test_drafts_and_in_house_events_are_for_who_reads_the_whole_programme(role, seen):
    assert seen_by(PersonFactory(roles=[role] if role else []), programme()) == seen


def test_who_is_booked_on_an_in_house_event_sees_it_once():
    found = programme()
    booking = BookingFactory(event=found["in-house"])
    BookingFactory(event=found["in-house"], delegate=booking.delegate, cancelled=True)
    assert seen_by(booking.delegate, found) == {"public", "cancelled", "in-house"}
    assert Event.objects.visible_to(booking.delegate).count() == 3


def test_a_trainer_sees_the_events_that_they_give():
    found = programme()
    trainer = TrainerFactory(person=PersonFactory())
    SessionTrainerFactory(session=found["draft"].sessions.get(), trainer=trainer)
    assert seen_by(trainer.person, found) == {"public", "cancelled", "draft"}
    assert permissions.trains(trainer.person, found["draft"])
    assert not permissions.trains(trainer.person, found["public"])


@pytest.mark.parametrize("role", [None, "agency-lead", "finance-officer", "subgroup-member", "administrator"])
def test_only_coordinators_change_the_programme(role):
    assert not permissions.may_change_programme(PersonFactory(roles=[role] if role else []))
    assert permissions.may_change_programme(PersonFactory(roles=["coordinator"]))

"""An event is cancelled ten minutes after it was said: until then nothing has happened, and it can be stopped."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from bookings import calling_off, cancelling, making_up, moving, notices, places, queue, tasks
from bookings.models import Booking
from bookings.refusals import AlreadyCancelled, NotAnotherDate, NotOpen, ReasonMissing
from bookings.steps import UNDO_FOR
from outbox import jobs
from outbox.models import Job, Message
from outbox.templates import NotYet
from tests.factories import BookingFactory, EventFactory, PersonFactory, RegisterFactory
from tests.guards import Breaks, check_now, refused_by, sql, take_out
from training.models import Event

pytestmark = pytest.mark.django_db
breaks = Breaks()


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.fixture
def event():
    return EventFactory(places=1, days=30)


def planned(event, instead=None, reason="The trainer is ill."):
    return calling_off.plan(event=event, by=PersonFactory(), reason=reason, instead=instead)


def run_jobs(kind=calling_off.CARRY_OUT):
    due = Job.objects.filter(kind=kind, state="waiting", due_at__lte=timezone.now())
    for job in due:
        jobs.run(job)
    return {job.state for job in Job.objects.filter(kind=kind)}


def facts(event):
    return Event.objects.filter(pk=event.pk).values().get()


def test_when_its_moment_has_come_the_event_is_cancelled_as_if_at_once(event, clock):
    booking, instead = BookingFactory(event=event), EventFactory(course=event.course, days=60)
    by = planned(event, instead).to_cancel_by
    clock.shift(UNDO_FOR - timedelta(seconds=1))
    assert run_jobs() == {"waiting"}
    assert not Message.objects.exists()
    clock.shift(1)
    assert run_jobs() == {"done"}
    event.refresh_from_db()
    booking.refresh_from_db()
    assert (event.state, event.cancelled_by, event.cancelled_reason) == ("cancelled", by, "The trainer is ill.")
    assert event.to_cancel_at is None
    assert (booking.state, booking.outcome) == ("cancelled", "event-cancelled")
    assert Booking.objects.get(event=instead).state == "offered"
    told = Message.objects.count()
    assert tasks.cancel_event(Job(arguments={"event": event.pk}), None) == {"cancelled": False}
    assert Message.objects.count() == told


def test_stopped_everything_is_as_it_was_and_the_job_does_nothing(event, clock):
    booking = BookingFactory(event=event)
    before = facts(event), Booking.objects.values().get()
    planned(event)
    stopped = calling_off.stop(event=event, by=PersonFactory())
    assert calling_off.stop(event=stopped, by=PersonFactory()).to_cancel_at is None
    assert (facts(event), Booking.objects.values().get()) == before
    planned(event)  # anew, with a moment of its own
    calling_off.stop(event=event, by=booking.delegate)
    clock.shift(UNDO_FOR)
    assert run_jobs() == {"done"}
    assert (facts(event), Booking.objects.values().get()) == before
    assert not Message.objects.exists()


def test_one_that_was_said_anew_is_not_carried_out_by_the_job_of_the_first(event, clock):
    planned(event)
    calling_off.stop(event=event, by=PersonFactory())
    clock.shift(60)
    planned(event)
    clock.shift(UNDO_FOR - timedelta(seconds=30))
    run_jobs()
    assert facts(event)["state"] == "published"


def test_who_does_not_want_to_wait_cancels_it_now_and_then_it_cannot_be_stopped(event):
    BookingFactory(event=event)
    planned(event)
    assert len(calling_off.carry_out(event=event).ending.told) == 1
    assert calling_off.carry_out(event=event) is None
    with pytest.raises(AlreadyCancelled):
        calling_off.stop(event=event, by=PersonFactory())


def test_meanwhile_nobody_comes_onto_it_and_no_message_about_places_goes(event):
    booking, waiting = BookingFactory(event=event), BookingFactory(event=event, waiting=True)
    other = BookingFactory(event=EventFactory(course=event.course, days=40))
    planned(event)
    event.refresh_from_db()
    with pytest.raises(NotOpen, match="Try again in ten minutes"):
        places.book(event=event, delegate=PersonFactory(), by=PersonFactory())
    assert event not in moving.other_dates(other, other.delegate)
    assert event not in cancelling.next_dates(other.event)
    assert event not in Event.objects.open_to_all()
    assert not making_up.chances(other, timezone.now()).exists()
    for said, reference in ((notices.confirmed, booking.reference), (notices.waiting, waiting.reference)):
        with pytest.raises(NotYet):
            said(reference)
    places.cancel(booking=booking, by=booking.delegate)
    assert queue.promote(event) == []
    calling_off.stop(event=event, by=PersonFactory())
    waiting.refresh_from_db()
    assert waiting.state == "offered"


def test_what_cannot_be_is_refused_when_it_is_said(event):
    instead = EventFactory(course=event.course, days=60)
    with pytest.raises(ReasonMissing):
        planned(event, reason=" ")
    with pytest.raises(NotAnotherDate):
        planned(event, EventFactory())
    planned(event, instead)
    with pytest.raises(AlreadyCancelled, match="will be cancelled at"):
        planned(event)
    with pytest.raises(NotAnotherDate, match="come here instead"):
        planned(instead)


def test_without_the_other_date_it_is_cancelled_all_the_same_and_what_took_place_is_left(event, clock):
    instead, given = EventFactory(course=event.course, days=60), EventFactory(days=-1)
    planned(event, instead)
    planned(given)
    sql("update training_event set state = 'draft' where id = %s", instead.pk)
    RegisterFactory(session=given.sessions.get(), closed=True)
    clock.shift(UNDO_FOR)
    run_jobs()
    assert facts(event)["state"] == "cancelled"
    assert (facts(given)["state"], facts(given)["to_cancel_at"]) == ("published", None)


def test_whoever_cancels_it_otherwise_ends_the_plan(event):
    planned(event)
    sql("update training_event set state = 'cancelled', cancelled_at = now() where id = %s", event.pk)
    assert facts(event)["to_cancel_reason"] == ""
    assert facts(event)["to_cancel_by_id"] is None
    other = planned(EventFactory())
    check_now()
    take_out("event_that_is_off_is_not_to_be_cancelled")
    with refused_by("event_to_be_cancelled_says_why_and_by_whom"):
        sql("update training_event set state = 'cancelled', cancelled_at = now() where id = %s", other.pk)


@breaks.by("event_to_be_cancelled_says_why_and_by_whom")
def without_a_reason():
    planned(EventFactory())
    sql("update training_event set to_cancel_reason = ''")


@pytest.mark.parametrize("name", breaks.ways)
def test_the_database_refuses(name):
    breaks.is_refused(name)


@pytest.mark.parametrize("name", breaks.ways)
def test_it_is_that_guard_which_refuses(name):
    breaks.passes_without(name)

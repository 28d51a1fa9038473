"""A missed session is made up at another run: a chair there, an attendance here."""

import pytest
from django.utils import timezone

from bookings import cancelling, changes, claims, counts, making_up, places, register
from bookings import refusals as refused
from bookings.models import Booking, Correction, EventChange, MakeUp
from bookings.room import Room
from outbox import templates
from outbox.models import Message
from outbox.templates import NoLongerNeeded
from tests.bookings.factories import HoldFactory
from tests.bookings.made_up import arranged, held, last, mark, missed, run_of
from tests.factories import BookingFactory, EventFactory, MarkFactory, PersonFactory
from tests.guards import Breaks, as_if_committed, passes_without, refused_by, sql, take_out
from training.models import Event, Session

pytestmark = pytest.mark.django_db


def outcome(booking):
    return Booking.objects.values_list("outcome", flat=True).get(pk=booking.pk)


# --- the attendance -------------------------------------------------------------------------------------------------
def test_who_was_there_has_attended_once_that_register_is_closed_and_that_is_a_correction():
    made_up = arranged()
    held(made_up, close=False)
    assert outcome(made_up.booking) == "part-attended"
    register.close(event=made_up.event, by=PersonFactory())
    assert outcome(made_up.booking) == "attended"
    correction = Correction.objects.to_settle().get()
    assert (correction.booking, correction.was, correction.became) == (made_up.booking, "part-attended", "attended")
    assert not made_up.event.bookings.exists()


@pytest.mark.parametrize("there", ["absent", "turned-away"])
def test_who_did_not_come_there_either_has_what_they_had(there):
    made_up = arranged()
    held(made_up, there)
    assert outcome(made_up.booking) == "part-attended"
    assert not Correction.objects.exists()


def test_where_the_first_register_is_still_open_closing_it_counts_what_was_made_up():
    made_up = arranged(missed(closed=False))
    held(made_up)
    assert outcome(made_up.booking) is None
    register.close(event=made_up.booking.event, by=PersonFactory())
    assert outcome(made_up.booking) == "attended"
    assert not Correction.objects.exists()


def test_marked_otherwise_there_afterwards_it_is_taken_back_and_nobody_is_told_of_nothing():
    made_up = arranged()
    held(made_up)
    by = PersonFactory()
    register.reopen(event=made_up.event, by=by, reason="It was somebody else.")
    mark(made_up, "absent")
    register.close(event=made_up.event, by=by)
    assert outcome(made_up.booking) == "part-attended"
    assert not Correction.objects.exists()


def test_the_first_register_opened_and_closed_again_counts_it_still():
    made_up = arranged()
    held(made_up)
    event, by = made_up.booking.event, PersonFactory()
    register.reopen(event=event, by=by, reason="A look.")
    register.close(event=event, by=by)
    assert outcome(made_up.booking) == "attended"
    assert [(one.was, one.became) for one in Correction.objects.all()] == [("part-attended", "attended")]


def test_their_line_on_the_other_register_has_to_be_marked_and_rest_as_present_marks_it():
    made_up = arranged()
    held(made_up, "", close=False)
    with pytest.raises(refused.NotReadyToClose, match=made_up.booking.delegate.name):
        register.close(event=made_up.event, by=PersonFactory())
    session = Session.objects.get(pk=made_up.session_id)
    assert register.mark_remaining_present(session=session, by=PersonFactory()) == 1


# --- the chair ------------------------------------------------------------------------------------------------------
def test_it_takes_a_place_in_every_count_of_the_other_event():
    event = arranged(places=3).event
    HoldFactory(event=event, agency=MakeUp.objects.get().booking.agency, places=2)
    counted = counts.counted(Event.objects.filter(pk=event.pk)).get()
    assert (counted.held, counted.kept, counted.places_left) == (1, 1, 1)
    assert claims.held(event) == claims.count(event, PersonFactory()).held == Room.of(event).held.total() == 1


def test_an_event_filled_by_it_has_no_place_left():
    made_up = arranged(places=1)
    assert not counts.with_places_left(Event.objects.filter(pk=made_up.event.pk)).exists()
    assert places.book(event=made_up.event, delegate=PersonFactory(), by=PersonFactory()).state == "waiting"


def test_where_it_is_full_or_somebody_waits_it_cannot_be_arranged():
    booking = missed()
    full = run_of(booking.event.course, days=30, places=1)
    BookingFactory(event=full)
    with pytest.raises(refused.NoPlacesLeft):
        arranged(booking, to=full)


def test_two_sessions_made_up_there_take_one_chair():
    booking = missed(second="absent")
    register.reopen(event=booking.event, by=PersonFactory(), reason="Neither.")
    first = booking.event.sessions.order_by("starts_at").first()
    register.mark(session=first, booking=booking, attendance="absent", by=PersonFactory())
    to = run_of(booking.event.course, days=30, places=1)
    arranged(booking, to=to)
    at = to.sessions.order_by("starts_at").first()
    making_up.arrange(booking=booking, missed=first, at=at, by=PersonFactory())
    assert claims.held(to) == 1


# --- arranging ------------------------------------------------------------------------------------------------------
def test_the_delegate_is_told_when_and_where_and_told_again_when_that_changes():
    made_up = arranged(online_link="https://meet.example.org/there")
    reference = f"{made_up.pk}:{made_up.booking.reference}"
    assert Message.objects.get(template=making_up.MADE_UP).reference == reference
    text = templates.make(making_up.MADE_UP, reference).body
    assert "https://meet.example.org/there" in text
    Event.objects.filter(pk=made_up.event.pk).update(online_link="https://meet.example.org/elsewhere")
    EventChange.objects.update(changed_at=timezone.now() - changes.SETTLED_AFTER)
    MakeUp.objects.update(arranged_at=timezone.now() - 2 * changes.SETTLED_AFTER)
    assert changes.tell()["told"] == 1
    assert "elsewhere" in templates.make(making_up.MADE_UP, reference).body


def test_what_was_not_missed_and_what_is_made_up_already_cannot_be():
    booking = missed()
    first, to = booking.event.sessions.order_by("starts_at").first(), run_of(booking.event.course, days=30)
    with pytest.raises(refused.NotOnTheRegister):
        making_up.arrange(booking=booking, missed=first, at=last(to), by=PersonFactory())
    arranged(booking, to=to)
    with pytest.raises(refused.AlreadyBooked):
        arranged(booking)


def test_only_at_a_session_to_come_of_another_run_where_they_are_no_delegate():
    booking = missed()
    theirs = run_of(booking.event.course, days=30)
    BookingFactory(event=theirs, delegate=booking.delegate)
    for to in (theirs, run_of(days=30), run_of(booking.event.course, days=-20), booking.event):
        with pytest.raises(refused.NotAnotherDate):
            arranged(booking, to=to)


# --- the end --------------------------------------------------------------------------------------------------------
def test_taken_back_before_the_day_the_next_is_offered_the_chair_and_the_delegate_is_told():
    made_up, by = arranged(places=1), PersonFactory()
    waiting = BookingFactory(event=made_up.event, waiting=True)
    making_up.take_back(made_up=made_up, by=by)
    making_up.take_back(made_up=made_up, by=by)
    waiting.refresh_from_db()
    assert waiting.state == "offered"
    told = Message.objects.get(template=making_up.NOT_MADE_UP)
    assert made_up.booking.delegate.name in templates.make(told.template, told.reference).body
    assert making_up.tend() == 0
    arranged(made_up.booking)
    with pytest.raises(NoLongerNeeded):
        templates.make(told.template, told.reference)


def test_once_it_has_begun_it_is_marked_and_not_taken_back():
    made_up = arranged()
    held(made_up, "", close=False)
    with pytest.raises(refused.HasBegun):
        making_up.take_back(made_up=made_up, by=PersonFactory())


def cancelled(made_up):
    cancelling.cancel_event(event=made_up.event, by=PersonFactory(), reason="Snow")


def session_taken_out(made_up):
    made_up.session.delete()


@pytest.mark.parametrize("ends", [cancelled, session_taken_out])
def test_when_that_event_is_off_or_has_the_session_no_more_the_delegate_is_told_once(ends):
    made_up = arranged()
    ends(made_up)
    assert (making_up.tend(), making_up.tend()) == (1, 0)
    told = Message.objects.get(template=making_up.NOT_MADE_UP)
    assert templates.make(told.template, told.reference).body
    assert not MakeUp.objects.live().exists()


def test_it_ends_with_its_booking_of_which_they_are_told_elsewhere():
    made_up = arranged()
    register.reopen(event=made_up.booking.event, by=PersonFactory(), reason="It counts for nothing.")
    cancelled(MakeUp(event=made_up.booking.event))
    assert not MakeUp.objects.live().exists()
    assert making_up.tend() == 0
    assert not Message.objects.filter(template=making_up.NOT_MADE_UP).exists()


def test_it_is_this_trigger_that_ends_it_with_its_booking():
    made_up = arranged()
    as_if_committed()
    take_out("make_up_ends_with_its_booking")
    register.reopen(event=made_up.booking.event, by=PersonFactory(), reason="It counts for nothing.")
    cancelled(MakeUp(event=made_up.booking.event))
    assert MakeUp.objects.live().exists()


# --- what the database refuses --------------------------------------------------------------------------------------
breaks = Breaks()


@breaks.by("session_is_made_up_once")
def the_same_session_twice():
    again_elsewhere(arranged())


@breaks.by("session_makes_up_for_one")
def two_sessions_at_one():
    made_up = arranged()
    first = made_up.booking.event.sessions.order_by("starts_at").first()
    MakeUp.objects.create(
        booking=made_up.booking, missed=first, event=made_up.event, session=made_up.session, arranged_by=PersonFactory()
    )


@breaks.by("make_up_ended_says_when")
def an_end_that_says_not_when():
    sql("update bookings_makeup set end_is_told = true where id = %s", arranged().pk)


@breaks.by("make_up_is_at_another_event_of_the_course")
def at_another_course():
    booking, to = missed(), EventFactory()
    MakeUp.objects.create(
        booking=booking, missed=last(booking.event), event=to, session=last(to), arranged_by=PersonFactory()
    )


@breaks.by("make_up_stays_as_it_is")
def an_end_taken_back():
    made_up = arranged()
    making_up.take_back(made_up=made_up, by=PersonFactory())
    sql("update bookings_makeup set ended_at = null, ended_by_id = null, end_is_told = false where id = %s", made_up.pk)


def again_elsewhere(made_up):
    """The same at the first session of that run."""
    MakeUp.objects.create(
        booking=made_up.booking,
        missed=made_up.missed,
        event=made_up.event,
        session=made_up.event.sessions.order_by("starts_at").first(),
        arranged_by=PersonFactory(),
    )


@pytest.mark.parametrize("name", breaks.ways)
def test_the_database_refuses(name):
    breaks.is_refused(name)


@pytest.mark.parametrize("name", breaks.ways)
def test_without_the_guard_it_passes(name):
    breaks.passes_without(name)


def one_chair_too_many():
    booking = missed()
    to = run_of(booking.event.course, days=30, places=1)
    BookingFactory(event=to)
    MakeUp.objects.create(
        booking=booking, missed=last(booking.event), event=to, session=last(to), arranged_by=PersonFactory()
    )


def test_it_never_takes_a_chair_too_many():
    with refused_by("event_holds_no_more_than_its_places"):
        one_chair_too_many()


def test_it_is_this_trigger_that_refuses_the_chair():
    passes_without("event_holds_no_more_than_its_places_made_up", one_chair_too_many)


def test_who_makes_nothing_up_there_is_not_marked_there():
    booking = missed()
    with refused_by("mark_belongs_to_a_session_of_the_event_booked"):
        MarkFactory(booking=booking, session=last(run_of(booking.event.course, days=-3)))

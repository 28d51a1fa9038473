"""Cancelling an event ends its live bookings and tells who was on it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings import cancelling, notices, places, refusals
from bookings.models import Need
from outbox.models import Message
from tests.bookings.factories import NeedFactory, OfferFactory, ReservationFactory
from tests.factories import BookingFactory, EventFactory, PersonFactory, RegisterFactory
from training.moments import full_moment

pytestmark = pytest.mark.django_db


def test_a_cancelled_event_cancels_every_live_booking():
    event, coordinator = EventFactory(), PersonFactory()
    confirmed, waiting = BookingFactory(event=event), BookingFactory(event=event, waiting=True)
    gone = BookingFactory(event=event, cancelled=True, outcome="cancelled-late")
    elsewhere = BookingFactory()
    cancelled = cancelling.cancel_event(event=event, by=coordinator, reason="The trainer is ill").event
    assert (cancelled.state, cancelled.cancelled_by, cancelled.cancelled_reason) == (
        "cancelled",
        coordinator,
        "The trainer is ill",
    )
    for booking in [confirmed, waiting, gone, elsewhere]:
        booking.refresh_from_db()
    assert (confirmed.state, confirmed.outcome, confirmed.cancelled_by) == ("cancelled", "event-cancelled", coordinator)
    assert (waiting.state, waiting.outcome) == ("cancelled", None)
    assert gone.outcome == "cancelled-late"
    assert elsewhere.state == "confirmed"
    assert set(Message.objects.values_list("template", "to", "reference")) == {
        ("event_cancelled", confirmed.delegate.email, confirmed.reference),
        ("event_cancelled", waiting.delegate.email, waiting.reference),
    }


def test_its_sessions_leave_their_rooms_free():
    event = EventFactory()
    cancelling.cancel_event(event=event, by=PersonFactory(), reason="Too few bookings")
    assert event.sessions.get().is_cancelled


def test_an_event_is_cancelled_once_and_with_a_reason():
    event = EventFactory()
    with pytest.raises(refusals.ReasonMissing):
        cancelling.cancel_event(event=event, by=PersonFactory(), reason=" ")
    cancelling.cancel_event(event=event, by=PersonFactory(), reason="Too few bookings")
    with pytest.raises(refusals.AlreadyCancelled):
        cancelling.cancel_event(event=event, by=PersonFactory(), reason="Again")
    event.refresh_from_db()
    assert event.cancelled_reason == "Too few bookings"


def test_an_event_with_a_closed_register_took_place():
    event = EventFactory(days=-2)
    RegisterFactory(session=event.sessions.get(), closed=True)
    with pytest.raises(refusals.RegisterClosed):
        cancelling.cancel_event(event=event, by=PersonFactory(), reason="Nobody came")


def test_nobody_is_told_of_what_is_over_or_was_never_public():
    over = EventFactory(days=-2)
    BookingFactory(event=over, booked_at=timezone.now() - timedelta(days=20))
    draft = EventFactory(state="draft")
    BookingFactory(event=draft)
    for event in [over, draft]:
        cancelling.cancel_event(event=event, by=PersonFactory(), reason="The trainer was ill")
    assert not Message.objects.exists()


# --- and then -------------------------------------------------------------------------------------------------------
def carry(event, instead):
    return cancelling.cancel_event(event=event, by=PersonFactory(), reason="The trainer is ill", instead=instead)


def on(event):
    """Who is on an event, in the order of its list, with where they stand."""
    rows = event.bookings.live().order_by("booked_at", "id")
    return [(booking.delegate, booking.state) for booking in rows]


def test_everyone_has_first_refusal_on_the_next_date_as_they_stood():
    event = EventFactory(days=20)
    ago = timezone.now() - timedelta(days=10)
    early = BookingFactory(event=event, waiting=True, booked_at=ago)
    one, other = [BookingFactory(event=event, booked_at=ago + timedelta(days=day)) for day in (1, 2)]
    instead = EventFactory(course=event.course, days=60, places=2)
    carry(event, cancelling.next_dates(event).first())
    assert on(instead) == [(early.delegate, "waiting"), (one.delegate, "offered"), (other.delegate, "offered")]
    assert instead.bookings.get(delegate=early.delegate).booked_at == early.booked_at
    one.refresh_from_db()
    assert one.outcome == "event-cancelled"
    stranger = PersonFactory()
    assert places.book(event=instead, delegate=stranger, by=stranger).state == "waiting"
    assert set(Message.objects.values_list("template", flat=True)) == {
        "event_cancelled", "booking_offered", "booking_waiting",
    }  # fmt: skip


def test_who_does_not_want_the_next_date_owes_nothing():
    booking = BookingFactory()
    instead = EventFactory(course=booking.event.course, days=60)
    carry(booking.event, instead)
    offered = instead.bookings.get()
    assert places.cancel(booking=offered, by=offered.delegate).outcome is None


def test_who_is_on_the_next_date_already_stays_as_they_are():
    booking = BookingFactory()
    there = BookingFactory(event=EventFactory(course=booking.event.course, days=60), delegate=booking.delegate)
    carry(booking.event, there.event)
    assert there.event.bookings.get() == there
    assert notices.event_cancelled(booking.reference)["instead"] == ""


def test_who_waits_on_the_next_date_already_is_offered_it_in_the_order_of_the_first():
    event, ago = EventFactory(days=20), timezone.now() - timedelta(days=10)
    instead = EventFactory(course=event.course, days=60, places=1)
    held = BookingFactory(event=event, booked_at=ago)
    other = BookingFactory(event=event, booked_at=ago + timedelta(days=1))
    waits = BookingFactory(event=instead, delegate=held.delegate, waiting=True, booked_at=ago + timedelta(days=2))
    carried = carry(event, instead).carried
    assert on(instead) == [(held.delegate, "offered"), (other.delegate, "waiting")]
    waits.refresh_from_db()
    assert (waits.state, waits.booked_at) == ("offered", held.booked_at)
    assert [booking.delegate for booking in carried] == [other.delegate]


def test_who_waited_there_for_longer_keeps_that_day():
    event, ago = EventFactory(days=20), timezone.now() - timedelta(days=10)
    instead = EventFactory(course=event.course, days=60, places=1)
    held = BookingFactory(event=event, booked_at=ago)
    waits = BookingFactory(event=instead, delegate=held.delegate, waiting=True, booked_at=ago - timedelta(days=2))
    carry(event, instead)
    before = waits.booked_at
    waits.refresh_from_db()
    assert (waits.state, waits.booked_at) == ("offered", before)
    message = notices.event_cancelled(held.reference)["instead"]
    assert full_moment(instead.starts_at) in message


def test_who_waits_there_already_is_told_once_where_they_stand_now():
    event, ago = EventFactory(days=20), timezone.now() - timedelta(days=10)
    instead = EventFactory(course=event.course, days=60, places=1)
    there = BookingFactory(event=instead)
    before = BookingFactory(event=instead, waiting=True, booked_at=ago + timedelta(days=1))
    held = BookingFactory(event=event, booked_at=ago)
    waits = places.book(event=instead, delegate=held.delegate, by=held.delegate)
    carry(event, instead)
    told = Message.objects.filter(template="booking_waiting", reference=waits.reference)
    assert told.count() == 2, "when they joined the list, and now"
    assert "You are number 1 of 2" in notices.waiting(waits.reference)["standing"]
    assert full_moment(instead.starts_at) in notices.event_cancelled(held.reference)["instead"]
    assert not Message.objects.filter(reference__in=[there.reference, before.reference]).exists()


def test_what_they_need_goes_along_unless_they_said_something_there():
    event = EventFactory(days=20)
    instead = EventFactory(course=event.course, days=60, places=3)
    new, waits, says, comes = [NeedFactory(booking__event=event).booking for _ in range(4)]
    BookingFactory(event=instead, delegate=waits.delegate, waiting=True)
    NeedFactory(booking__event=instead, booking__delegate=says.delegate, access="A loop")
    BookingFactory(event=instead, delegate=comes.delegate)
    carry(event, instead)
    said = dict(Need.objects.filter(booking__event=instead).values_list("booking__delegate", "access"))
    assert said == {
        new.delegate_id: "A ramp", waits.delegate_id: "A ramp", says.delegate_id: "A loop", comes.delegate_id: "A ramp",
    }  # fmt: skip


def test_with_no_time_left_for_offers_all_wait_and_a_coordinator_chooses():
    booking = BookingFactory()
    instead = EventFactory(course=booking.event.course, begins=timezone.now() + timedelta(hours=5))
    carry(booking.event, instead)
    assert on(instead) == [(booking.delegate, "waiting")]


def test_what_comes_instead_is_another_date_of_the_course_that_can_be_booked():
    event = EventFactory()
    with pytest.raises(refusals.NotAnotherDate):
        carry(event, EventFactory())
    with pytest.raises(refusals.NotAnotherDate):
        carry(event, event)
    with pytest.raises(refusals.NotOpen):
        carry(event, EventFactory(course=event.course, state="draft"))
    assert not cancelling.next_dates(event).exists()


def test_offers_and_reservations_end_with_the_event():
    offer, reservation = OfferFactory(), ReservationFactory()
    for event in (offer.booking.event, reservation.event):
        cancelling.cancel_event(event=event, by=PersonFactory(), reason="The trainer is ill")
    offer.refresh_from_db()
    reservation.refresh_from_db()
    assert (offer.how, offer.booking.event.bookings.get().outcome) == ("withdrawn", None)
    assert reservation.released_at is not None

"""Cancelling an event ends its live bookings and tells who was on it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings import cancelling, refusals
from outbox.models import Message
from tests.factories import BookingFactory, EventFactory, PersonFactory, RegisterFactory

pytestmark = pytest.mark.django_db


def test_a_cancelled_event_cancels_every_live_booking():
    event, coordinator = EventFactory(), PersonFactory()
    confirmed, waiting = BookingFactory(event=event), BookingFactory(event=event, waiting=True)
    gone = BookingFactory(event=event, cancelled=True, outcome="cancelled-late")
    elsewhere = BookingFactory()
    cancelled = cancelling.cancel_event(event=event, by=coordinator, reason="The trainer is ill")
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

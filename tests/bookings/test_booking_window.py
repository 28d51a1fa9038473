"""Booking opens and closes: who may book outside of it, and what the others are told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings import moving, places, refusals, reservations
from tests.factories import BookingFactory, EventFactory, PersonFactory, at_half_past_nine
from training import booking_window
from training.moments import full_date, until

pytestmark = pytest.mark.django_db
MIDNIGHT = {"hour": 0, "minute": 0}


def later(**facts):
    return EventFactory(booking_opens_at=at_half_past_nine(5).replace(**MIDNIGHT), **facts)


def over(**facts):
    return EventFactory(booking_closes_at=at_half_past_nine(0).replace(**MIDNIGHT), **facts)


def book(event, by=None):
    by = by or PersonFactory()
    return places.book(event=event, delegate=by, by=by)


def test_before_it_opens_one_is_told_when_it_does():
    event = later()
    with pytest.raises(refusals.NotOpen, match=f"Booking opens on {full_date(event.booking_opens_at)}"):
        book(event)
    assert not event.bookings.exists()


def test_after_it_has_closed_one_is_told_so():
    event = over()
    with pytest.raises(refusals.NotOpen, match=f"Booking closed at {until(event.booking_closes_at)}"):
        book(event)


def test_between_the_two_it_is_booked():
    assert book(EventFactory(booking_opens_at=timezone.now(), booking_closes_days=3)).state == "confirmed"


@pytest.mark.parametrize("outside", [later, over])
def test_a_coordinator_books_outside_of_it_and_a_lead_reserves_nothing(outside):
    event, lead = outside(), PersonFactory(roles=["agency-lead"])
    assert book(event, PersonFactory(roles=["coordinator"])).state == "confirmed"
    with pytest.raises(refusals.NotOpen):
        reservations.reserve(event=event, agency=lead.agency, places=1, named_until=event.starts_at, by=lead)


def test_nobody_moves_to_a_date_that_is_not_open_yet():
    old = BookingFactory()
    with pytest.raises(refusals.NotOpen):
        moving.move(booking=old, to=later(course=old.event.course, days=60), by=old.delegate)
    old.refresh_from_db()
    assert old.state == "confirmed"


def test_who_waits_goes_on_waiting_when_it_has_closed():
    event = over(places=1)
    BookingFactory(event=event)
    waiting = BookingFactory(event=event, waiting=True)
    event.bookings.filter(state="confirmed").delete()
    assert places.confirm_waiting(event=event, by=PersonFactory(), booking=waiting).state == "confirmed"


def test_its_words_name_the_day_at_midnight_and_else_the_time():
    event = EventFactory(booking_opens_at=at_half_past_nine(5), booking_closes_at=at_half_past_nine(9))
    assert booking_window.words(event) == f"Booking opens on {full_date(event.booking_opens_at)}, 9:30am"
    assert booking_window.words(event, event.booking_opens_at) == ""
    assert booking_window.words(event, event.booking_closes_at + timedelta(1)).startswith("Booking closed at 9:30am on")
    assert booking_window.plan(event).startswith("from ")
    assert booking_window.plan(EventFactory()) == ""

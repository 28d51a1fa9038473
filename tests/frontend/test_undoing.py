"""What was pressed by mistake is undone from the page that comes after it: a cancelled booking, an event's end."""

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from bookings import calling_off, links, places
from bookings.steps import UNDO_FOR
from frontend.formats import clock
from outbox.models import Message
from people.models import Role, RoleGrant
from tests.bookings.factories import OfferFactory
from tests.factories import BookingFactory, EventFactory, PersonFactory
from tests.frontend.joining import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking():
    return BookingFactory(event=EventFactory(days=30))


def address(view, about):
    return reverse(view, args=[about.reference])


def cancelled(client, booking):
    """By a press of the button; what the page after it says."""
    return text_of(client.post(address("bookings:cancel", booking), follow=True))


def brought_back(client, booking):
    return text_of(client.post(address("bookings:bring_back", booking), follow=True))


def state(row):
    row.refresh_from_db()
    return row.state


def test_a_practitioner_brings_the_own_booking_back_from_the_page_after_cancelling(client, sign_in, booking):
    person = sign_in()
    booking = BookingFactory(delegate=person, event=booking.event)
    said = cancelled(client, booking)
    assert "Was that a mistake? Until" in said
    assert "you can have it back as it was" in said
    assert "Your booking on" in (said := brought_back(client, booking))
    assert "is back as it was" in said
    assert "Was that a mistake" not in said
    assert state(booking) == "confirmed"


def test_a_coordinator_brings_it_back_from_the_events_page_for_ten_minutes(client, sign_in, booking):
    sign_in("coordinator")
    places.cancel(booking=booking, by=booking.delegate)
    page = client.get(address("events:event", booking.event)).content.decode()
    assert '<details class="govuk-details" open>' in page
    assert f'Bring back<span class="govuk-visually-hidden"> {booking.delegate.name}’s booking</span>' in page
    with time_machine.travel(timezone.now() + UNDO_FOR):
        page = client.get(address("events:event", booking.event)).content.decode()
        assert '<details class="govuk-details">' in page
        assert "Bring back" not in page
        assert "cancelled too long ago" in brought_back(client, booking)
    assert f"{booking.delegate.name}’s booking on {booking.event} is back" in brought_back(client, booking)
    assert state(booking) == "confirmed"


def test_who_cancelled_for_somebody_brings_it_back_and_nobody_else_does(client, sign_in, booking):
    lead = sign_in()
    RoleGrant.objects.create(person=lead, role=Role.AGENCY_LEAD, agency=booking.agency)
    cancelled(client, booking)
    assert "it can be brought back" in text_of(client.get(address("bookings:booking", booking)))
    assert "is back as it was" in brought_back(client, booking)
    places.cancel(booking=booking, by=booking.delegate)
    assert "Was that a mistake" not in text_of(client.get(address("bookings:booking", booking)))
    assert client.post(address("bookings:bring_back", booking)).status_code == 403


def test_who_declined_by_the_link_from_a_message_has_the_offer_back(client):
    booking = OfferFactory(booking__event=EventFactory(days=30, places=1)).booking
    page = links.path(booking.reference)
    assert "it can be undone" in text_of(client.post(page, {"answer": "leave"}, follow=True))
    assert "You are back where you were." in text_of(client.post(page, {"answer": "back"}, follow=True))
    assert state(booking) == "offered"
    places.cancel(booking=booking, by=PersonFactory())
    assert "it can be undone" not in text_of(client.get(page))
    client.post(page, {"answer": "back"})
    assert state(booking) == "cancelled"


def test_an_event_that_is_about_to_be_cancelled_says_so_to_who_may_stop_it_and_takes_no_bookings(
    client, sign_in, booking
):
    coordinator = sign_in("coordinator")
    event = calling_off.plan(event=booking.event, by=coordinator, reason="The trainer is ill.")
    page = text_of(client.get(address("events:event", event)))
    assert "This event will be cancelled at" in page
    assert "The reason: The trainer is ill." in page
    assert "Cancel this event" not in page
    assert "Book a delegate" not in page
    for view in ("", "month", "board"):
        month = f"{event.starts_at:%Y-%m}"
        listed = text_of(client.get(reverse("programme:list"), {"view": view, "year": "all", "month": month}))
        assert f"ancelled at {clock(event.to_cancel_at)}" in listed
    sign_in()
    page = text_of(client.get(address("events:event", event)))
    assert "Try again in ten minutes" in page
    assert "cancelled" not in page
    assert "Nobody can be booked on it at this moment" in text_of(client.get(address("events:book", event)))
    assert not Message.objects.exists()


def test_it_is_stopped_or_done_at_once_and_a_second_press_says_so(client, sign_in, booking):
    coordinator, event = sign_in("coordinator"), booking.event

    def pressed(view):
        return text_of(client.post(address(view, event), follow=True))

    calling_off.plan(event=event, by=coordinator, reason="Snow")
    assert "Nobody was told that it would be." in pressed("events:do_not_cancel")
    assert "Nothing was changed" in pressed("events:cancel_now")
    calling_off.plan(event=event, by=coordinator, reason="Snow")
    assert "1 person is told by email." in pressed("events:cancel_now")
    assert state(event) == "cancelled"
    assert "Nothing was changed" in pressed("events:cancel_now")
    assert "is cancelled already, and its people are told" in pressed("events:do_not_cancel")

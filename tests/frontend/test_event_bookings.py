"""The bookings of an event on its page: everything about each on one line, and its history on opening."""

import re

import pytest
from django.urls import reverse

from tests.bookings.factories import ApprovalFactory, CapFactory, NeedFactory, OfferFactory
from tests.factories import (
    BookingFactory,
    EventFactory,
    MarkFactory,
    PersonFactory,
    WorkshopChoiceFactory,
    WorkshopFactory,
)
from training.models import Event
from training.moments import until

pytestmark = pytest.mark.django_db


def page_of(client, event):
    return client.get(reverse("events:event", args=[event.reference])).content.decode()


def row_of(page, booking):
    """The row of the booking."""
    return next(row for row in re.findall(r"<tr>.*?</tr>", page, re.S) if booking.reference in row)


def test_a_row_says_all_that_a_coordinator_has_to_know_of_a_booking(client, sign_in):
    sign_in("coordinator")
    event = EventFactory(course__needs_approval=True)
    walked_in = BookingFactory(event=event, source="walk-in", delegate__email="")
    needs = NeedFactory(booking__event=event).booking
    arranged = NeedFactory(booking__event=event, is_arranged=True).booking
    asked = ApprovalFactory(asked=PersonFactory(name="Helen Okafor"), booking__event=event)
    offer = OfferFactory(booking__event=event)
    page = page_of(client, event)
    assert "Walk-in" in row_of(page, walked_in)
    assert "No email address" in row_of(page, walked_in)
    assert f'href="{reverse("events:needs", args=[event.reference])}">Needs to arrange<' in row_of(page, needs)
    assert "Needs arranged" in row_of(page, arranged)
    assert f"By Helen Okafor, until {until(asked.ends_at)}" in row_of(page, asked.booking)
    assert f"Until {until(offer.ends_at)}" in row_of(page, offer.booking)
    assert f'Write<span class="govuk-visually-hidden"> to {needs.delegate.name}' in row_of(page, needs)


def test_who_waits_has_the_reason_beside_them(client, sign_in):
    sign_in("coordinator")
    event = EventFactory(places=3)
    CapFactory(event=event, places=1)
    first = BookingFactory(event=event, waiting=True)
    colleague = BookingFactory(event=event, waiting=True, delegate__agency=first.agency)
    workshop = WorkshopFactory(event=event, places=1)
    WorkshopChoiceFactory(workshop=workshop, booking=BookingFactory(event=event))
    late = WorkshopChoiceFactory(workshop=workshop, booking=BookingFactory(event=event, waiting=True)).booking
    page = page_of(client, event)
    assert "A place is free for them" in row_of(page, first)
    assert "Their agency has its most here: 1" in row_of(page, colleague)
    assert "a workshop of theirs is full" in row_of(page, late)
    Event.objects.filter(pk=event.pk).update(places=1)
    assert "No place is free" in row_of(page_of(client, event), first)


def test_a_bookings_history_is_fetched_when_it_is_opened(client, sign_in, django_assert_num_queries):
    sign_in("coordinator")
    booking = BookingFactory(event=EventFactory(days=-3, sessions=2), booked_by=PersonFactory(name="Helen Okafor"))
    MarkFactory(booking=booking, session=booking.event.sessions.first())
    page = row_of(page_of(client, booking.event), booking)
    address = reverse("bookings:history", args=[booking.reference])
    assert f'data-from="{address}"' in page
    assert reverse("bookings:booking", args=[booking.reference]) in page
    with django_assert_num_queries(5):
        history = client.get(address).content.decode()
    assert "<html" not in history
    assert history.index("Session 1: present") < history.index("Session 2:") < history.index("Booked by Helen Okafor")
    assert f"?q={booking.reference}" in history
    coming = BookingFactory()
    assert "begins" not in client.get(reverse("bookings:history", args=[coming.reference])).content.decode()

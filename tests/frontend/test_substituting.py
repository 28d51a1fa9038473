"""A colleague who waits takes over a place: said before, said after, and told in the booking's story."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import BookingFactory

pytestmark = pytest.mark.django_db


def address(view, booking):
    return reverse(f"bookings:{view}", args=[booking.reference])


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_of_a_substitute_who_waits_it_is_said_before_and_stands_in_their_story(client, sign_in):
    jade = sign_in()
    booking = BookingFactory(delegate=jade, booked_at=timezone.now() - timedelta(days=9))
    waits = BookingFactory(
        event=booking.event, delegate__name="Sean Foster", delegate__agency=jade.agency, waiting=True,
        booked_at=timezone.now() - timedelta(days=2),
    )  # fmt: skip
    person = {"person": waits.delegate.reference}
    check = words(client.get(address("substitute", booking), person))
    assert f"Sean Foster is on this event’s waiting list: the entry, {waits.reference}, becomes this place." in check
    assert "and waits no more" in words(client.post(address("substitute", booking), person, follow=True))
    sign_in("coordinator")
    story = words(client.get(address("booking", waits)))
    assert "On the waiting list" in story
    assert f"Took over the place of {jade} On the waiting list no more. Entered by {jade}" in story


def test_colleagues_who_wait_are_named_to_coordinators_before_anybody_searches(client, sign_in):
    sign_in("coordinator")
    booking = BookingFactory(booked_at=timezone.now() - timedelta(days=9))
    waits = BookingFactory(event=booking.event, delegate__agency=booking.agency, waiting=True)
    other = BookingFactory(event=booking.event, waiting=True)
    page = client.get(address("substitute", booking)).content.decode()
    assert f"?person={waits.delegate.reference}" in page
    assert other.delegate.name not in page
    sign_in(person=booking.delegate)
    assert "who wait for" not in words(client.get(address("substitute", booking)))

"""What somebody is told before and after they book: only what can still come."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.bookings.factories import HoldFactory
from tests.factories import BookingFactory, EventFactory

pytestmark = pytest.mark.django_db
OFFERED, STOPPED = "When a place is free you are offered it by email", "no more places are offered"


@pytest.fixture
def jade(sign_in):
    return sign_in()


def words(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(("hours", "is_offered"), [(1, False), (24 * 30, True)])
def test_who_waits_is_promised_an_offer_only_while_offers_are_made(client, jade, hours, is_offered):
    event = EventFactory(places=1, begins=timezone.now() + timedelta(hours=hours))
    BookingFactory(event=event)
    book = reverse("events:book", args=[event.reference])
    check = words(client.get(book))
    assert "goes on the waiting list" in check
    assert ((OFFERED in check), (STOPPED in check)) == (is_offered, not is_offered)
    after = words(client.post(book, follow=True))
    assert "You are number 1 of 1" in after
    assert (OFFERED in after) == is_offered


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (30, ["Five days before", "We remind you two weeks and two days before"]),
        (10, ["Five days before", "We remind you two days before"]),
        (4, ["We remind you two days before"]),
        (1, []),
    ],
)
def test_only_what_is_still_to_come_is_promised(client, jade, days, said):
    booking = BookingFactory(delegate=jade, event=EventFactory(begins=timezone.now() + timedelta(days=days, hours=1)))
    page = words(client.get(reverse("bookings:booked", args=[booking.reference])))
    assert "You have a place" in page
    assert ("Five days before" in page) == ("Five days before" in said)
    assert ("We remind you" in page) == any(one.startswith("We remind you") for one in said)
    for one in said:
        assert one in page


@pytest.mark.parametrize(("places", "waits"), [(2, False), (1, True)])
def test_whom_places_are_kept_for_is_told_that_they_wait_only_where_none_is_free(client, jade, places, waits):
    event = EventFactory(places=places)
    HoldFactory(event=event, agency=jade.agency)
    BookingFactory(event=event)
    BookingFactory(event=event, waiting=True)
    book = reverse("events:book", args=[event.reference])
    page = words(client.get(book))
    assert ("Some places are kept for particular agencies" in page) == (not waits)
    assert ("Join the waiting list" in page) == waits
    assert ("You are on the waiting list" in words(client.post(book, follow=True))) == waits

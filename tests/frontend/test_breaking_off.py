"""Recording by page that an event was broken off."""

import pytest
from django.urls import reverse
from django.utils import timezone

from outbox.models import Message
from tests.factories import BookingFactory, EventFactory
from training.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    found = EventFactory(days=-1)
    BookingFactory(event=found, delegate__name="Jade Lewis")
    BookingFactory(event=found, delegate__name="Nia Nomail", delegate__email="")
    return found


def address(event):
    return reverse("events:break_off", args=[event.reference])


def answers(event, **changed):
    day = timezone.localdate(event.starts_at)
    on = {"on-day": day.day, "on-month": day.month, "on-year": day.year}
    return on | {"at": "11:05", "reason": "A <b>fire</b> alarm.", "counts": "part"} | changed


def test_nothing_is_done_before_the_page_that_says_what_follows(client, sign_in, event):
    sign_in("coordinator")
    assert "It was broken off" in client.get(reverse("events:event", args=[event.reference])).content.decode()
    assert "What does it count as" in client.get(address(event)).content.decode()
    page = client.post(address(event), answers(event)).content.decode()
    for words in ("A &lt;b&gt;fire&lt;/b&gt; alarm.", "Cut short", "Nia Nomail", "1 person"):
        assert words in page
    assert not Message.objects.exists()
    shown = client.post(address(event), answers(event, confirm="1"), follow=True).content.decode()
    assert "1 person is told by email" in shown
    assert "No email goes to Nia Nomail" in shown
    assert "This event was broken off at" in shown
    event.refresh_from_db()
    assert event.broken_off_counts == "part"


def test_what_counts_as_nothing_offers_the_other_date(client, sign_in, event):
    there = EventFactory(course=event.course)
    sign_in("coordinator")
    asked = answers(event, counts="nothing", instead=there.reference)
    assert "All bookings end." in client.post(address(event), asked).content.decode()
    shown = client.post(address(event), asked | {"confirm": "1"}, follow=True).content.decode()
    assert "It does not count, and nobody is charged." in shown
    event.refresh_from_db()
    assert (event.state, there.bookings.count()) == (Event.State.ABANDONED, 2)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"reason": ""}, "Enter why it was broken off"),
        ({"at": ""}, "Enter the time at which it was broken off"),
        ({"at": "noonish"}, "The time must be written like"),
        ({"at": "9:30"}, "after it had begun"),
        ({"at": "23:00"}, "before it would have ended"),
        ({"counts": ""}, "Select what it counts as"),
    ],
)
def test_what_cannot_be_is_said_on_the_form(client, sign_in, event, changed, says):
    sign_in("coordinator")
    assert says in client.post(address(event), answers(event, confirm="1", **changed)).content.decode()
    event.refresh_from_db()
    assert event.broken_off_at is None


def test_an_event_to_come_is_not_broken_off(client, sign_in):
    event = EventFactory()
    sign_in("coordinator")
    assert "Cancel it instead" in client.get(address(event), follow=True).content.decode()
    assert "It was broken off" not in client.get(reverse("events:event", args=[event.reference])).content.decode()

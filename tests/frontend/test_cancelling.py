"""Cancelling a booking: the look at the cost, for whom, received when."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    BookingFactory,
)

pytestmark = pytest.mark.django_db


def address(view, booking):
    return reverse(f"bookings:{view}", args=[booking.reference])


def test_a_delegate_cancels_after_a_look_at_the_cost(client, sign_in, policy):
    jade = sign_in()
    booking = BookingFactory(delegate=jade, policy=policy, event__days=30)
    check = client.get(address("cancel", booking)).content.decode()
    assert "Cancelling now is free" in check
    assert "Cancel your place" in check
    booking.refresh_from_db()
    assert booking.state == "confirmed", "looking cancels nothing"
    answer = client.post(address("cancel", booking), follow=True).content.decode()
    assert f"is cancelled. Its reference is {booking.reference}" in answer
    booking.refresh_from_db()
    assert (booking.state, booking.outcome) == ("cancelled", "cancelled-in-time")


def test_what_cancelling_late_costs_is_said_before_with_a_way_out(client, sign_in, policy):
    jade = sign_in()
    booked = timezone.now() - timedelta(days=20)
    booking = BookingFactory(delegate=jade, policy=policy, event__days=2, booked_at=booked)
    check = client.get(address("cancel", booking)).content.decode()
    assert "Cancelling is no longer free" in check
    assert "£75" in check
    assert address("substitute", booking) in check
    client.post(address("cancel", booking))
    booking.refresh_from_db()
    assert booking.outcome == "cancelled-late"


def test_a_second_click_is_told_in_words_and_changes_nothing(client, sign_in):
    jade = sign_in()
    booking = BookingFactory(delegate=jade)
    client.post(address("cancel", booking))
    answer = client.post(address("cancel", booking), follow=True).content.decode()
    assert "is cancelled already" in answer


def received(on, at="9:30", **others):
    return {
        "received_on-day": str(on.day),
        "received_on-month": str(on.month),
        "received_on-year": str(on.year),
        "received_at": at,
        "how": "by telephone",
        "whom": "their manager",
    } | others


@time_machine.travel("2026-11-20 12:00")
def test_a_coordinator_enters_when_it_was_received_and_checks_what_follows(client, sign_in, policy):
    coordinator = sign_in("coordinator")
    booking = BookingFactory(
        policy=policy,
        event__begins=datetime(2026, 11, 25, 9, 30, tzinfo=UTC),
        booked_at=datetime(2026, 10, 1, tzinfo=UTC),
    )
    early, late = date(2026, 11, 16), date(2026, 11, 19)
    check = client.post(address("cancel", booking), received(early)).content.decode()
    assert "This is in time" in check
    assert "6 working days" in check
    check = client.post(address("cancel", booking), received(late)).content.decode()
    assert "This is a late cancellation: it was free until the end of Tuesday 17 November 2026" in check
    assert "£75" in check
    booking.refresh_from_db()
    assert booking.state == "confirmed", "checking cancels nothing"

    change = client.post(address("cancel", booking), received(late, change="1")).content.decode()
    assert 'value="their manager"' in change
    client.post(address("cancel", booking), received(early, confirm="1"))
    booking.refresh_from_db()
    assert (booking.outcome, booking.notice, booking.cancelled_by) == ("cancelled-in-time", 6, coordinator)
    assert booking.received_at == datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
    assert booking.received_from == "by telephone from their manager"


def test_a_day_without_a_time_counts_from_its_start(client, sign_in):
    sign_in("coordinator")
    booking = BookingFactory(booked_at=timezone.now() - timedelta(days=9))
    day = timezone.localdate() - timedelta(days=2)
    client.post(address("cancel", booking), received(day, at="", confirm="1"))
    booking.refresh_from_db()
    assert timezone.localtime(booking.received_at).strftime("%d %H:%M") == f"{day:%d} 00:00"


def test_who_cancels_in_the_minute_of_booking_cancels_after_booking(client, sign_in):
    sign_in("coordinator")
    booking = BookingFactory(booked_at=timezone.now().replace(second=40) - timedelta(minutes=5))
    booked = timezone.localtime(booking.booked_at)
    client.post(address("cancel", booking), received(booked.date(), at=f"{booked:%H:%M}", confirm="1"))
    booking.refresh_from_db()
    assert (booking.state, booking.received_at) == ("cancelled", booking.booked_at)


@pytest.mark.parametrize("at", ["9:30", "09.30", "9:30am", "9am", "2:15PM"])
def test_times_are_understood_as_people_write_them(client, sign_in, at):
    sign_in("coordinator")
    booking = BookingFactory(booked_at=timezone.now() - timedelta(days=9))
    day = timezone.localdate() - timedelta(days=2)
    assert "Check this cancellation" in client.post(address("cancel", booking), received(day, at=at)).content.decode()


def test_what_is_missing_is_said_field_by_field(client, sign_in):
    sign_in("coordinator")
    booking = BookingFactory()
    wrong = received(timezone.localdate(), at="noonish") | {
        "how": "",
        "whom": "",
        "received_on-day": "31",
        "received_on-month": "2",
    }
    page = client.post(address("cancel", booking), wrong).content.decode()
    for words in (
        "The day it was received must be a real date",
        "The time must be written like 9:30 or 2:15pm",
        "Select how it was received",
        "Enter from whom it was received",
    ):
        assert words in page


@pytest.mark.parametrize("step", [{}, {"confirm": "1"}])
@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "cannot have been received in the future"), (-9, "cannot have been received before the booking was made")],
)
def test_a_moment_that_cannot_be_is_told_beside_the_day_and_nothing_typed_is_lost(client, sign_in, step, days, words):
    sign_in("coordinator")
    booking = BookingFactory()
    day = timezone.localdate() + timedelta(days=days)
    answer = client.post(address("cancel", booking), received(day, **step)).content.decode()
    assert "Check this cancellation" not in answer
    assert answer.count(words) == 2, "in the summary, and beside the field"
    assert 'value="their manager"' in answer
    booking.refresh_from_db()
    assert booking.state == "confirmed"


def test_who_only_waits_leaves_without_a_word_about_cost(client, sign_in, policy):
    jade = sign_in()
    booking = BookingFactory(delegate=jade, waiting=True, policy=policy)
    check = client.get(address("cancel", booking)).content.decode()
    assert "Leave the waiting list" in check
    assert "£" not in check
    assert "free" not in check

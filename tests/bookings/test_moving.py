"""A booking moves to another date of its course: both or neither, and late if cancelling would be."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from bookings import moving, refusals
from outbox.models import Message
from tests.factories import (
    BookingFactory,
    ChargingPolicyFactory,
    EventFactory,
    PersonFactory,
    TariffFactory,
)

pytestmark = pytest.mark.django_db


def booked(days, *, moves_are_free=False, **fields):
    policy = ChargingPolicyFactory(moves_are_free=moves_are_free)
    TariffFactory(policy=policy, reason="cancelled-late")
    then = timezone.now() - timedelta(days=60)
    return BookingFactory(event=EventFactory(days=days), policy=policy, booked_at=then, **fields)


def other_date(booking, **fields):
    return EventFactory(course=booking.event.course, **({"days": 60} | fields))


def move(booking, to):
    return moving.move(booking=booking, to=to, by=booking.delegate)


def test_a_booking_moves_to_another_date():
    old = booked(days=30)
    new = move(old, to := other_date(old))
    old.refresh_from_db()
    assert (old.state, old.outcome, old.cancelled_by) == ("cancelled", "moved-out", old.delegate)
    assert (new.event, new.delegate, new.state, new.source, new.replaces) == (
        to, old.delegate, "confirmed", "moved-in", old,
    )  # fmt: skip
    assert list(Message.objects.values_list("template", "reference")) == [("booking_confirmed", new.reference)]


def test_inside_the_notice_a_move_is_a_late_cancellation():
    old = booked(days=2)
    assert moving.cost_of_moving(old).net_amount == Decimal(75)
    move(old, other_date(old))
    old.refresh_from_db()
    assert old.outcome == "cancelled-late"


def test_where_the_policy_grants_free_moves_it_is_none():
    old = booked(days=2, moves_are_free=True)
    assert moving.cost_of_moving(old) is None
    move(old, other_date(old))
    old.refresh_from_db()
    assert old.outcome == "moved-out"


def test_the_place_goes_to_the_next_on_the_list():
    old = booked(days=30)
    old.event.places = 1
    old.event.save()
    waiting = BookingFactory(event=old.event, waiting=True)
    move(old, other_date(old))
    waiting.refresh_from_db()
    assert waiting.state == "offered"


@pytest.mark.parametrize("queue", [True, False])
def test_without_a_free_place_there_the_old_one_is_kept(queue):
    old = booked(days=30)
    to = other_date(old, places=1)
    BookingFactory(event=to, waiting=queue)
    with pytest.raises(refusals.NoPlacesLeft, match="keeps the one"):
        move(old, to)
    old.refresh_from_db()
    assert old.state == "confirmed"


def test_a_move_is_refused():
    old = booked(days=30)
    elsewhere, draft = EventFactory(days=60), other_date(old, state="draft")
    for to, refusal in [(elsewhere, refusals.NotAnotherDate), (old.event, refusals.NotAnotherDate)]:
        with pytest.raises(refusal):
            move(old, to)
    with pytest.raises(refusals.NotOpen):
        move(old, draft)
    with pytest.raises(refusals.NotConfirmed):
        move(BookingFactory(event=old.event, waiting=True), other_date(old))
    there = BookingFactory(event=other_date(old, days=90), delegate=old.delegate)
    with pytest.raises(refusals.AlreadyBooked):
        move(old, there.event)


def test_what_has_begun_does_not_move():
    begun = BookingFactory(event=EventFactory(begins=timezone.now() - timedelta(hours=1)))
    with pytest.raises(refusals.HasBegun):
        move(begun, other_date(begun))


def test_the_other_dates_are_those_that_can_still_be_booked():
    old = booked(days=30)
    later = other_date(old)
    for fields in [{"days": -3}, {"state": "draft"}, {"is_in_house": True}]:
        other_date(old, **fields)
    BookingFactory(event=other_date(old, days=90), delegate=old.delegate)
    EventFactory(days=60)
    closed = other_date(old, days=80, booking_closes_at=timezone.now() - timedelta(hours=1))
    assert list(moving.other_dates(old, old.delegate)) == [later]
    assert list(moving.other_dates(old, PersonFactory(roles=["coordinator"]))) == [later, closed]

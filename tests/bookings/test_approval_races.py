"""Requests for approval under many hands: one decision, and the place is somebody's once.

Seen to fail: the first with claims.lock() and claims.lock_booking() reading without a lock. Then the trigger on what is
decided refuses what the lock would have put in order.
"""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine

from bookings import approval, deciding
from bookings.models import Booking
from outbox.models import Message
from tests.bookings.factories import ApprovalFactory
from tests.factories import BookingFactory, EventFactory, PersonFactory
from tests.guards import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def approving(one, by=None):
    return lambda: deciding.approve(booking=one.booking, by=by or one.asked)


def declining(one):
    return lambda: deciding.decline(booking=one.booking, by=one.asked)


def kinds(results):
    return Counter(type(one).__name__ for one in results)


def told(booking):
    return set(Message.objects.filter(reference=booking.reference).values_list("template", flat=True))


def test_of_two_who_decide_one_wins_and_the_other_is_told():
    for _ in range(5):
        one = ApprovalFactory(booking__event=EventFactory(places=1), booking__keeps_place=True)
        results = at_once(approving(one), declining(one), approving(one, by=PersonFactory()))
        assert kinds(results) == {"Booking": 1, "ApprovalOver": 2}
        one.refresh_from_db()
        one.booking.refresh_from_db()
        ended = {"approved": ("confirmed", {"booking_confirmed"}), "declined": ("cancelled", {"booking_declined"})}
        assert (one.booking.state, told(one.booking)) == ended[one.decision]


def test_approved_and_lapsed_in_the_same_instant_it_is_one_of_the_two():
    for _ in range(5):
        event = EventFactory(places=1)
        one = ApprovalFactory(booking__event=event, booking__keeps_place=True)
        next_ = BookingFactory(event=event, waiting=True)
        with time_machine.travel(one.ends_at - timedelta(milliseconds=20), tick=True):
            at_once(approving(one), lambda event=event: approval.lapse(event))
            while Booking.objects.filter(pk=one.booking_id, state="requested").exists():
                approval.lapse(event)
        one.refresh_from_db()
        one.booking.refresh_from_db()
        next_.refresh_from_db()
        ended = {"approved": ("confirmed", "waiting"), "lapsed": ("cancelled", "offered")}
        assert (one.booking.state, next_.state) == ended[one.decision]
        assert event.bookings.holding_a_place().count() == 1

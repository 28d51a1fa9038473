"""A merge and everything else at once.

Seen to fail: without the trigger's lock a booking is made for the record that has gone.
"""

from collections import Counter

import pytest

from bookings import merging, places
from bookings.models import Booking
from people.models import Merge, Person
from tests.factories import AccountFactory, BookingFactory, EventFactory, PersonFactory
from tests.guards import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def kinds(results):
    return Counter(type(one).__name__ for one in results)


def merge(kept, gone, by):
    return merging.merge(kept=kept, gone=gone, take=[], giving_up=[], by=by)


def test_booking_for_a_record_that_is_being_merged_goes_with_it_or_is_refused():
    by = PersonFactory(roles=["administrator"])
    for _ in range(5):
        kept, gone, event = PersonFactory(), PersonFactory(), EventFactory()
        BookingFactory(delegate=gone)
        at_once(
            lambda gone=gone, event=event, by=by: places.book(event=event, delegate=gone, by=by),
            lambda kept=kept, gone=gone, by=by: merge(kept, gone, by),
            lambda kept=kept, event=event, by=by: places.book(event=event, delegate=kept, by=by),
        )
        live = Booking.objects.live().filter(event=event)
        gone.refresh_from_db()
        if gone.merged_into:
            assert not live.filter(delegate=gone).exists()
        assert live.values("delegate").distinct().count() == live.count()


def test_crossed_merges_make_one():
    by = PersonFactory(roles=["administrator"])
    for _ in range(3):
        one, two = PersonFactory(account=AccountFactory()), PersonFactory(account=AccountFactory())
        results = at_once(lambda one=one, two=two: merge(one, two, by), lambda one=one, two=two: merge(two, one, by))
        assert kinds(results) == {"Merge": 1, "MergedAlready": 1}
    assert Merge.objects.count() == 3 == Person.objects.filter(merged_into__isnull=False).count()


def test_merging_and_cancelling_at_once_wait_for_each_other():
    by = PersonFactory(roles=["administrator"])
    for _ in range(3):
        kept, gone = PersonFactory(), PersonFactory()
        bookings = [BookingFactory(delegate=gone) for _ in range(3)]
        results = at_once(
            *[lambda one=one: places.cancel(booking=one, by=by) for one in reversed(bookings)],
            lambda kept=kept, gone=gone: merge(kept, gone, by),
        )
        assert kinds(results) == {"Booking": 3, "Merge": 1}
        assert Counter(Booking.objects.filter(delegate=kept).values_list("state", flat=True)) == {"cancelled": 3}

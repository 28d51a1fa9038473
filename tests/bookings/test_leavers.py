"""What becomes of the bookings of somebody who leaves."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings import leavers, places
from bookings.models import Booking
from people import refusals
from people.models import Person
from tests.factories import (
    BookingFactory,
    ChargingPolicyFactory,
    EventFactory,
    PersonFactory,
    TariffFactory,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def coordinator():
    return PersonFactory(roles=["coordinator"])


@pytest.fixture
def jade():
    return PersonFactory(name="Jade Lewis")


def test_coming_are_places_and_waits_on_events_that_have_not_begun(jade):
    place = BookingFactory(delegate=jade)
    waiting = BookingFactory(delegate=jade, waiting=True)
    BookingFactory(delegate=jade, cancelled=True)
    BookingFactory(delegate=jade, event__begins=timezone.now() - timedelta(minutes=5))
    BookingFactory()
    assert set(leavers.coming(jade)) == {place, waiting}


def test_all_are_released_with_the_leaving(jade, coordinator):
    bookings = {BookingFactory(delegate=jade), BookingFactory(delegate=jade, waiting=True)}
    assert set(leavers.leave(person=jade, left_on=TODAY(), release=True, by=coordinator)) == bookings
    assert set(Booking.objects.filter(state="cancelled", cancelled_by=coordinator)) == bookings
    assert Person.objects.get(pk=jade.pk).left_on == TODAY()


def test_left_as_they_are_colleagues_can_take_them_over(jade, coordinator):
    booking = BookingFactory(delegate=jade)
    assert leavers.leave(person=jade, left_on=TODAY(), release=False, by=coordinator) == []
    colleague = PersonFactory(agency=jade.agency)
    assert places.substitute(booking=booking, substitute=colleague, by=coordinator).delegate == colleague


def test_where_the_leaving_is_refused_no_booking_is_released(coordinator):
    finance = PersonFactory(roles=["finance-officer"])
    booking = BookingFactory(delegate=finance)
    with pytest.raises(refusals.AddressNeedsAnAdministrator):
        leavers.leave(person=finance, left_on=TODAY(), release=True, by=coordinator)
    booking.refresh_from_db()
    assert booking.state == "confirmed"


@pytest.mark.parametrize("count", [1, 9])
def test_what_cancelling_costs_is_what_it_costs_one_by_one_and_is_known_in_two_statements(
    django_assert_num_queries, jade, count
):
    policy = ChargingPolicyFactory()
    TariffFactory(policy=policy, reason="cancelled-late")
    for number in range(count):
        BookingFactory(
            delegate=jade,
            policy=policy,
            event=EventFactory(days=1 + 30 * (number % 2)),
            booked_at=timezone.now() - timedelta(days=60),
        )
    bookings = list(leavers.coming(jade))
    with django_assert_num_queries(2):
        found = leavers.costs(bookings)
    assert found == [places.cost_of_cancelling(booking).tariff for booking in bookings]
    assert found[0] is not None


def test_who_only_waits_and_what_no_policy_charges_costs_nothing(jade):
    BookingFactory(delegate=jade, waiting=True, policy=ChargingPolicyFactory())
    BookingFactory(delegate=jade)
    assert leavers.costs(list(leavers.coming(jade))) == [None, None]
    assert leavers.costs([]) == []

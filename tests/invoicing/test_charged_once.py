"""One charge for one delegate on one event, however often they booked: the last booking answers."""

from datetime import timedelta

import pytest

from bookings.models import Booking
from invoicing import charges
from invoicing.models import Charge
from tests.factories import BookingFactory, PersonFactory
from tests.invoicing import situations
from tests.invoicing.situations import MONDAY, absent, cancelled_late, over

pytestmark = pytest.mark.django_db
FRIDAY_BEFORE = MONDAY - timedelta(days=3)


def test_who_cancelled_late_and_came_after_all_is_not_charged():
    event, policy, delegate = over(), situations.policy(), PersonFactory()
    cancelled_late(event, FRIDAY_BEFORE, policy=policy, delegate=delegate)
    BookingFactory(event=event, delegate=delegate, source="walk-in", outcome="attended", policy=policy)
    # A colleague who came does not help another who cancelled.
    cancelled_late(event, FRIDAY_BEFORE, policy=policy)
    assert charges.propose() == 1
    assert Charge.objects.get().booking.delegate != delegate


def test_who_cancelled_late_booked_again_and_did_not_attend_is_charged_once_for_that():
    event, policy, delegate = over(), situations.policy(), PersonFactory()
    cancelled_late(event, FRIDAY_BEFORE, policy=policy, delegate=delegate)
    again = absent(event, policy=policy, delegate=delegate)
    # Another event, and another delegate, are other matters.
    other = cancelled_late(over(), FRIDAY_BEFORE, policy=policy, delegate=delegate)
    absent(event, policy=policy)
    assert charges.propose() == 3
    charged = Charge.objects.filter(booking__delegate=delegate)
    assert {(charge.booking, charge.reason) for charge in charged} == {
        (again, "did-not-attend"),
        (other, "cancelled-late"),
    }
    assert charges.propose() == 0


def test_who_cancelled_late_twice_is_charged_for_the_later():
    event, policy, delegate = over(), situations.policy(), PersonFactory()
    for received in (FRIDAY_BEFORE - timedelta(days=1), FRIDAY_BEFORE):
        last = cancelled_late(event, received, policy=policy, delegate=delegate)
    assert charges.propose() == 1
    assert Charge.objects.get().booking == last


@pytest.mark.parametrize(
    ("ended", "charged"), [("substituted-out", 0), ("cancelled-in-time", 1), ("moved-out", 1), (None, 1)]
)
def test_who_cancelled_late_and_gave_the_second_place_to_a_colleague_is_not_charged_but_for_one_given_back_free(
    ended, charged
):
    event, policy, delegate = over(), situations.policy(), PersonFactory()
    late = cancelled_late(event, FRIDAY_BEFORE, policy=policy, delegate=delegate)
    if ended:
        again = cancelled_late(event, FRIDAY_BEFORE, policy=policy, delegate=delegate)
        Booking.objects.filter(pk=again.pk).update(outcome=ended)
    else:  # left the waiting list
        BookingFactory(event=event, delegate=delegate, waiting=True, policy=policy)
    assert charges.propose() == charged
    assert [charge.booking for charge in Charge.objects.all()] == [late] * charged


def test_a_reason_for_the_second_absence_counts_for_both():
    event, policy, delegate = over(), situations.policy(), PersonFactory()
    cancelled_late(event, FRIDAY_BEFORE, policy=policy, delegate=delegate)
    absent(event, policy=policy, delegate=delegate, reason="Sickness", exempt=True)
    charges.propose()
    assert [(charge.reason, charge.waiver) for charge in Charge.objects.all()] == [("did-not-attend", "exempt")]

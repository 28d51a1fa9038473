"""What cancelling and not coming cost, in the sentences that pages and messages show."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from bookings import cut_off, policies
from bookings.cut_off import CancellationCost
from bookings.models import Booking, Tariff
from bookings.policies import Terms
from training.models import Course, Event
from training.moments import until


def pounds(amount: Decimal) -> str:
    """£75, £37.50 or £1,035."""
    return f"£{amount:,.2f}".removesuffix(".00")


def cost_in_words(cost: CancellationCost, not_coming: Tariff | None) -> str:
    """Until when cancelling is free, and what is charged after that and for not coming; empty where nothing is."""
    if not cost.steps:
        return f"If you do not come, your agency is charged {pounds(not_coming.net_amount)}." if not_coming else ""
    if cost.tariff is not None:
        return _no_longer_free(cost.tariff, not_coming)
    moment, first = cost.steps[0]
    sentence = f"Free to cancel until {until(moment)}. After that your agency is charged {pounds(first.net_amount)}"
    for later, tariff in cost.steps[1:]:
        sentence += f", after {until(later)} {pounds(tariff.net_amount)}"
    last = cost.steps[-1][1]
    if not_coming and not_coming.net_amount != last.net_amount:
        sentence += f", and {pounds(not_coming.net_amount)} if you do not come"
    return f"{sentence}."


def cost_of_booking(booking: Booking, cost: CancellationCost | None) -> str:
    """The same of a booking whose cost of cancelling is known, while it can still be cancelled; else empty."""
    if cost is None or booking.state != Booking.State.CONFIRMED or booking.event.has_begun():
        return ""
    not_coming = policies.tariffs_for(booking.policy, booking.event.course, Tariff.Reason.DID_NOT_ATTEND).first()
    return cost_in_words(cost, not_coming)


def cost_of_a_place(event: Event) -> str:
    """What cancelling and not coming would cost who books a place now. In three queries."""
    if event.starts_at is None:
        return ""
    return cost_under(Terms.load(), event.course, event.starts_at)


def cost_under(terms: Terms, course: Course, starts_at: datetime) -> str:
    """The same of a date of the course by terms in memory: no query."""
    kind = {"duration": course.duration, "delivery": course.delivery}
    policy = terms.policy_on(timezone.localdate())
    cost = cut_off.cost_of_cancelling(
        tariffs=terms.tariffs_for(policy, reason=Tariff.Reason.CANCELLED_LATE, **kind),
        starts_at=starts_at,
        received_at=timezone.now(),
        closing=terms.closing,
        office_closes_at=policy.office_closes_at if policy else None,
    )
    not_coming = terms.tariffs_for(policy, reason=Tariff.Reason.DID_NOT_ATTEND, **kind)
    return cost_in_words(cost, not_coming[0] if not_coming else None)


def _no_longer_free(now: Tariff, not_coming: Tariff | None) -> str:
    sentence = "You can no longer cancel free of charge."
    if not_coming is None:
        return f"{sentence} If you cancel, your agency pays {pounds(now.net_amount)}."
    if not_coming.net_amount != now.net_amount:
        sentence += f" If you cancel, your agency pays {pounds(now.net_amount)}."
    return f"{sentence} If you do not come, your agency pays {pounds(not_coming.net_amount)}."

"""Days on which the office is shut: added and taken out while they are to come, as notice was reckoned by past ones."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from bookings import cut_off, working_days
from bookings.models import Booking, ClosingDay, Tariff
from bookings.policies import Terms
from bookings.refusals import PolicyRefused
from people.models import Person
from training.models import Event

# So far ahead of an event a free cancellation may end.
FURTHEST = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An event of which some who are booked can cancel free of charge for less long than they were told."""

    event: Event
    delegates: int


@transaction.atomic
def add(*, days: Collection[date], name: str, by: Person) -> int:
    """Close on these; returns on how many the office was open till now. Raises PolicyRefused for a day not to come."""
    _refuse_past(days)
    new = [ClosingDay(day=day, name=name) for day in days if day not in working_days.closing_days()]
    # What somebody else closed meanwhile is closed.
    return len(ClosingDay.objects.bulk_create(new, ignore_conflicts=True))


@transaction.atomic
def take_out(*, closing_day: ClosingDay, by: Person) -> None:
    """Open on that day. Raises PolicyRefused once it has come."""
    _refuse_past([closing_day.day])
    ClosingDay.objects.filter(pk=closing_day.pk).delete()


def weekdays_of(first: date, last: date) -> list[date]:
    """The days from Monday to Friday among these; the others are no working days anyhow."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if working_days.is_weekday(day)]


def earlier_cut_offs(days: Collection[date]) -> list[Earlier]:
    """The events whose delegates have less time to cancel once these are closed, in three queries."""
    terms = Terms.load()
    with_these = terms.closing | set(days)
    counts: dict[int, int] = {}
    for row in _booked_after(days):
        starts_at, policy = row.pop("event__starts_at"), row.pop("policy")
        tariffs = terms.tariffs_for(
            next((one for one in terms.policies if one.pk == policy), None),
            reason=Tariff.Reason.CANCELLED_LATE,
            duration=row["event__course__duration"],
            delivery=row["event__course__delivery"],
        )
        if _moves(tariffs, starts_at, terms.closing, with_these):
            counts[row["event"]] = counts.get(row["event"], 0) + row["delegates"]
    events = Event.objects.filter(pk__in=list(counts)).select_related("course").order_by("starts_at", "pk")
    return [Earlier(event, counts[event.pk]) for event in events]


def _booked_after(days: Collection[date]) -> Iterable[Any]:
    """By event and policy how many have a place, of events so near behind these days that these may count."""
    first = min(days)
    booked: Any = Booking.objects.holding_a_place().filter(
        event__state=Event.State.PUBLISHED,
        event__starts_at__gt=timezone.now(),
        event__starts_at__date__gt=first,
        event__starts_at__date__lte=max(days) + FURTHEST,
        policy__isnull=False,
    )
    what = ("event", "event__starts_at", "event__course__duration", "event__course__delivery", "policy")
    found: Iterable[Any] = booked.order_by().values(*what).annotate(delegates=Count("pk"))
    return found


def _moves(tariffs: list[Tariff], starts_at: Any, closing: Collection[date], with_these: Collection[date]) -> bool:
    now = timezone.now()
    for tariff in tariffs:
        asked = {"notice": tariff.notice or 0, "unit": tariff.notice_unit, "starts_at": starts_at}
        hour = tariff.policy.office_closes_at
        is_now = cut_off.free_until(**asked, closing=closing, office_closes_at=hour)
        if is_now > now and cut_off.free_until(**asked, closing=with_these, office_closes_at=hour) < is_now:
            return True
    return False


def _refuse_past(days: Iterable[date]) -> None:
    today = timezone.localdate()
    if any(day <= today for day in days):
        raise PolicyRefused("Choose days after today: notice that was given until now was reckoned without them.")

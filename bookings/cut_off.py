"""The cut-off: until when cancelling is free, and what it costs after. What shows the moment also decides by it.

Notice counts in whole days strictly between the day a cancellation was received and the event's first day; fewer than
the tariff's number is late. Where the policy names an hour at which the office closes, what comes at or after it, or on
a day that is no working day, counts as received on the next working day. Notice in hours runs by the clock, whatever
the office does. A date without a time is local midnight, which is before any closing hour.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from bookings.models import Tariff
from bookings.working_days import is_weekday, is_working_day, next_working_day, previous_working_day

Unit = Tariff.NoticeUnit


@dataclass(frozen=True, slots=True)
class CancellationCost:
    """What a cancellation costs at a moment, and until when it is free."""

    # The first moment at which it costs something; None: it never does.
    free_until: datetime | None
    # What it costs at the moment asked about; None: nothing.
    tariff: Tariff | None
    # Every step as (first moment, tariff), in the order in which they come.
    steps: tuple[tuple[datetime, Tariff], ...]


def free_until(
    *, notice: int, unit: str, starts_at: datetime, closing: Collection[date], office_closes_at: time | None
) -> datetime:
    """The first moment at which a cancellation is late: free is what was received before it. In UTC."""
    if unit == Unit.HOURS:
        return starts_at.astimezone(UTC) - timedelta(hours=notice)
    # notice - 1 days that count lie between this day and the event: what is received on it, or later, is late.
    first_late_day = timezone.localtime(starts_at, timezone.get_default_timezone()).date()
    for _ in range(notice):
        first_late_day -= timedelta(days=1)
        while not _counts(first_late_day, unit, closing):
            first_late_day -= timedelta(days=1)
    if office_closes_at is None:
        return _local(first_late_day, time.min)
    return _local(previous_working_day(first_late_day, closing), office_closes_at)


def day_received(received_at: datetime, closing: Collection[date], office_closes_at: time | None) -> date:
    """The day on which a cancellation counts as received."""
    received = timezone.localtime(received_at, timezone.get_default_timezone())
    if office_closes_at is None or (received.time() < office_closes_at and is_working_day(received.date(), closing)):
        return received.date()
    return next_working_day(received.date(), closing)


def late_tariff(
    *,
    tariffs: Iterable[Tariff],
    starts_at: datetime,
    received_at: datetime,
    closing: Collection[date],
    office_closes_at: time | None,
    free_before: datetime | None = None,
) -> Tariff | None:
    """The tariff that a cancellation received then falls under; None: it is in time.

    Takes the tariffs for late cancellation of the booking's policy and its course's duration and delivery. Where
    several are undercut it is the one with the shortest notice. Before free_before (an hour after the place was taken)
    it is free whatever the notice.
    """
    return cost_of_cancelling(
        tariffs=tariffs,
        starts_at=starts_at,
        received_at=received_at,
        closing=closing,
        office_closes_at=office_closes_at,
        free_before=free_before,
    ).tariff


def cost_of_cancelling(
    *,
    tariffs: Iterable[Tariff],
    starts_at: datetime,
    received_at: datetime,
    closing: Collection[date],
    office_closes_at: time | None,
    free_before: datetime | None = None,
) -> CancellationCost:
    """What a cancellation received then costs, and every moment at which that changes. Arguments as late_tariff."""
    steps = []
    for tariff in tariffs:
        if tariff.notice is None:
            raise ValueError(f"not a tariff for late cancellation: {tariff}")
        late_from = free_until(
            notice=tariff.notice,
            unit=tariff.notice_unit,
            starts_at=starts_at,
            closing=closing,
            office_closes_at=office_closes_at,
        )
        steps.append((max(late_from, free_before) if free_before else late_from, late_from, tariff))
    # By each step's own moment, not the one that free_before moved: the step with the shortest notice stays the last.
    steps.sort(key=lambda step: (step[1], step[2].net_amount))
    begun = [tariff for moment, _, tariff in steps if moment <= received_at]
    return CancellationCost(
        free_until=steps[0][0] if steps else None,
        tariff=begun[-1] if begun else None,
        steps=tuple((moment, tariff) for moment, _, tariff in steps),
    )


def _counts(day: date, unit: str, closing: Collection[date]) -> bool:
    if unit == Unit.WORKING_DAYS:
        return is_working_day(day, closing)
    return unit == Unit.CALENDAR_DAYS or is_weekday(day)


def _local(day: date, at: time) -> datetime:
    # In UTC, as Python subtracts and compares times of one zone by the hands of the clock: wrong when clocks change.
    return datetime.combine(day, at, tzinfo=timezone.get_default_timezone()).astimezone(UTC)

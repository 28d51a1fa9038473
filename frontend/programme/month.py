"""A month's dates as a calendar."""

import calendar
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from frontend.programme import listing

WEEKDAYS = calendar.Calendar()  # from Monday on


@dataclass(frozen=True, slots=True)
class Day:
    """A day with what begins on it; one of another month has none."""

    day: date
    is_outside: bool
    dates: list[listing.Row]


@dataclass(frozen=True, slots=True)
class Month:
    """Whole weeks, the number of dates in them, and the months before and after as the address writes them."""

    first: date
    weeks: list[list[Day]]
    total: int
    previous: date | None
    next: date | None


def month_of(first: date, found: Iterable[listing.Row], months: Sequence[date] = ()) -> Month:
    """The calendar of a month with these dates, which were cut to it; months: those to go to, if not just any."""
    by_day: dict[date, list[listing.Row]] = defaultdict(list)
    rows = [row for row in found if row.starts_at]
    for row in sorted(rows, key=lambda row: (row.starts_at, row.course)):
        by_day[timezone.localdate(row.starts_at)].append(row)
    weeks = [
        [Day(day, day.month != first.month, by_day.get(day, [])) for day in week]
        for week in WEEKDAYS.monthdatescalendar(first.year, first.month)
    ]
    beside = [(first - timedelta(days=1)).replace(day=1), listing.next_month(first)]
    before, after = (month if not months or month in months else None for month in beside)
    return Month(first=first, weeks=weeks, total=len(rows), previous=before, next=after)

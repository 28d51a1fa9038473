"""A month's dates as a calendar."""

import calendar
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from frontend.finding.listing import Results
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


def month_of(first: date, results: Results, months: Sequence[date]) -> Month:
    """The calendar of a month: the dates of what was found, which were cut to it. One statement."""
    by_day: dict[date, list[listing.Row]] = defaultdict(list)
    keys = (key for course in results.courses for key in results.dates.get(course.pk, []))
    rows = [row for row in listing.rows(keys) if row.starts_at]
    for row in sorted(rows, key=lambda row: (row.starts_at, row.course)):
        by_day[timezone.localdate(row.starts_at)].append(row)
    weeks = [
        [Day(day, day.month != first.month, by_day.get(day, [])) for day in week]
        for week in WEEKDAYS.monthdatescalendar(first.year, first.month)
    ]
    place = months.index(first)
    return Month(
        first=first,
        weeks=weeks,
        total=len(rows),
        previous=months[place - 1] if place else None,
        next=months[place + 1] if place + 1 < len(months) else None,
    )

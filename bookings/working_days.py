"""Working days: which days are none, and how many lie between two days."""

from collections.abc import Collection
from datetime import date, timedelta

from bookings.models import ClosingDay

SATURDAY = 5


def closing_days() -> frozenset[date]:
    """Bank holidays and the partnership's own closing days, in one query."""
    return frozenset(ClosingDay.objects.order_by().values_list("day", flat=True))


def bank_holidays(nation: str) -> dict[date, str]:
    """The nation's bank holidays by day, from the data bundled with govuk-bank-holidays, never the network."""
    from govuk_bank_holidays.bank_holidays import BankHolidays  # slow to import, and few processes ask for it

    bundled = BankHolidays(use_cached_holidays=True).get_holidays(division=nation)
    return {found["date"]: found["title"] for found in bundled}


def load_bank_holidays(nation: str) -> int:
    """Put the nation's bank holidays among the closing days; returns how many were new.

    A day that is there already keeps its name, so that a partnership's own changes stay and a second call changes
    nothing.
    """
    known = closing_days()
    new = {day: name for day, name in bank_holidays(nation).items() if day not in known}
    ClosingDay.objects.bulk_create([ClosingDay(day=day, name=name) for day, name in new.items()], ignore_conflicts=True)
    return len(new)


def is_weekday(day: date) -> bool:
    """Monday to Friday, bank holidays included."""
    return day.weekday() < SATURDAY


def is_working_day(day: date, closing: Collection[date]) -> bool:
    """Monday to Friday and not closed. Give `closing` as a set."""
    return is_weekday(day) and day not in closing


def next_working_day(day: date, closing: Collection[date]) -> date:
    """The first working day after this one."""
    day += timedelta(days=1)
    while not is_working_day(day, closing):
        day += timedelta(days=1)
    return day


def previous_working_day(day: date, closing: Collection[date]) -> date:
    """The last working day before this one."""
    day -= timedelta(days=1)
    while not is_working_day(day, closing):
        day -= timedelta(days=1)
    return day


def whole_days_between(received: date, first_day: date, closing: Collection[date]) -> int:
    """Whole working days strictly between the day received and the event's first day; 0 on or after that day."""
    days = (first_day - received).days - 1
    if days <= 0:
        return 0
    weeks, rest = divmod(days, 7)
    after = received.weekday() + 1
    weekdays = weeks * 5 + sum((after + i) % 7 < SATURDAY for i in range(rest))
    return weekdays - sum(received < day < first_day and is_weekday(day) for day in closing)

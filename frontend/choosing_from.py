"""What a list may be filtered by, read by one written-out statement: the ORM takes longer to write it than it runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from training.financial_year import FinancialYear

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Offered:
    """The days of the first and last event, and by their kind pairs of key and label, in the order of their labels."""

    span: tuple[date, date] | None
    kinds: Mapping[str, Pairs]

    @property
    def years(self) -> list[FinancialYear]:
        """All financial years between, the newest first."""
        if self.span is None:
            return []
        oldest, newest = (FinancialYear.containing(day).start_year for day in self.span)
        return [FinancialYear(year) for year in range(newest, oldest - 1, -1)]

    @property
    def months(self) -> list[date]:
        """The first days of all months between, the earliest first."""
        if self.span is None:
            return []
        first, last = (day.year * 12 + day.month - 1 for day in self.span)
        return [date(month // 12, month % 12 + 1, 1) for month in range(first, last + 1)]


def offered(statement: str, parameters: Mapping[str, Any] | None = None) -> Offered:
    """What the statement gives: rows of kind, key and label.

    Of kind "span" it gives one: the first and the last moment of events, as text.
    """
    kinds: dict[str, Pairs] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        for kind, key, label in cursor.fetchall():
            kinds.setdefault(kind, []).append((key, label))
    ((first, last),) = kinds.pop("span")
    for pairs in kinds.values():
        pairs.sort(key=lambda pair: pair[1].casefold())
    return Offered((_day(first), _day(last)) if first else None, kinds)


def _day(moment: str) -> date:
    return timezone.localdate(datetime.fromisoformat(moment))

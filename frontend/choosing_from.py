"""What a list may be filtered by, read by one written-out statement: the ORM takes longer to write it than it runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from training.financial_year import FinancialYear

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Offered:
    """The financial years, the newest first, and by their kind pairs of key and label, in the order of their labels."""

    years: list[FinancialYear]
    kinds: Mapping[str, Pairs]


def offered(statement: str, parameters: Mapping[str, Any] | None = None) -> Offered:
    """What the statement gives: rows of kind, key and label.

    Of kind "years" it gives one: the first and the last moment of events, as text; all years between are offered.
    """
    kinds: dict[str, Pairs] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        for kind, key, label in cursor.fetchall():
            kinds.setdefault(kind, []).append((key, label))
    ((first, last),) = kinds.pop("years")
    for pairs in kinds.values():
        pairs.sort(key=lambda pair: pair[1].casefold())
    return Offered(_years(first, last) if first else [], kinds)


def _years(first: str, last: str) -> list[FinancialYear]:
    oldest, newest = (FinancialYear.containing(datetime.fromisoformat(moment)).start_year for moment in (first, last))
    return [FinancialYear(year) for year in range(newest, oldest - 1, -1)]

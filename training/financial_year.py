"""Financial years, 1 April to 31 March: which one holds an event, by the date of its last session."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from django.db.models import Q
from django.utils import timezone

FIRST_MONTH = 4


@dataclass(frozen=True, order=True, slots=True)
class FinancialYear:
    """The year from 1 April of start_year to 31 March of the next, in the partnership's own time."""

    start_year: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """The year written as 2018-19 (or 2018/19, as on pages). Raises ValueError with a sentence for the person."""
        written = re.fullmatch(r"([0-9]{4})[-/]([0-9]{2})", text.strip())
        # 1000 to 9998 only: what datetime cannot hold must be refused here, not crash where the year is used.
        if written is None or not 1000 <= int(written[1]) <= 9998:
            raise ValueError(f"“{text}” is not a financial year. Write it as 2018-19.")
        year = cls(int(written[1]))
        if written[2] != year.code[-2:]:
            raise ValueError(f"“{text}” is not one financial year. The one that starts in {written[1]} is {year.code}.")
        return year

    @classmethod
    def containing(cls, day: date) -> Self:
        """The year that a day is in; of a datetime, the day in the partnership's own time."""
        if isinstance(day, datetime):
            day = timezone.localtime(day).date()
        return cls(day.year if day.month >= FIRST_MONTH else day.year - 1)

    @property
    def code(self) -> str:
        """For commands, addresses and invoice numbers: 2018-19."""
        return f"{self.start_year}-{(self.start_year + 1) % 100:02}"

    @property
    def label(self) -> str:
        """For pages: 2018/19."""
        return self.code.replace("-", "/")

    @property
    def first_day(self) -> date:
        return date(self.start_year, FIRST_MONTH, 1)

    @property
    def last_day(self) -> date:
        return date(self.start_year + 1, FIRST_MONTH - 1, 31)

    @property
    def starts_at(self) -> datetime:
        """Its first moment."""
        return start_of_april(self.start_year)

    @property
    def ends_at(self) -> datetime:
        """The moment just after its last one: compare with <, so that no moment falls between two years."""
        return start_of_april(self.start_year + 1)

    @property
    def previous(self) -> Self:
        return type(self)(self.start_year - 1)

    @property
    def next(self) -> Self:
        return type(self)(self.start_year + 1)

    def holds(self, ends_at: str = "ends_at") -> Q:
        """Condition for events whose last session is over in this year; from a booking, holds("event__ends_at")."""
        return Q((f"{ends_at}__gte", self.starts_at), (f"{ends_at}__lt", self.ends_at))

    def __str__(self) -> str:
        return self.label


def start_of_april(year: int) -> datetime:
    return datetime(year, FIRST_MONTH, 1, tzinfo=timezone.get_default_timezone())

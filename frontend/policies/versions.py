"""All versions of the charging policy, in one query: which holds when, and what comes before and after which."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from bookings.models import ChargingPolicy


@dataclass(frozen=True, slots=True)
class Row:
    """A version in the list."""

    policy: Any
    until: date | None
    word: str
    tone: str


class Versions:
    """In the order of their days."""

    def __init__(self, found: QuerySet[ChargingPolicy]) -> None:
        self.every = list(found.order_by("in_force_from"))
        self.today = timezone.localdate()

    @property
    def last(self) -> ChargingPolicy | None:
        return self.every[-1] if self.every else None

    @property
    def in_force(self) -> ChargingPolicy | None:
        return self.before(self.today + timedelta(days=1))

    def before(self, day: date, *, but: ChargingPolicy | None = None) -> ChargingPolicy | None:
        """The one that holds until another comes in force on that day; but: the one that is changed."""
        return next((one for one in reversed(self.every) if one.in_force_from < day and one != but), None)

    def until(self, day: date, *, but: ChargingPolicy | None = None) -> date | None:
        """The last day of one from that day; None: no other follows."""
        after = next((one for one in self.every if one.in_force_from > day and one != but), None)
        return after.in_force_from - timedelta(days=1) if after else None

    def taken(self, *, but: ChargingPolicy | None = None) -> list[date]:
        """The days from which others hold."""
        return [one.in_force_from for one in self.every if one != but]

    def rows(self) -> list[Row]:
        """The latest first."""
        return [Row(one, self.until(one.in_force_from), *self.standing(one)) for one in reversed(self.every)]

    def standing(self, policy: ChargingPolicy) -> tuple[str, str]:
        """The word and the colour of its tag."""
        if policy.in_force_from > self.today:
            return "To come", "blue"
        return ("In force", "green") if policy == self.in_force else ("Past", "grey")

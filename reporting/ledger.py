"""The ledger: each booking that ever held a place came from one source and has one outcome."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bookings.models import Booking

UNKNOWN = "unknown"

SOURCES = {source.value: source.label for source in Booking.Source}
OUTCOMES = {outcome.value: outcome.label for outcome in Booking.Outcome} | {UNKNOWN: "Outcome unknown"}


@dataclass(frozen=True, slots=True)
class Ledger:
    """How many bookings came from each source, and how many ended in each way."""

    bookings: int
    sources: Mapping[str, int]
    outcomes: Mapping[str, int]

    @classmethod
    def of(cls, counted: Mapping[str, Any]) -> "Ledger":
        """From the columns that counting.py adds up."""
        return cls(
            counted.get("bookings") or 0,
            {source: counted.get(f"source_{_column(source)}") or 0 for source in SOURCES},
            {outcome: counted.get(f"outcome_{_column(outcome)}") or 0 for outcome in OUTCOMES},
        )

    @classmethod
    def total(cls, ledgers: Iterable["Ledger"]) -> "Ledger":
        ledgers = list(ledgers)
        return cls(
            sum(ledger.bookings for ledger in ledgers),
            {source: sum(ledger.sources[source] for ledger in ledgers) for source in SOURCES},
            {outcome: sum(ledger.outcomes[outcome] for ledger in ledgers) for outcome in OUTCOMES},
        )

    @property
    def adds_up(self) -> bool:
        """The identity: bookings of all sources = sum over outcomes, unknown included."""
        return self.bookings == sum(self.sources.values()) == sum(self.outcomes.values())

    @property
    def identity(self) -> str:
        """In words and numbers, as it is printed with the report."""
        sources = " + ".join(f"{number:,} {SOURCES[key].lower()}" for key, number in self.sources.items() if number)
        outcomes = " + ".join(f"{number:,} {OUTCOMES[key].lower()}" for key, number in self.outcomes.items() if number)
        sign = "=" if self.adds_up else "≠"
        return f"{sources or '0'} = {self.bookings:,} bookings {sign} {outcomes or '0'}"


def _column(key: str) -> str:
    return key.replace("-", "_")

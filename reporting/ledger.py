"""The ledger: each booking that ever held a place came from one source and has one outcome."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bookings.models import Booking

UNKNOWN = "unknown"

SOURCES = {source.value: source.label for source in Booking.Source}
OUTCOMES = {outcome.value: outcome.label for outcome in Booking.Outcome} | {UNKNOWN: "Outcome unknown"}

# The columns that counting.py adds up.
SOURCE_COLUMNS = {source: f"source_{source.replace('-', '_')}" for source in SOURCES}
OUTCOME_COLUMNS = {outcome: f"outcome_{outcome.replace('-', '_')}" for outcome in OUTCOMES}


@dataclass(frozen=True, slots=True)
class Ledger:
    """How many bookings came from each source, and how many ended in each way."""

    bookings: int
    sources: Mapping[str, int]
    outcomes: Mapping[str, int]

    @classmethod
    def of(cls, counted: Mapping[str, Any]) -> "Ledger":
        """From what was counted of a cut."""
        return cls(
            counted.get("bookings") or 0,
            {source: counted.get(column) or 0 for source, column in SOURCE_COLUMNS.items()},
            {outcome: counted.get(column) or 0 for outcome, column in OUTCOME_COLUMNS.items()},
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

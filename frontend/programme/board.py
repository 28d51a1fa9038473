"""The programme as a board: a column for each state, with what stands in it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from frontend.programme import listing

# More than these nobody looks through, in all and in a column.
MOST, IN_A_COLUMN = 500, 12
ORDER = (
    "undated",
    "draft",
    "tentative",
    "coming",
    "room",
    "full",
    "overfull",
    "hand-in",
    "close",
    "closed",
    "cancelled",
)
# Of what is done with, the latest comes first.
DONE = frozenset({"closed", "cancelled"})
# Where the list can be filtered to what a column holds.
LISTED = frozenset({"draft", "tentative", "room", "overfull", "hand-in", "close", "cancelled"})


@dataclass(frozen=True, slots=True)
class Column:
    """Events that stand alike: the first of them, and how many more there are."""

    standing: str
    rows: list[listing.Row]
    more: int

    @property
    def total(self) -> int:
        return len(self.rows) + self.more

    @property
    def is_listed(self) -> bool:
        return self.standing in LISTED


def columns(rows: Iterable[listing.Row], now: datetime) -> list[Column]:
    """Those columns that hold something, in the order of an event's life."""
    by_standing: dict[str, list[listing.Row]] = defaultdict(list)
    for row in rows:
        by_standing["tentative" if listing.is_not_sure(row, now) else listing.standing(row, now)].append(row)
    for standing in DONE:
        by_standing[standing].reverse()
    return [
        Column(standing, found[:IN_A_COLUMN], max(0, len(found) - IN_A_COLUMN))
        for standing in ORDER
        if (found := by_standing[standing])
    ]

"""Rooms and trainers that a workbook has in two places at once: taken with an override, and listed."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime

AS_IN_THE_WORKBOOK = "as in the workbook"


@dataclass(slots=True)
class Use:
    """One use of a room or a trainer. Fixed: stands in Turnout and is not asked."""

    what: Hashable
    starts_at: datetime
    ends_at: datetime
    event: str
    # Why it may clash, as it stands now; empty: it may not.
    override: str = ""
    is_fixed: bool = False
    clashes_with: str = ""


def settle(uses: Iterable[Use]) -> None:
    """Set clashes_with on those that must have an override, so that the others are in one place at a time.

    What has no override today keeps its place before what has one, so that the same workbook settles the same way
    again.
    """
    taken: dict[Hashable, list[Use]] = defaultdict(list)
    for use in sorted(uses, key=lambda use: (not use.is_fixed, use.override != "", use.starts_at, use.event)):
        clash = next(
            (other for other in taken[use.what] if use.starts_at < other.ends_at and other.starts_at < use.ends_at),
            None,
        )
        if clash is not None and not use.is_fixed:
            use.clashes_with = clash.event
        else:
            taken[use.what].append(use)


def override_for(use: Use) -> str:
    """The override to keep: a person's own stays, the workbook's goes when nothing clashes any more."""
    if use.clashes_with:
        return use.override or AS_IN_THE_WORKBOOK
    return "" if use.override == AS_IN_THE_WORKBOOK else use.override

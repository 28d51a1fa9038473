"""What an import did, or would do, in words for whoever brought the workbook."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

SINGULAR = {
    "agencies": "agency",
    "charging policies": "charging policy",
    "other names of agencies": "other name of an agency",
    "people": "person",
}
SHOWN = 50  # lines of one list; the rest is counted


@dataclass(slots=True)
class Summary:
    """Counts and lists; str() and lines() print them."""

    # Whether it was written, or only looked at.
    is_written: bool = False
    # Rows of the workbook, and rows of the database that would be made, changed or deleted.
    rows: int = 0
    to_write: int = 0
    # Financial years of its events, the latest first.
    years: list[str] = field(default_factory=list)
    # Rows by what they are: "events": 361.
    understood: dict[str, int] = field(default_factory=dict)
    # New rows by what they are.
    made: dict[str, int] = field(default_factory=dict)
    # "Event 17-089: places 22 → 24". No names: a background job may keep it.
    corrected: list[str] = field(default_factory=list)
    # What stands in Turnout and not in the workbook any more; it stays. Bookings by name, as in changed_agency.
    gone: list[str] = field(default_factory=list)
    # What was taken although rooms, trainers or places clash.
    overrides: list[str] = field(default_factory=list)
    # What was not touched, since it was changed in Turnout in a way that a workbook cannot say.
    left_alone: list[str] = field(default_factory=list)
    # (the name used, the agency's own): how often.
    aliases: Counter[tuple[str, str]] = field(default_factory=Counter)
    people_known: int = 0
    people_new: int = 0
    # By name: only for whoever brought the workbook, kept nowhere.
    changed_agency: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    @property
    def compared(self) -> int:
        """Rows that were compared one by one, of all the workbook's."""
        return sum(self.understood.values())

    def correct(self, what: str, differences: list[str]) -> None:
        """Note what was corrected about one thing, if anything."""
        if differences:
            self.corrected.append(f"{what}: {', '.join(differences)}")

    @property
    def has_changes(self) -> bool:
        return bool(any(self.made.values()) or self.corrected)

    def lines(self) -> list[str]:
        """As it is printed."""
        lines = ["Understood: " + _counts(self.understood) + "."]
        lines.append(f"People: {self.people_known:,} known already, {self.people_new:,} new.")
        lines += self._aliases()
        lines += _listed("Changed agency", self.changed_agency)
        lines += _listed("Not part of a programme, and not read", self.unused)
        lines += _listed('Taken "as in the workbook"', self.overrides)
        lines += _listed("Stands in Turnout and not in this workbook; it stays", self.gone)
        lines += _listed("Left as it is in Turnout", self.left_alone)
        if not self.has_changes:
            return [*lines, "Nothing to change."]
        lines += [] if not any(self.made.values()) else [f"{self._verb('Made')}: {_counts(self.made)}."]
        lines += _listed(self._verb("Corrected"), self.corrected)
        return lines if self.is_written else [*lines, "Nothing was written: this was a check."]

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def _verb(self, done: str) -> str:
        return done if self.is_written else f"Would be {done.lower()}"

    def _aliases(self) -> list[str]:
        names: dict[str, list[str]] = defaultdict(list)
        for (said, agency), number in self.aliases.most_common():
            names[agency].append(f"{said} ({number:,})")
        return _listed("Other names used", [f"{agency}: {', '.join(said)}" for agency, said in sorted(names.items())])


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {_named(what, number)}" for what, number in counts.items() if number) or "nothing"


def _named(what: str, number: int) -> str:
    return SINGULAR.get(what, what.removesuffix("s")) if number == 1 else what


def _listed(heading: str, found: list[str]) -> list[str]:
    if not found:
        return []
    more = [f"  … and {len(found) - SHOWN:,} more"] if len(found) > SHOWN else []
    return [f"{heading}: {len(found):,}", *(f"  {one}" for one in found[:SHOWN]), *more]

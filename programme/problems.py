"""What is wrong with a workbook, told by sheet, row and column with what to do about it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from programme.summary import Summary

SHOWN = 200  # lines of a list printed to a terminal; the rest is counted


class ImportRefused(Exception):
    """Nothing was written. The message and the problems are for the person who brought the workbook."""

    def __init__(self, message: str, problems: "Iterable[Problem]" = (), summary: "Summary | None" = None) -> None:
        super().__init__(message)
        self.problems = list(problems)
        # What was understood all the same; None where nothing was.
        self.summary = summary

    def lines(self) -> list[str]:
        """The refusal as it is printed: one line a problem, the list cut where nobody would read on."""
        lines = [str(problem) for problem in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            lines.append(f"… and {len(self.problems) - SHOWN:,} more problems.")
        return [*lines, str(self)]


class AnotherIsRunning(ImportRefused):
    """Two imports are never written at once."""


class WorkbookRefused(ImportRefused):
    """The file is not a workbook that may be opened."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right. Row and column are where; further_cells say the same value again."""

    sheet: str
    what: str
    todo: str
    row: int | None = None
    column: str = ""
    column_number: int | None = None
    further_cells: tuple[str, ...] = ()

    @property
    def cell(self) -> str:
        """Bookings!B12, or as much of it as is known."""
        if self.row is None:
            return self.sheet
        letter = column_letter(self.column_number) if self.column_number else ""
        return f"{self.sheet}!{letter}{self.row}" if letter else f"{self.sheet}, row {self.row}"

    def __str__(self) -> str:
        where = f"{self.cell} ({self.column})" if self.column else self.cell
        if self.further_cells:
            shown = ", ".join(self.further_cells[:3]) + (" …" if len(self.further_cells) > 3 else "")
            where += f" and {len(self.further_cells):,} more ({shown})"
        return f"{where}: {self.what} {self.todo}"


def column_letter(number: int) -> str:
    """A for 1, Z for 26, AA for 27."""
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


@dataclass(slots=True)
class Problems:
    """The problems found so far; every reader adds to the same list, so that all are told in one go."""

    found: list[Problem] = field(default_factory=list)
    # Sheets in the order in which they are read, for sorting.
    order: dict[str, int] = field(default_factory=dict)

    def add(self, problem: Problem) -> None:
        self.found.append(problem)

    def __bool__(self) -> bool:
        return bool(self.found)

    def __iter__(self) -> Iterator[Problem]:
        """By sheet, row and column."""
        return iter(
            sorted(
                self.found,
                key=lambda p: (self.order.get(p.sheet, len(self.order)), p.row or 0, p.column_number or 0),
            )
        )

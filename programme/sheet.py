"""One sheet of a workbook as rows whose cells are read by their column's heading."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from rapidfuzz import process

from programme import values
from programme.layout import Layout, heading_key, scale
from programme.problems import Problem, Problems
from programme.steps import NOBODY, Steps
from programme.workbook import RawSheet

Read = TypeVar("Read")
TITLE_ROWS = 20  # a title and notes may stand above the headings, not more
MERGED_SHOWN = 100


class Row:
    """One row. What is wrong with a cell goes to the problems once, and the column counts as bad from then on."""

    __slots__ = ("bad", "number", "sheet", "values")

    def __init__(self, sheet: "Sheet", number: int, cells: list[Any], *, muted: bool) -> None:
        self.sheet = sheet
        self.number = number
        self.values = cells
        # Columns that say nothing to go by. Whoever finds a cell empty asks here before complaining.
        self.bad = set(sheet.columns) | sheet.missing if muted else set(sheet.missing)

    def raw(self, column: str) -> Any:
        """The cell as it came; None where it is empty or only spaces."""
        at = self.sheet.columns.get(column)
        value = self.values[at] if at is not None and at < len(self.values) else None
        return None if isinstance(value, str) and not value.strip() else value

    def read(self, column: str, how: Callable[[Any], Read]) -> Read | None:
        """The cell's value, None where it is empty or cannot be read."""
        value = self.raw(column)
        if value is None:
            return None
        try:
            return how(value)
        except values.Unreadable as fault:
            self.refuse(column, fault.what, fault.todo)
            return None

    def needed(self, column: str, how: Callable[[Any], Read], todo: str) -> Read | None:
        """As read(), but an empty cell is a problem."""
        if self.raw(column) is None:
            self.refuse(column, "this is empty.", todo)
            return None
        return self.read(column, how)

    def text(self, column: str, longest: int = 200) -> str:
        # The quick way for what nearly every cell is.
        value = self.raw(column)
        if type(value) is str and len(value) <= longest and "  " not in value and value.isprintable():
            return value.strip()
        return self.read(column, lambda value: values.text(value, longest=longest)) or ""

    def refuse(self, column: str, what: str, todo: str) -> None:
        """Say what is wrong with a cell, unless the cell was found wrong before."""
        if column in self.bad:
            return
        self.bad.add(column)
        self.sheet.problems.add(self.problem(column, what, todo))

    def problem(self, column: str, what: str, todo: str) -> Problem:
        at = self.sheet.columns.get(column)
        return Problem(self.sheet.layout.name, what, todo, self.number, column, None if at is None else at + 1)

    def cell(self, column: str) -> str:
        return self.problem(column, "", "").cell


class Sheet:
    """A sheet with its headings found. Without a heading row it has no rows, and what it would hold is unknown."""

    def __init__(self, layout: Layout, raw: RawSheet | None, problems: Problems, steps: Steps = NOBODY) -> None:
        self.layout = layout
        self.problems = problems
        self.steps = steps
        self.columns: dict[str, int] = {}
        self.scales: dict[str, tuple[int, int]] = {}
        self.unused: list[str] = []
        # What the layout asks for and the sheet has not.
        self.missing: set[str] = set(layout.columns)
        self.is_there = raw is not None
        self._rows: list[tuple[int, list[Any]]] = []
        self._muted: set[int] = set()
        if raw is not None:
            self._find_headings(raw)
            steps.step(len(raw.rows) - len(self._rows))
        elif layout.needed:
            columns = ", ".join(layout.columns)
            self.refuse(f"there is no sheet {layout.name}.", f"Add it, with the columns {columns}.")

    def __iter__(self) -> Iterator[Row]:
        """The rows under the headings that have something in a column we know."""
        used = list(self.columns.values())
        for number, cells in self._rows:
            self.steps.step()
            if any(at < len(cells) and cells[at] is not None and cells[at] != "" for at in used):
                row = Row(self, number, cells, muted=number in self._muted)
                if any(row.raw(column) is not None for column in self.columns):
                    yield row

    @property
    def is_whole(self) -> bool:
        """Whether every row could be read: no column missing, nothing merged."""
        return self.is_there and not self.missing and not self._muted

    def refuse(self, what: str, todo: str, row: int | None = None) -> None:
        self.problems.add(Problem(self.layout.name, what, todo, row))

    def _find_headings(self, raw: RawSheet) -> None:
        wanted = {heading_key(name): name for name in (*self.layout.columns, *self.layout.optional)}

        def known(cells: list[Any]) -> int:
            return sum(isinstance(cell, str) and heading_key(cell) in wanted for cell in cells)

        best = max(raw.rows[:TITLE_ROWS], key=lambda row: known(row[1]), default=None)
        if best is None or not known(best[1]):
            columns = ", ".join(self.layout.columns)
            self.refuse("the sheet has no headings.", f"Give it a row with the columns {columns}.")
            return
        number, cells = best
        for at, cell in enumerate(cells):
            if isinstance(cell, str) and cell.strip():
                self._take_heading(at, cell, wanted.get(heading_key(cell)), number)
        self._rows = [row for row in raw.rows if row[0] > number]
        self.missing -= set(self.columns)
        # Merged headings hide the columns under them: that is one fault, not several.
        if not self._take_merged(raw.merged, number):
            for name in (name for name in self.layout.columns if name in self.missing):
                self._refuse_missing(name, number)

    def _take_heading(self, at: int, said: str, name: str | None, number: int) -> None:
        if name is None:
            self.unused.append(said.strip())
        elif name in self.columns:
            self.refuse(f"two columns are headed '{name}'.", "Take one out or name it otherwise.", number)
        else:
            self.columns[name] = at
            if found := scale(said):
                self.scales[name] = found

    def _refuse_missing(self, name: str, number: int) -> None:
        near = process.extractOne(name, self.unused, score_cutoff=70)
        like = f"Is it '{near[0]}'? Then name that column '{name}'" if near else f"Add the column '{name}'"
        self.refuse(f"there is no column '{name}'.", f"{like}.", number)

    def _take_merged(self, ranges: list[str], headings: int) -> bool:
        """Merged cells are a fault where we read; their rows are then read without complaint about what is empty.

        Returns whether the headings are among them.
        """
        if not ranges:
            return False
        from openpyxl.utils.cell import range_boundaries  # slow to import, and most sheets have none

        used, numbers = set(self.columns.values()), [number for number, _ in self._rows]
        found = [(said, *range_boundaries(said)) for said in ranges]
        found = [one for one in found if one[4] >= headings and used.intersection(range(one[1] - 1, one[3]))]
        for said, first_column, first_row, _, last_row in found[:MERGED_SHOWN]:
            self._muted.update(numbers[bisect_left(numbers, first_row) : bisect_right(numbers, last_row)])
            column = next((name for name, at in self.columns.items() if at == first_column - 1), "")
            what, todo = f"the cells {said} are merged.", "Unmerge them and fill in each one."
            self.problems.add(Problem(self.layout.name, what, todo, first_row, column, first_column))
        if len(found) > MERGED_SHOWN:
            self.refuse(f"{len(found):,} ranges of cells are merged.", "Unmerge all cells of the sheet.")
        return any(first_row <= headings for _, _, first_row, _, _ in found)

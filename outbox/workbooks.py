"""Workbooks (XLSX) written row by row, so that a hundred thousand rows take no more memory than ten.

    workbook = workbooks.Workbook("Charges of 2018/19")
    sheet = workbook.sheet("Charges", ["Charge", "Net amount"], widths=[14, 12])
    sheet.row(["CH1", Decimal(75)], formats=["", workbooks.POUNDS])
    workbook.save(file)

Text is text, never a formula. openpyxl is slow to load, so import this module where it is used.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any

from openpyxl import Workbook as OpenpyxlWorkbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from outbox import cells

POUNDS = "[$£-809]#,##0.00"
WHOLE = "#,##0"
TENTH = "#,##0.0"
PERCENT = '0.0" %"'  # of a value that is in hundredths already
DATE = "d mmm yyyy"
MOMENT = "d mmm yyyy hh:mm"

HEAD_FILL = "E8EEF2"
LONGEST_NAME = 31  # of a sheet, by Excel
_NOT_IN_NAMES = re.compile(r"[\\/*?:\[\]]")
NARROWEST, WIDEST = 8, 60
# What openpyxl would take for a formula or an error.
_NOT_PLAIN = ("=", "#")


class Workbook:
    """A workbook with a title; sheets are written one after the other."""

    def __init__(self, title: str) -> None:
        self._workbook = OpenpyxlWorkbook(write_only=True)
        self._workbook.properties.title = cells.text(title)
        self._workbook.properties.creator = "Turnout"
        self._workbook.properties.language = "en-GB"

    def sheet(self, name: str, head: Sequence[str] = (), widths: Sequence[float] = ()) -> "Sheet":
        """A sheet whose head stays in sight and filters what is below it."""
        return Sheet(self._workbook.create_sheet(_NOT_IN_NAMES.sub("-", name)[:LONGEST_NAME]), head, widths)

    def save(self, file: IO[bytes]) -> None:
        self._workbook.save(file)


class _Kept(Cell):
    """A cell that is used again for each row. openpyxl first takes it for a value, and tells itself which in words."""

    __slots__ = ()

    def hold(self, value: Any) -> None:
        """Take a number or a date. What openpyxl's setter would find out each time is known: the format is set."""
        self._value, self.data_type = value, "d" if isinstance(value, date) else "n"

    def __repr__(self) -> str:
        return "a cell"


class Sheet:
    """Rows are written as they are given; cells are made once per format and used again for each row."""

    def __init__(self, sheet: Any, head: Sequence[str], widths: Sequence[float]) -> None:
        self.sheet = sheet
        self.rows = 0
        self._cells: dict[tuple[int, str], Any] = {}
        self._columns = len(head)
        # openpyxl writes these before the first row.
        for place, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(place)].width = width
        if head:
            sheet.freeze_panes = "A2"
            sheet.print_title_rows = "1:1"
            self.styled(head, bold=True, fill=HEAD_FILL, wrap=True)

    def row(self, values: Iterable[Any], formats: Sequence[str] = ()) -> None:
        """A row of plain cells; formats are those of numbers, column by column, dates have theirs."""
        written: list[Any] = []
        for place, value in enumerate(values):
            # Nearly all cells are plain words: nothing that has to be looked at twice.
            if type(value) is str and value.isprintable() and len(value) <= cells.LONGEST:
                written.append(self._text(value) if value.startswith(_NOT_PLAIN) else value or None)
            else:
                given = formats[place] if place < len(formats) else ""
                written.append(self._cell(place, cells.plain(value), given))
        self.sheet.append(written)
        self.rows += 1

    def styled(self, values: Iterable[Any], **style: Any) -> None:
        """A row of cells that look alike: bold, size, fill, wrap."""
        self.sheet.append([_styled(self.sheet, value, **style) for value in values])
        self.rows += 1

    def filter_all(self) -> None:
        """Let the head filter all rows; to be called after the last."""
        self.sheet.auto_filter.ref = f"A1:{get_column_letter(self._columns)}{max(self.rows, 1)}"

    def _cell(self, place: int, value: cells.Plain, given: str) -> Any:
        if isinstance(value, str):
            return self._text(value) if value.startswith(_NOT_PLAIN) else value
        if isinstance(value, date):
            given = MOMENT if isinstance(value, datetime) else DATE
        if value is None or not given or isinstance(value, bool):
            return value
        cell = self._cells.get((place, given))
        if cell is None:
            cell = self._cells[place, given] = _Kept(self.sheet, row=1, column=place + 1)
            cell.number_format = given
        cell.hold(value)
        return cell

    def _text(self, value: str) -> Any:
        cell = WriteOnlyCell(self.sheet, value)
        cell.data_type = "s"
        return cell


def _styled(sheet: Any, value: Any, *, bold: bool = False, size: int = 11, fill: str = "", wrap: bool = False) -> Any:
    given: Any = cells.plain(value)
    cell = WriteOnlyCell(sheet, given)
    if isinstance(value, str):
        cell.data_type = "s"
    cell.font = Font(bold=bold, size=size)
    cell.alignment = Alignment(wrap_text=wrap, vertical="top")
    if fill:
        cell.fill = PatternFill("solid", fgColor=fill)
    return cell


def widths_of(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[float]:
    """Wide enough for most of what is in the columns: by the head's longest word and the rows given."""
    widest = [max(map(len, name.split()), default=0) for name in head]
    for row in rows:
        for place, value in enumerate(row):
            widest[place] = max(widest[place], _length(value))
    return [min(max(width + 2, NARROWEST), WIDEST) for width in widest]


def _length(value: Any) -> int:
    if isinstance(value, date):
        return 17 if isinstance(value, datetime) else 11
    return len(str(value)) if value is not None else 0

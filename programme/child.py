"""The process that parses a workbook: it has a limit on memory and time, no database and no secrets.

Run by workbook.py as `python -m programme.child MEMORY`, the workbook as its input. It writes lines of JSON: for each
sheet its title, then its rows as [number, [cells]], then its merged ranges. Imports nothing of Django, to be small.
"""

import contextlib
import json
import resource
import sys
import warnings
from datetime import date, datetime, time, timedelta
from typing import IO, Any
from xml.etree.ElementTree import SubElement

from programme.layout import KEYS, heading_key

# How the process ends when it does not succeed.
TOO_LARGE, NOT_READ = 3, 4
SECONDS = 60
MOST_COLUMNS = 100
MOST_CELLS = 2_000_000
MOST_CHARACTERS = 40_000_000


class TooLarge(Exception):
    """More cells or text than a programme can have."""


class Writer:
    """Writes the lines, and stops a workbook whose few parts stand for endless rows."""

    def __init__(self, out: IO[str]) -> None:
        self.out = out
        self.cells = self.characters = 0

    def write(self, line: object, cells: int = 0) -> None:
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
        self.cells += cells
        self.characters += len(text)
        if self.cells > MOST_CELLS or self.characters > MOST_CHARACTERS:
            raise TooLarge
        self.out.write(text + "\n")


def main(memory: int) -> int:
    """Read the workbook on the standard input; the exit code says how it went."""
    with contextlib.suppress(ValueError, OSError):  # a system without such limits, or with lower ones
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    warnings.simplefilter("ignore")
    try:
        # Imported under the limit, and only now.
        import openpyxl

        # Formulas stay formulas, links to other files are not followed.
        workbook = openpyxl.load_workbook(sys.stdin.buffer, read_only=True, keep_links=False)
        writer = Writer(sys.stdout)
        for sheet in workbook.worksheets:
            write_sheet(workbook, sheet, writer)
    except (MemoryError, TooLarge):
        return TOO_LARGE
    except Exception:  # whatever a file can do to a parser: the parent says that it cannot be read
        return NOT_READ
    return 0


def write_sheet(workbook: Any, sheet: Any, writer: Writer) -> None:
    # openpyxl's own parser, as its read-only mode uses it; that mode itself drops merged cells, and the normal mode
    # takes twice the time and memory.
    from openpyxl.worksheet._reader import INLINE_STRING, VALUE_TAG, WorkSheetParser
    from openpyxl.xml.constants import SHEET_MAIN_NS

    class Parser(WorkSheetParser):
        def parse_cell(self, element: Any) -> Any:
            # Text kept in the cell, and in one piece: openpyxl builds an object for it, a third of the whole time.
            text = element.findtext(plain_text) if element.get("t") == "inlineStr" else None
            if text is not None:
                element.set("t", "str")
                SubElement(element, VALUE_TAG).text = text
            return super().parse_cell(element)

    plain_text = f"{INLINE_STRING}/{{{SHEET_MAIN_NS}}}t"
    writer.write({"sheet": sheet.title})
    if heading_key(sheet.title) not in KEYS:
        return
    with sheet._get_source() as source:
        parser = Parser(
            source,
            sheet._shared_strings,
            epoch=workbook.epoch,
            date_formats=workbook._date_formats,
            timedelta_formats=workbook._timedelta_formats,
        )
        for number, cells in parser.parse():
            if values := row_values(cells):
                writer.write([number, values], len(values))
        if parser.merged_cells:
            writer.write({"merged": [str(merged.ref) for merged in parser.merged_cells.mergeCell]})


def row_values(cells: list[dict[str, Any]]) -> list[Any]:
    """The cells in their columns, as far as the last one with something in it."""
    values: list[Any] = []
    for cell in cells:
        value = cell["value"]
        if value is None or value == "":
            continue
        column = cell["column"]
        if column > MOST_COLUMNS:
            raise TooLarge
        values.extend([None] * (column - len(values)))
        values[column - 1] = plain(value, cell["data_type"])
    return values


def plain(value: Any, kind: str) -> Any:
    """The value as JSON has it: text and numbers as they are, others as a list of kind and text."""
    if kind == "f":
        return ["formula", ""]
    if kind == "e":
        return ["error", str(value)]
    if isinstance(value, datetime | date | time):
        return [type(value).__name__, value.isoformat()]
    if isinstance(value, timedelta):
        return ["duration", str(value.total_seconds())]
    return value if isinstance(value, str | int | float | bool) else str(value)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))

"""Lists as CSV files that a spreadsheet opens as what they say."""

import csv
from collections.abc import Iterable
from typing import Any, Protocol

from django.http import HttpResponse

from outbox import cells

# Without it Excel reads UTF-8 as something else, and Siân becomes SiÃ¢n.
MARK = "\ufeff"


class Written(Protocol):
    def write(self, text: str, /) -> Any: ...


def write(file: Written, head: Iterable[str], rows: Iterable[Iterable[Any]]) -> int:
    """Write head and rows; text is text, never a formula; times are local; None is empty. Returns how many rows."""
    file.write(MARK)
    writer = csv.writer(file)
    writer.writerow(head)
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007  # counted
        writer.writerow([cells.for_csv(value) for value in row])
    return count


def csv_file(name: str, head: Iterable[str], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """A download called name.csv."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    write(response, head, rows)
    return response

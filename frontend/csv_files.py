"""Lists as CSV files that a spreadsheet opens as what they say."""

import csv
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

# What makes a spreadsheet take a cell for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_file(name: str, head: Iterable[str], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """A download called name.csv. Text is text, never a formula; times are local; None is empty."""
    # Without the mark Excel reads UTF-8 as something else, and Siân becomes SiÃ¢n.
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    writer = csv.writer(response)
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return response


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    # An apostrophe before it, as a spreadsheet itself marks text.
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value

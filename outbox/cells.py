"""Values as cells of spreadsheets, CSV and XLSX alike: text is text and never a formula, times are local."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

# What makes a spreadsheet take a cell of a CSV file for a formula; the last four are = + - @ in full width.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Control characters that XML cannot hold: openpyxl refuses them, and leaves a workbook that cannot be finished.
_CONTROLS = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# The longest text that a cell of a workbook holds.
LONGEST = 32_767

Plain = str | bool | int | float | Decimal | date | datetime | None


def plain(value: Any) -> Plain:
    """A value that a cell can hold: times without their zone as the local clock shows them, None for no text."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            return value
        return value.astimezone(timezone.get_default_timezone()).replace(tzinfo=None, microsecond=0)
    if value is None or isinstance(value, bool | int | float | Decimal | date):
        return value
    return text(value) or None


def text(value: Any) -> str:
    """Without what XML cannot hold, and no longer than a cell."""
    words = str(value)
    if _CONTROLS.search(words):
        words = _CONTROLS.sub("", words)
    return words[:LONGEST]


def for_csv(value: Any) -> Any:
    """Text with an apostrophe before it where it looks like a formula, as a spreadsheet itself marks text."""
    if isinstance(value, datetime):
        return f"{plain(value):%Y-%m-%d %H:%M}"
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value

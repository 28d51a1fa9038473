"""Lists as files: CSV, or XLSX where ?format=xlsx asks for it, all pages of what the screen's filter shows.

    COLUMNS = {
        "Charge": "reference",                              # where the value is, as in values_list()
        "State": words_of("state", Charge.State),           # as its label
        "Net amount": pounds("net_amount"),                 # a number that is shown as money
        "Standing": lambda charge: …,                       # or made from the row
    }
    return list_file(request, "charges", COLUMNS, rows)     # in a view by GET

Rows are a queryset or anything else that can be counted; columns may also be only heads, of rows that are tuples. Each
export is recorded. More than settings.EXPORT_IN_BACKGROUND_OVER rows are offered as a file that a job makes: it asks
the same view again, so a view may use nothing of the request but person and GET.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from itertools import chain, islice
from operator import attrgetter
from typing import IO, TYPE_CHECKING, Any, cast

from django.conf import settings
from django.core import signing
from django.db.models import Choices, QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from frontend import csv_files
from frontend.access import SignedInRequest
from people import exports
from people.models import ExportFile

if TYPE_CHECKING:
    from outbox.progress import Progress

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SALT = "frontend.downloads"
CHUNK = 2000  # rows read from the database at a time
LOOKED_AT = 200  # rows that say how wide a column is

How = str | Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """Where a column's value is, what is made of it, and the format of its numbers."""

    at: How
    make: Callable[[Any], Any] | None = None
    number_format: str = ""


Columns = Mapping[str, How | Column]


def pounds(at: How) -> Column:
    """Of a sum of money."""
    return Column(at, number_format="[$£-809]#,##0.00")


def words_of(at: How, choices: type[Choices]) -> Column:
    """Of a choice: its label."""
    words = dict(choices.choices)
    return Column(at, lambda value: words.get(value, value))


@dataclass(frozen=True, slots=True)
class Table:
    """A list, to be written as a file: name is its file's, rows are read once."""

    name: str
    heads: list[str]
    formats: list[str]
    rows: Iterable[Sequence[Any]]

    @property
    def title(self) -> str:
        words = self.name.replace("-", " ")
        return words[:1].upper() + words[1:]  # the rest as it is: it may be an event's reference


class AskedAgain(SignedInRequest):
    """A download's address, asked again by the job that makes its file; the view's answer is the table itself."""

    file: ExportFile
    progress: "Progress"
    table: Table | None = None


def list_file(request: SignedInRequest, name: str, columns: Columns | Sequence[str], rows: Any) -> HttpResponse:
    """The list as a download called name.csv or name.xlsx, recorded; where it is long, the page that offers it."""
    count = rows.count() if isinstance(rows, QuerySet) else len(rows)
    table = _table(name, columns, rows)
    if isinstance(request, AskedAgain):
        request.table = table
        request.progress.total(count)
        return HttpResponse()
    file_format = format_asked(request)
    if count > settings.EXPORT_IN_BACKGROUND_OVER:
        token = signing.dumps([name, file_format, request.get_full_path(), request.person.pk], salt=SALT)
        context = {"title": table.title, "count": count, "token": token, "file_format": file_format}
        return render(request, "exports/offer.html", context)
    file = BytesIO()
    record(request, name, file_format, write(table, file_format, file))
    response = HttpResponse(file.getvalue(), content_type=TYPES[file_format])
    response["Content-Disposition"] = f'attachment; filename="{name}.{file_format}"'
    return response


def record(request: SignedInRequest, what: str, file_format: str, rows: int = 0) -> None:
    """Note that the person takes something out. list_file does it by itself; other downloads call it."""
    exports.record(by=request.person, what=what, file_format=file_format, address=request.get_full_path(), rows=rows)


def format_asked(request: SignedInRequest) -> str:
    return "xlsx" if request.GET.get("format") == "xlsx" else "csv"


def write(table: Table, file_format: str, file: IO[bytes]) -> int:
    """Write the table; returns how many rows it had."""
    if file_format == "csv":
        text = TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        count = csv_files.write(text, table.heads, table.rows)
        text.detach()
        return count
    from outbox import workbooks  # openpyxl is slow to load

    rows = iter(table.rows)
    first = list(islice(rows, LOOKED_AT))
    workbook = workbooks.Workbook(table.title)
    sheet = workbook.sheet(table.title, table.heads, workbooks.widths_of(table.heads, first))
    for row in chain(first, rows):
        sheet.row(row, table.formats)
    sheet.filter_all()
    workbook.save(file)
    return sheet.rows - 1


def _table(name: str, columns: Columns | Sequence[str], rows: Any) -> Table:
    if not isinstance(columns, Mapping):
        return Table(name, list(columns), [""] * len(columns), rows)
    each = [column if isinstance(column, Column) else Column(column) for column in columns.values()]
    return Table(name, list(columns), [column.number_format for column in each], _cells(each, rows))


def _cells(columns: list[Column], rows: Any) -> Iterator[Sequence[Any]]:
    """Rows of values. A queryset is read in chunks by a cursor of the server's, only what is asked for where it can."""
    makes = [(place, column.make) for place, column in enumerate(columns) if column.make]
    if isinstance(rows, QuerySet) and all(isinstance(column.at, str) for column in columns):
        found: Iterable[Sequence[Any]] = rows.values_list(*cast(list[str], [column.at for column in columns])).iterator(
            CHUNK
        )
    else:
        getters = [_getter(column.at) for column in columns]
        each = rows.iterator(CHUNK) if isinstance(rows, QuerySet) else rows
        found = ([get(row) for get in getters] for row in each)
    for row in found:
        made = list(row)
        for place, make in makes:
            made[place] = make(made[place])
        yield made


def _getter(at: How) -> Callable[[Any], Any]:
    return attrgetter(at.replace("__", ".")) if isinstance(at, str) else at

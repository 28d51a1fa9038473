"""Workbooks for the tests: a small partnership's, and the demonstration's."""

from copy import deepcopy
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
from django.conf import settings

from programme.workbook import RawSheet, RawWorkbook

DEMONSTRATION = Path(settings.BASE_DIR) / "programme" / "demonstration" / "bscb-2018-19.xlsx"

# Nothing of the demonstration's policy: 10 calendar days, £30 whatever the length, columns in another order, no
# workshops, no evaluations.
SMALL = {
    "Partnership": [["Value", "Item"], ["Anyshire Safeguarding Partnership", "Name"], ["Scotland", "Nation"]],
    "Charging": [
        ["Reason", "In force from", "Applies to", "Duration", "Amount", "VAT", "Notice", "Notice unit"],
        ["DNA", date(2019, 4, 1), "All", "All", 30, "Exempt", None, None],
        ["Cancelled late", "01/04/2019", "Face to face; Virtual", "All", "£30.00", "Exempt", 10, "Calendar days"],
    ],
    "Exemptions": [["Reason"], ["Sickness"]],
    "Agencies": [
        [
            "Type", "Agency", "Also known as", "Short name", "Statutory partner", "Invoice e-mail",
            "Purchase order", "Purchase order needed",
        ],
        ["Police", "Anyshire Police", "The police; Constabulary", "AP", "yes", "bills@police.example", None, "N"],
        ["Education", "Anyshire schools", None, None, "N", None, None, None],
    ],
    "Courses": [
        ["Course", "Code", "Duration", "Delivery", "Level", "Staff groups", "Objective"],
        ["Neglect", "NEG", "Half day", "Face to face", "Group B", "Midwife; Teacher", "Early help"],
        ["Briefing", "BR", "Briefing", "Virtual", None, "All", None],
    ],
    "Events": [
        ["Course code", "Event", "Status", "Date", "Start", "End", "Places", "Venue", "Trainers"],
        ["NEG", "E1", "Delivered", date(2019, 6, 12), "09:30", "12:30", 10, "Town Hall", "A. Hughes; B. Marsh"],
        ["NEG", "E2", "Delivered", "13/06/2019", time(9, 30), "4.30pm", 10, "Town Hall", "A. Hughes"],
        ["BR", "E3", "Cancelled", "14/6/2019", "10:00", "11:00", 10, None, None],
    ],
    "Bookings": [
        ["Delegate", "Email", "Event", "Booked on", "Agency", "Job", "Status", "Attended", "Cancelled on", "Reason"],
        ["Ann Lee", "Ann.Lee@police.example", "E1", date(2019, 5, 1), "AP", "Officer", "Booked", "Y", None, None],
        ["Bo Ray", "bo@schools.example", "E1", "02/05/2019", "Anyshire Schools", "Teacher", "booked", "DNA", None,
         None],
        ["Cy Fox", "cy@schools.example", "E1", "03/05/2019", "Anyshire schools", "", "Cancelled", None, "03/06/2019",
         "Sickness"],
        ["Ann Lee", "ann.lee@police.example", "E2", "04/05/2019", "the police", "Officer", "Cancelled", None,
         "01/06/2019", "Workload"],
        ["Bo Ray", "bo@schools.example", "E3", "05/05/2019", "Anyshire schools", None, "Event cancelled", None, None,
         None],
    ],
}  # fmt: skip


def small(**more):
    """The small partnership's sheets, to change; more=[[headings], [row]…] adds a sheet."""
    return deepcopy(SMALL) | more


def put(sheets, sheet, row, **cells):
    """Write cells of a row, counted from the first under the headings, by column: put(s, "Events", 1, Places=12)."""
    headings = {str(heading).replace(" ", "_"): at for at, heading in enumerate(sheets[sheet][0])}
    for name, value in cells.items():
        sheets[sheet][row][headings[name]] = value
    return sheets


def raw(sheets):
    """The sheets as they come from the process that parses a workbook."""
    return RawWorkbook(
        {
            name: RawSheet(
                name,
                [
                    (number, [_plain(value) for value in row])
                    for number, row in enumerate(rows, start=1)
                    if any(value is not None for value in row)
                ],
            )
            for name, rows in sheets.items()
        }
    )


def _plain(value):
    if isinstance(value, datetime | date | time):
        return [type(value).__name__, value.isoformat()]
    return value


def save(sheets, path):
    """The sheets as an .xlsx file."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path

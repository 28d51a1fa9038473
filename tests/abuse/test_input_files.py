"""Hostile text in files and emails: a row of abuse-and-faults.md, Input, each.

In pages and addresses: test_hostile_text.py. What a template does with its facts: tests/outbox/test_templates.py; typst
with what it prints: tests/invoicing/test_document.py. Templates are edited by nobody yet: that row comes with it.
"""

import csv
import io

import pytest
from django.core import mail
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from frontend import downloads
from outbox import delivery, messages
from reporting import document, utilisation
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    ChargeFactory,
    EventFactory,
    PartnershipFactory,
    PersonFactory,
    RegisterFactory,
    TariffFactory,
)
from tests.invoicing import situations

pytestmark = pytest.mark.django_db

FORMULAS = ["=1+1", "+1", "-1", "@SUM(1)", "\tx", "\r=1", '=HYPERLINK("http://evil")', "#REF!", "\uff1d1+1"]
HOSTILE = [
    "<script>alert(1)</script>",
    "{{7*7}}",
    "nothing\x00hidden",
    "abc\u202edcba\u200f",
    "x" * 10_000,
    '#eval("1") $x$ @ref *bold* _it_ `raw` \\ #panic(1)',
]


def written(texts, file_format):
    file = io.BytesIO()
    downloads.write(downloads.Table("texts", ["Text"], [""], [(text,) for text in texts]), file_format, file)
    return file


def test_text_starting_with_equals_plus_minus_at_or_tab_goes_to_xlsx_as_text():
    sheet = load_workbook(written(FORMULAS, "xlsx")).active
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["s"] * len(FORMULAS)
    assert [cell.value for cell in cells] == FORMULAS


def test_text_starting_with_equals_plus_minus_at_or_tab_goes_to_csv_as_text():
    rows = list(csv.reader(io.StringIO(written(FORMULAS, "csv").getvalue().decode("utf-8-sig"), newline="")))[1:]
    starts = {row[0][0] for row in rows if row[0] != "#REF!"}
    assert starts == {"'"}
    assert [row[0].removeprefix("'") for row in rows] == FORMULAS


def test_hostile_text_is_text_in_xlsx_and_csv():
    sheet = load_workbook(written(HOSTILE, "xlsx")).active
    expected = [text.replace("\x00", "") for text in HOSTILE]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == expected
    rows = list(csv.reader(io.StringIO(written(HOSTILE, "csv").getvalue().decode("utf-8-sig"), newline="")))[1:]
    assert [row[0] for row in rows] == HOSTILE


def test_a_workbook_cell_takes_no_more_than_excel_holds_and_a_title_no_sign_that_a_sheet_may_not():
    file = io.BytesIO()
    table = downloads.Table("a/b[c]*?:\\" + "x" * 40, ["Text"], [""], [("y" * 40_000,)])
    downloads.write(table, "xlsx", file)
    sheet = load_workbook(file).active
    assert len(sheet.title) == 31
    assert len(sheet["A2"].value) == 32_767


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text_in_email_and_begins_no_line_of_its_own(text):
    PartnershipFactory()
    typed = f"{text}\r\nBcc: eve@evil.example\r\n"
    # The database refuses a NUL, and a title as long as that.
    title = typed.replace("\x00", "")[:150] + "\nCc: eve@evil.example"
    booking = BookingFactory(delegate=PersonFactory(email="jade@example.org"), event__course__title=title)
    messages.post(key="trial", template="booking_confirmed", to="jade@example.org", reference=booking.reference)
    delivery.send_waiting()
    [sent] = mail.outbox
    assert sent.recipients() == ["jade@example.org"]
    wire = sent.message()
    assert {part.get_content_type() for part in wire.walk() if not part.is_multipart()} == {
        "text/plain",
        "text/html",
        "text/calendar",
    }
    assert {"Bcc", "Cc"}.isdisjoint(wire.keys())
    flat = " ".join(f"{sent.subject} {sent.body}".split())
    assert " ".join(title.split()) in flat
    assert not any(line.startswith(("Bcc:", "Cc:")) for line in sent.body.splitlines())


def test_hostile_text_is_text_in_the_reports_pdf():
    hostile = '#eval("1") $x$ @ref *bold* `raw` \\ #panic(1) <script>alert(1)</script> {{7*7}}'
    PartnershipFactory(name=hostile)
    event = situations.over(title=hostile)
    situations.absent(event, agency=AgencyFactory(name=hostile))
    made = document.made(utilisation.report("2018-19"), [], partnership=hostile, colour="#1d4f76", money=True)
    pages = PdfReader(io.BytesIO(made)).pages
    printed = "".join("".join(page.extract_text() for page in pages).replace("\u200b", "").split())
    assert printed.count("".join(hostile.split())) >= 2


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_a_delegate_named_like_a_formula_is_a_name_in_the_list_of_charges(client, sign_in, file_format):
    event = EventFactory(days=-20)
    RegisterFactory(session=event.sessions.get(), closed=True)
    delegate = PersonFactory(name="=cmd|'/c calc'!A1")
    booking = BookingFactory(event=event, delegate=delegate, outcome="did-not-attend")
    ChargeFactory(booking=booking, tariff=TariffFactory())
    sign_in("finance-officer")
    answer = client.get(reverse("charges:download"), {"format": file_format})
    if file_format == "xlsx":
        cell = load_workbook(io.BytesIO(answer.content)).active["D2"]
        assert (cell.value, cell.data_type) == ("=cmd|'/c calc'!A1", "s")
    else:
        assert "'=cmd|'/c calc'!A1" in answer.content.decode()

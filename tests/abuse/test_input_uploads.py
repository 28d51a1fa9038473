"""abuse-and-faults.md, Input: uploads, and the rows of workbooks. Each test is named after what is brought."""

import subprocess
import sys
from datetime import date

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils.html import escape

from outbox import jobs, schedule
from outbox.models import Job
from programme import archive, workbook
from programme.models import Import
from tests.abuse import workbooks
from tests.factories import AccountFactory, PersonFactory
from tests.programme.workbooks import put, save, small
from tests.signing_in import enter
from training.models import Course, Event

UPLOAD = reverse("imports:upload")


@pytest.fixture(autouse=True)
def no_periodic_jobs(monkeypatch, own_files):
    monkeypatch.setattr(schedule, "_periods", {})


@pytest.fixture
def coordinator(client, db):
    person = PersonFactory(roles=["coordinator"], account=AccountFactory())
    enter(client, person.account)
    return person


@pytest.fixture
def year(tmp_path):
    return save(small(), tmp_path / "year.xlsx")


@pytest.fixture
def refused(client, coordinator, monkeypatch):
    """Uploads the content and gives the page that refuses it: nothing was kept, and nothing parsed."""
    monkeypatch.setattr(workbook.subprocess, "Popen", lambda *_, **__: pytest.fail("it was parsed"))

    def page(content, name="year.xlsx"):
        answer = client.post(UPLOAD, {"workbook": SimpleUploadedFile(name, content)})
        assert answer.status_code == 200
        assert not Import.objects.exists()
        assert not Job.objects.exists()
        said = " ".join(answer.content.decode().split())
        assert "There is a problem" in said
        assert 'href="#id_workbook"' in said, "the summary leads to the field"
        return said

    return page


# --- content checked before parsing ---------------------------------------------------------------------------------
def test_a_zip_bomb_is_refused(refused, year):
    content = workbooks.bomb(year)
    assert len(content) < 351_000
    said = refused(content)
    assert "would unpack to 99 MB" in said
    assert "Copy the sheets of the programme into a new workbook" in said


def test_macros_are_refused_by_content_whatever_the_name(refused, year):
    content = workbooks.with_macros(year)
    for name in ("year.xlsm", "year.xlsx"):
        said = refused(content, name)
        assert "holds macros" in said
        assert "choose Save As" in said


def test_a_pdf_named_xlsx_is_refused(refused):
    assert "is a PDF, whatever its name says. Import the workbook that it was made from." in refused(workbooks.PDF)


@pytest.mark.parametrize("name", ["year.xlsx", "year.xls"])
def test_an_encrypted_workbook_and_an_old_xls_are_refused(refused, name):
    said = refused(workbooks.OLE, name)
    assert "protected by a password, or is an old .xls workbook" in said
    assert "choose Save As" in said


def test_an_encrypted_zip_is_refused(refused, year):
    assert "Take the password off" in refused(workbooks.encrypted_zip(year))


def test_html_named_xlsx_is_refused(refused):
    assert "not an Excel workbook, whatever its name says" in refused(workbooks.HTML)


def test_an_empty_file_is_refused(refused):
    assert "The file is empty. Choose the programme workbook." in refused(b"")


def test_a_truncated_zip_is_refused(refused, year):
    assert "damaged" in refused(year.read_bytes()[:3_000])


def test_a_file_that_is_a_workbook_and_begins_as_something_else_is_refused(refused, year):
    assert "is a PDF" in refused(workbooks.PDF + year.read_bytes())


def test_more_parts_than_a_workbook_has_are_refused(refused, year):
    import zipfile

    with zipfile.ZipFile(year, "a") as file:
        for number in range(archive.MOST_ENTRIES):
            file.writestr(f"xl/media/{number}.png", b"")
    assert "parts is the most" in refused(year.read_bytes())


# --- names ----------------------------------------------------------------------------------------------------------
def test_a_name_of_300_characters_is_refused(refused, year):
    assert "longer than 200 characters" in refused(year.read_bytes(), "y" * 295 + ".xlsx")


@pytest.mark.parametrize("name", ["../../x", "year.xlsx.exe", "year\u202exslx.exe", "year"])
def test_a_name_that_is_no_workbooks_is_refused(refused, year, name):
    assert "does not end in .xlsx. Name it so" in refused(year.read_bytes(), name)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../x.xlsx", "x.xlsx"),
        ("..\\..\\x.xlsx", "x.xlsx"),
        ("/etc/passwd.xlsx", "passwd.xlsx"),
        ("year\u202e2019.xlsx", "year2019.xlsx"),
        ("year\0.xlsx", "year.xlsx"),
        ("<script>alert(1)</script>.xlsx", "script>.xlsx"),
        ("Siân 2019.XLSX", "Siân 2019.XLSX"),
    ],
)
def test_a_hostile_name_is_only_ever_shown_and_the_file_lies_under_a_random_one(client, coordinator, year, name, shown):
    # As bytes: a browser would send, and Django's test client would make, none of these.
    boundary = "b" * 20
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="workbook"; filename="{name}"\r\n\r\n'
    body = head.encode() + year.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
    answer = client.post(UPLOAD, body, content_type=f"multipart/form-data; boundary={boundary}")

    import_ = Import.objects.get()
    assert import_.file_name == shown
    folder, _, kept = import_.file.name.partition("/")
    assert (folder, kept[32:]) == ("imports", ".xlsx")
    assert int(kept[:32], 16)
    assert default_storage.exists(import_.file.name)
    page = client.get(answer.url).content.decode()
    assert escape(shown) in page
    assert "<script>alert" not in page


# --- the web process never parses -----------------------------------------------------------------------------------
WEB = """
import sys
import django
from django.conf import settings

database, session, path = sys.argv[1:]
settings.DATABASES["default"]["NAME"] = database
settings.STORAGES["default"] = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
django.setup()
from django.test import Client
from programme.models import Import

client = Client(SERVER_NAME="localhost")
client.cookies[settings.SESSION_COOKIE_NAME] = session
address = "/programme/imports/upload/"
assert client.get(address).status_code == 200
with open(path, "rb") as file:
    answer = client.post(address, {"workbook": file})
assert answer.status_code == 302, answer.content.decode()
for page in ("", "accept/", "discard/"):
    assert client.get(answer.url + page).status_code in (200, 302)
Import.objects.update(state="faulty", checked_at="2026-01-01T00:00:00Z", counts={"problems": 1}, details={"problems": [
    {"sheet": "Events", "cell": "A1", "row": 1, "column": "Event", "what": "w", "todo": "t", "further": 0,
     "further_cells": []}]})
assert b"Events, cell A1" in client.get(answer.url).content
assert client.get(answer.url + "problems/").status_code == 200
assert client.get("/programme/imports/").status_code == 200
parsers = ("openpyxl", "lxml", "programme.workbook", "programme.child", "programme.importing")
print([name for name in parsers if name in sys.modules])
"""


@pytest.mark.django_db(transaction=True)
def test_the_web_process_takes_a_workbook_without_importing_what_parses_one(client, year):
    person = PersonFactory(roles=["coordinator"], account=AccountFactory())
    enter(client, person.account)
    session = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    command = [sys.executable, "-W", "ignore", "-c", WEB, connection.settings_dict["NAME"], session, str(year)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=django_settings.BASE_DIR)
    assert ended.stdout.strip() == "[]", ended.stderr[-2_000:]
    assert Import.objects.get().size == year.stat().st_size


def test_a_workbook_that_needs_too_much_memory_is_told_on_its_page(client, coordinator, year, monkeypatch):
    monkeypatch.setattr(workbook, "MEMORY", 20 * 2**20)
    answer = client.post(UPLOAD, {"workbook": SimpleUploadedFile("year.xlsx", year.read_bytes())})
    jobs.run_waiting()
    said = client.get(answer.url).content.decode()
    assert "needs more memory to open than a programme does" in said
    assert "Nothing was written" in said


# --- rows of workbooks: understood, or reported by sheet, row and column ---------------------------------------------
@pytest.fixture
def found(client, coordinator, tmp_path):
    """Uploads the sheets by the page and has them checked: the import, and the page that tells of it."""

    def one(sheets, merge=""):
        path = save(sheets, tmp_path / "rows.xlsx")
        if merge:
            import openpyxl

            book = openpyxl.load_workbook(path)
            book["Events"].merge_cells(merge)
            book.save(path)
        answer = client.post(UPLOAD, {"workbook": SimpleUploadedFile("rows.xlsx", path.read_bytes())})
        jobs.run_waiting()
        page = " ".join(client.get(answer.url).content.decode().split())
        return Import.objects.latest("id"), page

    return one


def test_text_dates_aliases_and_odd_case_are_understood(found):
    sheets = put(small(), "Events", 1, Date="12 June 2019")
    put(sheets, "Bookings", 1, Email="ANN.LEE@Police.Example", Agency="  the POLICE ", Status="BOOKED", Attended="yes")
    import_, page = found(sheets)
    assert import_.state == "ready"
    assert "the POLICE (1)" in page
    assert import_.counts["people_new"] == 3, "one address in two cases is one person"


@pytest.mark.parametrize(
    ("sheet", "row", "cells", "where", "words"),
    [
        ("Events", 1, {"Date": "31/02/2019"}, "Events, cell D2", "no day"),
        ("Events", 1, {"Course_code": "XXX"}, "Events, cell A2", "nobody knows the course"),
        ("Bookings", 1, {"Agency": "Somebody else"}, "Bookings, cell E2", "nobody knows the agency"),
        ("Bookings", 1, {"Event": "E9"}, "Bookings, cell C2", "nobody knows the event"),
        ("Bookings", 1, {"Email": "none"}, "Bookings, cell B2", "not an e-mail address"),
        ("Bookings", 1, {"Attended": "=1+1"}, "Bookings, cell H2", "formula"),
        ("Bookings", 1, {"Delegate": "x" * 10_000}, "Bookings, cell A2", "10,000 characters"),
    ],
)
def test_unknown_codes_formulas_and_wrong_cells_are_reported_by_sheet_row_and_column(
    found, sheet, row, cells, where, words
):
    import_, page = found(put(small(), sheet, row, **cells))
    assert import_.state == "faulty"
    assert where in page
    assert words in page.lower()
    assert not Event.objects.exists(), "all or nothing"
    assert not Course.objects.exists()


def test_duplicates_are_reported(found):
    sheets = small()
    sheets["Bookings"].append(list(sheets["Bookings"][1]))
    sheets["Events"].append(list(sheets["Events"][1]))
    import_, page = found(sheets)
    assert import_.state == "faulty"
    assert "stands here twice" in page or "has this booking on event E1 in row 2 already" in page


def test_merged_cells_are_reported(found):
    import_, page = found(small(), merge="A2:A3")
    assert import_.state == "faulty"
    assert "The cells A2:A3 are merged. </td>" in page or "The cells A2:A3 are merged." in page
    assert "Unmerge them" in page


def test_script_braces_and_right_to_left_marks_in_cells_are_shown_as_text(found, client):
    sheets = small()
    hostile = '<script>alert(1)</script>{{7*7}}"onload=x'
    sheets["Bookings"][1][4] = hostile
    sheets["Courses"][0].append("<img src=x onerror=alert(2)>")
    _, page = found(sheets)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page
    assert "<img src=x" not in page


def test_text_that_would_be_a_formula_goes_into_the_file_of_problems_as_text(found, client):
    import_, _ = found(put(small(), "Bookings", 1, Agency="+cmd|' /C calc'!A0"))
    file = client.get(reverse("imports:problems", args=[import_.reference])).content.decode()
    assert not any(line.startswith(("=", "+", "-", "@", '"=', '"+', '"-', '"@')) for line in file.splitlines())
    assert "+cmd" in file


def test_the_same_file_twice_changes_nothing(found, client):
    import_, _ = found(small())
    address = reverse("imports:accept", args=[import_.reference])
    client.post(address, {"seen": import_.fingerprint})
    jobs.run_waiting()
    before = list(Event.objects.order_by("id").values())
    again, page = found(small())
    assert again.state == "unchanged"
    assert "Nothing to change" in page
    assert list(Event.objects.order_by("id").values()) == before


def test_a_date_in_another_century_is_reported(found):
    _, page = found(put(small(), "Events", 1, Date=date(1900, 1, 1)))
    assert "cannot be right" in page

"""The pages of importing a programme workbook: upload, progress, what was found, accept, done, and the list."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from outbox import jobs, schedule
from people.models import Export, Partnership
from programme import importing
from programme.models import Import
from tests.factories import AccountFactory, ImportFactory, JobFactory, PersonFactory
from tests.programme.workbooks import put, save, small
from tests.signing_in import enter
from training.models import Event

pytestmark = pytest.mark.django_db
LIST, UPLOAD = reverse("imports:list"), reverse("imports:upload")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
def no_periodic_jobs(monkeypatch, own_files):
    monkeypatch.setattr(schedule, "_periods", {})


@pytest.fixture
def coordinator(client):
    person = PersonFactory(name="Casey Coordinator", roles=["coordinator"], account=AccountFactory())
    enter(client, person.account)
    return person


@pytest.fixture
def workbook(tmp_path):
    """The sheets as an uploaded file."""

    def one(sheets, name="year.xlsx"):
        return SimpleUploadedFile(name, save(sheets, tmp_path / "w.xlsx").read_bytes(), XLSX)

    return one


@pytest.fixture
def checked(client, coordinator, workbook):
    """Uploads the sheets by the page and has them checked; the import's address."""

    def one(sheets):
        answer = client.post(UPLOAD, {"workbook": workbook(sheets)})
        jobs.run_waiting()
        return answer.url

    return one


def text(client, address):
    return " ".join(client.get(address).content.decode().split())


def test_from_upload_to_done_each_page_says_how_it_stands(client, coordinator, workbook):
    assert "No workbook was uploaded yet" in text(client, LIST)
    answer = client.post(UPLOAD, {"workbook": workbook(small())})
    address = answer.url
    first = client.get(address)
    assert first["Refresh"] == "2"
    assert "Reading the workbook: started" in first.content.decode()

    jobs.run_waiting()
    found = client.get(address)
    assert "Refresh" not in found
    page = " ".join(found.content.decode().split())
    assert "No problems. Nothing is written yet" in page
    assert "3 people among its delegates: 0 known already by address and name, 3 new" in page
    assert "AP (1), the police (1)" in page
    assert not Event.objects.exists()

    accept = text(client, f"{address}accept/")
    assert "3 events" in accept
    assert "5 bookings" in accept
    assert not Event.objects.exists(), "looking writes nothing"
    seen = Import.objects.get().fingerprint
    assert client.post(f"{address}accept/", {"seen": seen}).url == address
    assert client.get(address)["Refresh"] == "2"

    jobs.run_waiting()
    done = text(client, address)
    assert "Accepted by Casey Coordinator and written" in done
    assert "5 bookings" in done
    assert f"{reverse('programme:list')}?year=2019-20" in done
    assert reverse("reports:utilisation", args=["2019-20"]) in done
    assert Event.objects.count() == 3
    assert ">Imported<" in text(client, LIST).replace(" <", "<").replace("> ", ">")


def test_the_same_file_again_says_nothing_to_change(client, checked):
    address = checked(small())
    client.post(f"{address}accept/", {"seen": Import.objects.get().fingerprint})
    jobs.run_waiting()

    assert "Nothing to change: Turnout has all that this workbook says" in text(client, checked(small()))


def test_problems_are_shown_with_where_and_what_to_do_and_can_be_downloaded(client, coordinator, checked):
    sheets = put(small(), "Bookings", 1, Agency="=Nobody", Email="<b>nobody</b>")
    address = checked(sheets)

    page = text(client, address)
    assert "2 problems. Nothing was written" in page
    assert "Bookings, cell B2" in page
    assert "&lt;b&gt;nobody&lt;/b&gt;" in page
    assert "<b>nobody" not in page
    assert "accept/" not in page
    assert client.get(f"{address}accept/").url == address, "what has problems is not accepted"

    rows = list(csv.reader(StringIO(client.get(f"{address}problems/").content.decode("utf-8-sig"))))
    assert rows[0][:4] == ["Sheet", "Row", "Column", "Cell"]
    assert [row[:4] for row in rows[1:]] == [["Bookings", "2", "Email", "B2"], ["Bookings", "2", "Agency", "E2"]]
    assert not any(row[4][:1].islower() for row in rows)
    assert not any(cell.startswith("=") for row in rows for cell in row)

    sheet = load_workbook(BytesIO(client.get(f"{address}problems/", {"format": "xlsx"}).content))["Problems"]
    assert [row[:4] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        ("Bookings", 2, "Email", "B2"),
        ("Bookings", 2, "Agency", "E2"),
    ]
    taken = Export.objects.filter(by=coordinator).values_list("what", "file_format", "rows")
    assert list(taken.order_by("pk")) == [("problems", "csv", 2), ("problems", "xlsx", 2)]


def test_many_problems_are_shown_a_page_at_a_time_and_the_rest_is_counted(client, coordinator):
    one = {"sheet": "Bookings", "cell": "", "column": "Email", "what": "x", "todo": "y", "further_cells": []}
    kept = [one | {"row": row, "further": 0} for row in range(2, 2002)]
    import_ = ImportFactory(faulty=True, counts={"problems": 9_999}, details={"problems": kept})
    address = reverse("imports:import", args=[import_.reference])

    page = text(client, f"{address}?page=2")
    assert "9,999 problems" in page
    assert "The first 2,000 of 9,999 are kept" in page
    assert "Bookings, row 52<" in page
    assert "Bookings, row 51<" not in page
    assert "And 7,999 more" in client.get(f"{address}problems/").content.decode()


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_takes_as_many_statements_at_one_row_as_at_fifty(
    client, coordinator, django_assert_num_queries, count
):
    ImportFactory.create_batch(count, ready=True)
    with django_assert_num_queries(5):
        page = client.get(LIST).content.decode()
    assert page.count("Waits to be accepted") == count


@pytest.mark.parametrize("count", [1, 50])
def test_an_import_takes_four_statements_whatever_is_in_it(client, coordinator, django_assert_num_queries, count):
    lists = {"corrected": ["Event E1: places 22 → 24"] * count}
    counts = {"corrected": count, "understood": {"events": count}, "made": {"events": count}}
    counts |= {"people_known": 0, "people_new": 0}
    import_ = ImportFactory(ready=True, counts=counts, details=lists)
    with django_assert_num_queries(4):
        page = client.get(reverse("imports:import", args=[import_.reference])).content.decode()
    assert page.count("places 22 → 24") == count


@pytest.mark.parametrize(
    ("job", "words"),
    [
        ({"done": 1_200}, "Reading the workbook: 1,200 so far"),
        ({"done": 300, "total": 300}, "Comparing them with Turnout: 300 of 300"),
        ({"done": 150, "total": 300}, "Understanding its rows: 150 of 300"),
        ({"attempts": 2}, "was interrupted and was begun again"),
        ({"last_error": "ValueError in x.py"}, "did not work the first time and is tried again"),
    ],
)
def test_the_progress_is_the_jobs_own(client, coordinator, job, words):
    import_ = ImportFactory(job=JobFactory(kind="check-workbook", **job))
    address = reverse("imports:import", args=[import_.reference])
    assert words in text(client, address)
    assert "ValueError" not in text(client, address)


def test_while_it_is_written_the_rows_to_write_count_as_steps(client, coordinator):
    counts = {"rows": 100, "to_write": 50}
    job = JobFactory(kind="write-workbook", done=320, total=350)
    import_ = ImportFactory(ready=True, counts=counts, job=job)
    Import.objects.update(state="writing", accepted_at=timezone.now(), accepted_by=coordinator)
    assert "Writing: 320 of 350" in text(client, reverse("imports:import", args=[import_.reference]))


def test_work_that_was_given_up_can_be_tried_again(client, coordinator):
    job = JobFactory(kind="check-workbook", state="failed", finished_at=timezone.now())
    import_ = ImportFactory(job=job)
    address = reverse("imports:import", args=[import_.reference])

    page = client.get(address)
    assert "did not work" in page.content.decode()
    assert "Refresh" not in page
    client.post(f"{address}check/")

    import_.refresh_from_db()
    assert import_.job_id != job.pk
    assert client.get(address)["Refresh"] == "2"


def test_the_second_of_two_coordinators_is_told_on_the_page(client, coordinator, checked, workbook):
    first, second = checked(small()), checked(put(small(), "Events", 1, Places=11))
    for address in (first, second):
        import_ = Import.objects.get(reference=address.rstrip("/").rpartition("/")[2])
        answer = client.post(f"{address}accept/", {"seen": import_.fingerprint}, follow=True)
    assert "Casey Coordinator’s import of year.xlsx is being written" in answer.content.decode()
    assert "is being written" in text(client, UPLOAD)


def test_what_stopped_the_writing_is_shown_with_what_would_come_out_now(client, checked):
    address = checked(small())
    client.post(f"{address}accept/", {"seen": Import.objects.get().fingerprint})
    Partnership.objects.create(name="Another name")
    jobs.run_waiting()

    page = text(client, address)
    assert "Nothing was written. Turnout has changed since the workbook was checked" in page
    assert "partnerships to make: 1, now 0" in page
    assert "Go on to accept it" in page
    assert not Event.objects.exists()


def test_what_the_command_line_imported_is_listed_with_what_was_understood(client, coordinator, tmp_path):
    importing.run(save(small(), tmp_path / "from a shell.xlsx"))
    note = Import.objects.get()

    row = text(client, LIST)
    assert "from a shell.xlsx" in row
    assert '<td data-label="By">the command line</td>' in row
    assert '<td data-label="Accepted by">–</td>' in row
    page = text(client, reverse("imports:import", args=[note.reference]))
    assert "by the command line" in page
    assert "Written " in page
    assert "5 bookings" in page
    assert "The uploaded file" not in page
    assert client.post(reverse("imports:accept", args=[note.reference]), {"seen": note.fingerprint}).status_code == 302
    assert "This import cannot be accepted: imported." in text(client, reverse("imports:import", args=[note.reference]))


def test_discarding_asks_first_and_then_says_who_did_so(client, checked):
    address = checked(small())
    assert "Discard this workbook?" in text(client, f"{address}discard/")
    assert Import.objects.get().state == "ready"

    client.post(f"{address}discard/")

    assert "Discarded by Casey Coordinator" in text(client, address)
    assert client.get(f"{address}discard/").url == address


def test_lists_that_went_with_time_leave_their_numbers(client, coordinator):
    counts = {"corrected": 7, "understood": {"events": 3}, "made": {"events": 0}, "people_known": 3, "people_new": 0}
    import_ = ImportFactory(ended=True, counts=counts)
    page = text(client, reverse("imports:import", args=[import_.reference]))
    assert "Would be corrected: 7" in page
    assert "The list was kept for 30 days" in page


def test_accepting_asks_who_it_is_when_that_was_long_ago(client, coordinator, checked):
    address = checked(small())
    enter(client, coordinator.account, seconds_ago=3_600)
    answer = client.post(f"{address}accept/", {"seen": Import.objects.get().fingerprint})
    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert Import.objects.get().state == "ready"


def test_what_waits_is_named_before_another_is_uploaded(client, coordinator):
    ImportFactory(ready=True, file_name="waits.xlsx", uploaded_at=timezone.now() - timedelta(days=2))
    assert "waits.xlsx" in text(client, UPLOAD)


def test_without_a_file_it_says_what_to_choose(client, coordinator):
    assert "Choose the programme workbook" in client.post(UPLOAD).content.decode()

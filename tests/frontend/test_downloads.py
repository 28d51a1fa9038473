"""Lists as files: what stands in them, that each is recorded, and the long ones that a job makes."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from frontend import downloads
from frontend.exports import background
from outbox import jobs
from outbox.models import Job
from people import exports
from people.models import Export, ExportFile, Person, RoleGrant
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    ChargeFactory,
    EventFactory,
    PersonFactory,
    RegisterFactory,
    SessionTrainerFactory,
    TariffFactory,
    TrainerFactory,
)

pytestmark = pytest.mark.django_db
CHARGES, BOOKINGS = reverse("charges:download"), reverse("bookings:download")


def workbook(answer):
    content = b"".join(answer) if answer.streaming else answer.content
    return load_workbook(io.BytesIO(content))


def csv_of(answer):
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


@pytest.fixture
def charge():
    event = EventFactory(days=-20)
    RegisterFactory(session=event.sessions.get(), closed=True)
    booking = BookingFactory(event=event, delegate=PersonFactory(name="Siân Ó Briain"), outcome="did-not-attend")
    return ChargeFactory(booking=booking, tariff=TariffFactory())


@pytest.fixture
def long(settings):
    """Every list of more than one row is a long one."""
    settings.EXPORT_IN_BACKGROUND_OVER = 1


def test_a_workbook_has_dates_as_dates_money_as_pounds_and_words_for_states(client, sign_in, charge):
    sign_in("finance-officer")
    answer = client.get(CHARGES, {"format": "xlsx"})
    assert answer["Content-Disposition"] == 'attachment; filename="charges.xlsx"'
    sheet = workbook(answer)["Charges"]
    head, row = sheet.iter_rows()
    cells = {name.value: cell for name, cell in zip(head, row, strict=True)}
    assert cells["Delegate"].value == "Siân Ó Briain"
    assert cells["State"].value == "Proposed"
    assert cells["Event ended"].is_date
    assert cells["Event ended"].value == timezone.make_naive(charge.booking.event.ends_at).replace(microsecond=0)
    assert (cells["Net amount"].value, cells["Net amount"].data_type) == (75, "n")
    assert "£" in cells["Net amount"].number_format


def test_a_workbook_has_a_title_a_bold_head_that_stays_a_filter_and_wide_enough_columns(client, sign_in, charge):
    sign_in("finance-officer")
    found = workbook(client.get(CHARGES, {"format": "xlsx"}))
    sheet = found["Charges"]
    assert found.properties.title == "Charges"
    assert sheet.freeze_panes == "A2"
    assert all(cell.font.bold for cell in sheet[1])
    assert sheet.auto_filter.ref == "A1:K2"
    assert sheet.column_dimensions["D"].width >= len("Siân Ó Briain")


def test_both_files_hold_what_the_filter_shows_and_all_its_pages(client, sign_in):
    sign_in("coordinator")
    event = EventFactory(days=20, places=100)
    shown = {BookingFactory(event=event).reference for _ in range(60)}
    BookingFactory(event=EventFactory(days=-20))
    asked = {"state": "coming", "page": "2"}
    assert {row[0] for row in csv_of(client.get(BOOKINGS, asked))[1:]} == shown
    sheet = workbook(client.get(BOOKINGS, asked | {"format": "xlsx"})).active
    assert {row[0] for row in sheet.iter_rows(min_row=2, values_only=True)} == shown


def test_every_list_offers_both_files_of_what_it_shows(client, sign_in, charge):
    sign_in("coordinator", "finance-officer")
    for page, file in (
        (reverse("charges:list"), CHARGES),
        (reverse("bookings:list"), BOOKINGS),
        (reverse("programme:list"), reverse("programme:download")),
    ):
        shown = client.get(page, {"q": "", "state": "all" if "charges" not in page else ""}).content.decode()
        links = [link.replace("&amp;", "&") for link in re.findall(rf'href="({file}[^"]*)"', shown)]
        assert len(links) == 2, page
        for link, kind in zip(links, ("xlsx", "csv"), strict=True):
            assert client.get(link)["Content-Disposition"].endswith(f'.{kind}"')


def test_a_register_is_downloaded_by_its_trainer_without_addresses_and_by_a_coordinator_with(client, sign_in):
    event = EventFactory(days=-1)
    trainer = PersonFactory()
    SessionTrainerFactory(session=event.sessions.get(), trainer=TrainerFactory(person=trainer))
    delegate = PersonFactory(name="Jade Lewis")
    BookingFactory(event=event, delegate=delegate)
    address = reverse("registers:download", args=[event.reference, 1])
    for format_asked in ("csv", "xlsx"):
        sign_in(person=trainer)
        answer = client.get(address, {"format": format_asked})
        rows = csv_of(answer) if format_asked == "csv" else list(workbook(answer).active.values)
        assert "Jade Lewis" in rows[1]
        assert delegate.email not in rows[1]
        sign_in("coordinator")
        answer = client.get(address, {"format": format_asked})
        rows = csv_of(answer) if format_asked == "csv" else list(workbook(answer).active.values)
        assert delegate.email in rows[1]


def test_an_export_is_recorded_without_what_was_typed(client, sign_in, charge):
    officer = sign_in("finance-officer")
    client.get(CHARGES, {"q": "Siân", "state": "proposed", "agency": "Jade Lewis", "page": "3", "format": "xlsx"})
    found = Export.objects.get()
    assert (found.by, found.what, found.file_format, found.rows) == (officer, "charges", "xlsx", 1)
    assert found.asked == "/charges/download/?q=…&state=proposed&agency=…"
    assert timezone.now() - found.at < timedelta(minutes=1)


def test_coordinators_and_administrators_see_all_exports_and_others_their_own(client, sign_in, charge):
    sign_in("finance-officer", name="Finance Officer")
    client.get(CHARGES)
    own = sign_in(name="Own Person")
    client.get(BOOKINGS)
    page = client.get(reverse("exports:list")).content.decode()
    assert "/bookings/download/" in page
    assert "/charges/download/" not in page
    assert list(exports.visible_to(own)) == list(Export.objects.filter(by=own))
    for role in ("coordinator", "administrator"):
        sign_in(role)
        page = client.get(reverse("exports:list")).content.decode()
        assert "Finance Officer" in page
        assert "Own Person" in page


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_of_exports_takes_six_statements_at_one_row_and_at_fifty(
    client, sign_in, django_assert_num_queries, count
):
    for _ in range(count):
        exports.record(by=PersonFactory(), what="charges", file_format="csv", address=CHARGES, rows=1)
    sign_in("coordinator")
    with django_assert_num_queries(6):
        page = client.get(reverse("exports:list")).content.decode()
    assert page.count('<th scope="row">') == count


def test_a_long_list_is_offered_then_made_in_the_background_and_fetched_by_who_asked_alone(client, sign_in, long):
    AgencyFactory()
    event = EventFactory(days=20, places=100)
    shown = {BookingFactory(event=event, delegate=PersonFactory(name=f"Jade {n}")).reference for n in range(3)}
    asker = sign_in("coordinator")

    offer = client.get(BOOKINGS, {"q": "jade", "format": "xlsx"})
    assert "3 rows" in offer.content.decode()
    assert not ExportFile.objects.exists(), "looking makes nothing"
    assert not Export.objects.exists()

    token = re.search(r'name="token" value="([^"]+)"', offer.content.decode()).group(1)
    page = client.post(reverse("exports:make"), {"token": token}).url
    job = Job.objects.get(kind=background.MAKE)
    assert "jade" not in str(job.arguments), "what was typed may be a name"
    waiting = client.get(page)
    assert waiting["Refresh"] == "3"
    assert client.get(f"{page}download/").status_code == 404

    jobs.run_waiting()
    done = client.get(page)
    assert "Refresh" not in done
    assert "3 rows" in done.content.decode()
    answer = client.get(f"{page}download/")
    assert {row[0] for row in workbook(answer).active.iter_rows(min_row=2, values_only=True)} == shown
    assert answer["Content-Disposition"] == 'attachment; filename="bookings.xlsx"'
    assert (Export.objects.get().by, Export.objects.get().rows) == (asker, 3)
    assert "q=…" in Export.objects.get().asked

    sign_in("coordinator")
    assert client.get(page).status_code == 404
    assert client.get(f"{page}download/").status_code == 404


def made(person, address=BOOKINGS, file_format="csv"):
    file = background.ask(by=person, what="bookings", file_format=file_format, address=address)
    jobs.run_waiting()
    file.refresh_from_db()
    return file


def test_a_file_made_while_one_had_a_role_is_not_handed_out_without_it(client, sign_in):
    asker = sign_in("coordinator")
    file = made(asker)
    address = reverse("exports:fetch", args=[file.pk])
    assert client.get(address).status_code == 200
    RoleGrant.objects.filter(person=asker).delete()  # which ends the session, too
    sign_in(person=Person.objects.get(pk=asker.pk))
    assert client.get(address).status_code == 403
    assert "has changed since" in client.get(reverse("exports:file", args=[file.pk])).content.decode()


def test_a_role_lost_before_the_job_runs_leaves_no_file(sign_in):
    asker = sign_in("coordinator")
    file = background.ask(by=asker, what="bookings", file_format="csv", address=BOOKINGS)
    RoleGrant.objects.filter(person=asker).delete()
    jobs.run_waiting()
    job = Job.objects.get(key=background.key_of(file))
    assert (job.state, "has changed since" in job.last_error) == ("failed", True)
    file.refresh_from_db()
    assert not file.name
    assert not Export.objects.exists()


def test_what_is_no_list_of_the_persons_makes_no_file(sign_in):
    asker = sign_in("finance-officer")
    event = EventFactory(days=-1)
    file = made(asker, reverse("registers:download", args=[event.reference, 1]))
    assert not file.name
    assert "no longer yours" in Job.objects.get(key=background.key_of(file)).last_error


def test_a_job_that_runs_again_after_it_was_killed_leaves_one_file(sign_in):
    file = made(sign_in("coordinator"))
    first = file.name
    Job.objects.update(state="waiting", finished_at=None)
    jobs.run_waiting()
    file.refresh_from_db()
    assert file.name == first
    assert default_storage.listdir("exports")[1].count(f"{file.pk}.csv") == 1


def test_files_are_deleted_after_seven_days_and_their_record_stays(sign_in):
    old = made(sign_in("coordinator"))
    with time_machine.travel(timezone.now() + timedelta(days=6), tick=False):
        young = made(old.by)
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
        assert exports.delete_old() == 1
        assert exports.delete_old() == 0
    assert not default_storage.exists(old.name)
    assert default_storage.exists(young.name)
    assert list(ExportFile.objects.all()) == [young]
    assert Export.objects.count() == 2


@pytest.mark.parametrize("token", ["", "nonsense", "WyJjaGFyZ2VzIl0:x:y"])
def test_an_address_that_no_page_of_ours_offered_makes_no_file(client, sign_in, token):
    sign_in("coordinator")
    answer = client.post(reverse("exports:make"), {"token": token}, follow=True)
    assert "too old" in answer.content.decode()
    assert not ExportFile.objects.exists()


def test_an_offer_is_only_good_for_who_got_it(client, sign_in, long):
    event = EventFactory(days=20)
    BookingFactory(event=event)
    BookingFactory(event=event)
    sign_in("coordinator")
    token = re.search(r'name="token" value="([^"]+)"', client.get(BOOKINGS).content.decode()).group(1)
    sign_in("coordinator")
    assert client.post(reverse("exports:make"), {"token": token}).status_code == 403
    assert not ExportFile.objects.exists()


def test_values_of_every_kind_become_cells_that_hold_them():
    summer = datetime(2026, 7, 1, 9, 30, 15, 7, tzinfo=UTC)
    rows = [(1, Decimal("2.50"), True, None, date(2026, 3, 3), summer, "")]
    file = io.BytesIO()
    assert downloads.write(downloads.Table("kinds", list("abcdefg"), [""] * 7, rows), "xlsx", file) == 1
    cells = load_workbook(file).active[2]
    assert [cell.value for cell in cells[:4]] == [1, 2.5, True, None]
    assert [str(cell.value) for cell in cells[4:6]] == ["2026-03-03 00:00:00", "2026-07-01 10:30:15"]
    assert [cell.is_date for cell in cells[:6]] == [False, False, False, False, True, True]

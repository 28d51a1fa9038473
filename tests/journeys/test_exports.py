"""The file of a long list, in a real browser: offered, made in the background, waited for, and fetched."""

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import expect

from outbox import jobs, schedule
from outbox.models import Job
from people.models import Role
from tests.factories import BookingFactory, EventFactory, PartnershipFactory, PersonFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

WIDE = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 375, "height": 812}, "has_touch": True}
BARE = PHONE | {"java_script_enabled": False}


@pytest.fixture(autouse=True)
def every_list_is_long(monkeypatch, settings, own_files):
    settings.EXPORT_IN_BACKGROUND_OVER = 1
    monkeypatch.setattr(schedule, "_periods", {})


@pytest.fixture
def bookings(open_page, enter):
    """Opens a coordinator's list of three bookings in a browser of these options."""
    PartnershipFactory()
    event = EventFactory(days=20, places=9)
    for name in ("Jade Lewis", "Siân Ó Briain", "=Ann Lee"):
        BookingFactory(event=event, delegate=PersonFactory(name=name))

    def at(options):
        page = open_page(**options)
        enter(page, PersonFactory(roles=[Role.COORDINATOR]))
        page.goto("/bookings/")
        return page

    return at


def without_refresh(route):
    """The page as it is, but it does not load itself again while somebody looks at it."""
    answer = route.fetch()
    route.fulfill(response=answer, headers={name: value for name, value in answer.headers.items() if name != "refresh"})


@pytest.mark.parametrize("options", [WIDE, PHONE], ids=["1280", "375"])
def test_a_long_list_is_offered_waited_for_and_fetched(bookings, look, options, tmp_path):
    page = bookings(options)
    page.get_by_role("link", name="spreadsheet (XLSX)").click()
    page.get_by_role("heading", name="Make a file of 3 rows").wait_for()
    look(page)
    page.get_by_role("button", name="Make the file (XLSX)").click()
    page.get_by_role("progressbar").wait_for()
    address = page.url
    page.route(address, without_refresh)
    page.goto(address)
    look(page)

    page.get_by_role("link", name="Exports", exact=True).last.click()
    page.get_by_text("Being made").wait_for()
    look(page)
    page.goto("about:blank")  # the tab is closed, and the work goes on
    jobs.run_waiting()
    page.goto("/exports/")
    expect(page.get_by_text("Ready", exact=True)).to_have_count(1)
    look(page)
    page.get_by_role("link", name="bookings.xlsx").click()
    page.wait_for_url(address)
    look(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download bookings.xlsx").click()
    download.value.save_as(tmp_path / download.value.suggested_filename)
    delegates = [row[1] for row in load_workbook(tmp_path / "bookings.xlsx").active.iter_rows(values_only=True)]
    assert sorted(delegates) == ["=Ann Lee", "Delegate", "Jade Lewis", "Siân Ó Briain"]


def test_without_scripts_the_page_of_the_file_looks_again_by_itself(bookings):
    page = bookings(BARE)
    page.get_by_role("link", name="CSV").click()
    page.get_by_role("button", name="Make the file (CSV)").click()
    page.get_by_role("progressbar").wait_for()
    jobs.run_waiting()
    page.get_by_role("link", name="Download bookings.csv").wait_for()


def test_a_file_that_cannot_be_made_says_so_and_what_to_do(bookings, look):
    page = bookings(PHONE)
    page.get_by_role("link", name="CSV").click()
    page.get_by_role("button", name="Make the file (CSV)").click()
    page.get_by_role("progressbar").wait_for()
    Job.objects.update(state="failed", finished_at=timezone.now(), last_error="What the list is about is gone.")
    page.get_by_text("The file could not be made: What the list is about is gone.").wait_for()
    look(page)

"""A programme workbook's way in, in a real browser: problems, then corrected, accepted, done, the same again."""

import pytest
from playwright.sync_api import expect

from frontend import receiving
from outbox import jobs, schedule
from people.models import Role
from programme.models import Import
from tests.factories import AccountFactory, PartnershipFactory, PersonFactory
from tests.programme.workbooks import put, save, small
from tests.signing_in import enter as enter_client
from training.models import Event

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

WIDE = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 375, "height": 667}, "has_touch": True}


@pytest.fixture(autouse=True)
def no_periodic_jobs(monkeypatch, own_files):
    monkeypatch.setattr(schedule, "_periods", {})


@pytest.fixture
def coordinator():
    PartnershipFactory()
    return PersonFactory(name="Casey Coordinator", roles=[Role.COORDINATOR], account=AccountFactory())


@pytest.fixture
def faulty(tmp_path):
    sheets = put(small(), "Bookings", 1, Agency="Nobody’s agency", Email="not an address")
    return save(
        put(sheets, "Events", 2, Date="31/02/2019"), tmp_path / "programme with a rather long name 2019-20.xlsx"
    )


@pytest.fixture
def corrected(tmp_path):
    return save(put(small(), "Events", 1, Places=1), tmp_path / "programme 2019-20 corrected.xlsx")


@pytest.fixture
def begin(open_page, live_server, client, coordinator):
    """A page of a coordinator who has just signed in."""

    def at(**options):
        enter_client(client, coordinator.account)
        page = open_page(**options)
        cookies = [
            {"name": name, "value": cookie.value, "url": live_server.url} for name, cookie in client.cookies.items()
        ]
        page.context.add_cookies(cookies)
        return page

    return at


def upload(page, path):
    page.get_by_label("Programme workbook").set_input_files(path)
    page.get_by_role("button", name="Upload and check").click()
    page.get_by_text("Reading the workbook").wait_for()


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["1280", "375"])
def test_what_is_no_workbook_is_told_at_once(begin, look, tmp_path, screen):
    page = begin(**screen)
    page.goto("/programme/")
    page.get_by_role("link", name="Import a programme workbook").first.click()
    look(page)
    page.goto("/programme/imports/")
    look(page)
    page.get_by_role("link", name="Import a programme workbook").click()
    look(page)
    pdf = tmp_path / "year.xlsx"
    pdf.write_bytes(b"%PDF-1.7")
    page.get_by_label("Programme workbook").set_input_files(pdf)
    page.get_by_role("button", name="Upload and check").click()
    page.get_by_role("alert").get_by_role("link", name="The file is a PDF").wait_for()
    look(page)


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["1280", "375"])
def test_what_is_too_large_is_told_in_words(begin, look, tmp_path, monkeypatch, screen):
    monkeypatch.setattr(receiving, "MOST_READ", 100_000)
    page = begin(**screen)
    page.goto("/programme/imports/upload/")
    large = tmp_path / "year.xlsx"
    large.write_bytes(b"x" * 200_000)
    page.get_by_label("Programme workbook").set_input_files(large)
    page.get_by_role("button", name="Upload and check").click()
    page.get_by_role("heading", name="That file is too large").wait_for()
    look(page)
    page.go_back()
    page.get_by_label("Programme workbook").wait_for()


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["1280", "375"])
def test_problems_are_told_by_cell_and_what_has_them_is_discarded(begin, look, faulty, screen):
    page = begin(**screen)
    page.goto("/programme/imports/upload/")
    upload(page, faulty)
    look(page)
    address = page.url
    page.goto("about:blank")  # the tab is closed and opened again
    jobs.run_waiting()
    page.goto("/programme/imports/")
    look(page)
    page.get_by_role("link", name=faulty.name).click()
    assert page.url == address
    page.get_by_text("3 problems. Nothing was written.").wait_for()
    expect(page.get_by_text("Events, cell D3")).to_have_count(1)
    look(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "problems.csv"
    page.get_by_role("link", name="Discard it").click()
    look(page)
    page.get_by_role("button", name="Discard it").click()
    page.get_by_text("is discarded. Nothing of it was written.").wait_for()
    look(page)


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["1280", "375"])
def test_what_was_understood_is_accepted_and_written_and_the_same_again_changes_nothing(begin, look, corrected, screen):
    page = begin(**screen)
    page.goto("/programme/imports/upload/")
    upload(page, corrected)
    jobs.run_waiting()
    page.get_by_text("No problems. Nothing is written yet").wait_for()  # by itself, without a press
    expect(page.get_by_text("Event E1 has 1 places and 2 bookings")).to_have_count(1)
    look(page)
    page.get_by_role("button", name="Go on to accept it").click()
    look(page)
    assert not Event.objects.exists()
    page.get_by_role("button", name="Accept and import").click()
    page.get_by_role("progressbar").wait_for()
    look(page)
    jobs.run_waiting()
    page.get_by_text("Accepted by Casey Coordinator and written").wait_for()
    look(page)
    assert Event.objects.count() == 3
    page.get_by_role("link", name="Programme of 2019/20").click()
    page.get_by_role("link", name="Neglect").first.wait_for()

    page.goto("/programme/imports/upload/")
    upload(page, corrected)
    jobs.run_waiting()
    page.get_by_text("Nothing to change: Turnout has all that this workbook says").wait_for()
    look(page)
    page.goto("/programme/imports/")
    look(page)
    assert set(Import.objects.values_list("state", flat=True)) == {"written", "unchanged"}


def test_without_scripts_the_progress_page_looks_again_by_itself(begin, corrected):
    page = begin(java_script_enabled=False, **PHONE)
    page.goto("/programme/imports/upload/")
    upload(page, corrected)
    jobs.run_waiting()
    page.get_by_text("No problems. Nothing is written yet").wait_for()
    page.get_by_role("button", name="Go on to accept it").click()
    page.get_by_role("button", name="Accept and import").click()
    page.get_by_role("progressbar").wait_for()
    jobs.run_waiting()
    page.get_by_text("Accepted by Casey Coordinator and written").wait_for()
    assert Event.objects.count() == 3


def test_by_keyboard_alone(begin, corrected):
    page = begin(**WIDE)
    page.goto("/programme/imports/upload/")
    upload(page, corrected)  # the browser's own dialogue for files is not a page
    jobs.run_waiting()
    page.get_by_role("button", name="Go on to accept it").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Accept and import").wait_for()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Accept and import":
            break
    page.keyboard.press("Enter")
    page.get_by_role("progressbar").wait_for()
    assert Import.objects.get().state == "writing"

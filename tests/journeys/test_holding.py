"""A practitioner's training, certificate and data, and a line manager's list, on a phone: with scripts and without."""

import io
import json

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.factories import (
    BookingFactory,
    CourseFactory,
    EventFactory,
    PartnershipFactory,
    PersonFactory,
    attended,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 375, "height": 812}
LONG = (
    "Bartholomew-Alexander Featherstonehaugh-Cholmondeley of Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
)
both = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])


@pytest.fixture(autouse=True)
def partnership():
    PartnershipFactory()


@pytest.fixture
def go(look):
    """Follows a link or presses a button, and waits for these words; looks with axe where scripts run."""

    def on(page, role, name, then, scripts):
        page.locator("main").get_by_role(role, name=name).first.click()
        page.get_by_text(then).first.wait_for()
        if scripts:
            look(page)

    return on


@both
def test_a_practitioner_makes_a_certificate_and_an_employer_checks_it(open_page, enter, go, scripts):
    jade = PersonFactory(name=LONG)
    course = CourseFactory(title="Neglect and the Graded Care Profile in Early Years", refresh_months=24)
    attended(delegate=jade, event=EventFactory(course=course, days=-3))
    BookingFactory(delegate=jade, event__course=course)
    page = open_page(java_script_enabled=scripts, viewport=PHONE)
    enter(page, jade)
    page.goto("/")
    go(page, "link", "Your training, certificates and what you hold", "Past and cancelled", scripts)
    go(page, "link", "Certificate of Neglect", "Nobody can ask about it before", scripts)
    go(page, "button", "Make my certificate", "Whoever you show it to", scripts)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the certificate").click()
    document = PdfReader(io.BytesIO(download.value.path().read_bytes()))
    assert "Certificate of attendance" in document.pages[0].extract_text()
    code = page.locator("dd").last.inner_text()

    employer = open_page(java_script_enabled=scripts, viewport=PHONE)
    employer.goto("/certificates/")
    employer.get_by_label("Code on the certificate").fill(code.lower())
    go(employer, "button", "Check", "Names are not shown here", scripts)
    expect(employer.get_by_text("Bartholomew")).to_have_count(0)
    employer.get_by_label("Name on the certificate").fill("Sam Smith")
    go(employer, "button", "Is it made out to this name?", "No:", scripts)
    employer.get_by_label("Name on the certificate").fill(LONG)
    go(employer, "button", "Is it made out to this name?", "Yes:", scripts)
    employer.goto("/certificates/NONE/")
    employer.get_by_text("No certificate has this code").first.wait_for()


@both
def test_a_practitioner_puts_their_name_right_and_takes_their_data_out(open_page, enter, go, scripts):
    jade = PersonFactory(name="Jade Lewis")
    page = open_page(java_script_enabled=scripts, viewport=PHONE)
    enter(page, jade)
    page.goto("/my-training/")
    go(page, "link", "My details", "Nobody is recorded", scripts)
    go(page, "link", "Change your name", "Full name", scripts)
    page.get_by_label("Full name").fill("")
    go(page, "button", "Save", "There is a problem", scripts)
    page.get_by_label("Full name").fill("Jade Smith")
    go(page, "button", "Save", "Your details are changed", scripts)
    go(page, "link", "Take out my data", "What is in it", scripts)
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON").click()
    assert json.loads(download.value.path().read_text())["You"][0]["Name"] == "Jade Smith"


@both
def test_a_line_manager_sees_who_is_due_and_takes_the_list_out(open_page, enter, go, scripts):
    manager = PersonFactory(name="Helen Okafor")
    yearly = CourseFactory(title="Yearly", refresh_months=12)
    for name, days in ((LONG, -900), ("Zoe Held", -5)):
        event = EventFactory(course=yearly, days=days)
        attended(delegate=PersonFactory(name=name, line_manager=manager, agency=manager.agency), event=event)
    page = open_page(java_script_enabled=scripts, viewport=PHONE)
    enter(page, manager)
    page.goto("/my-training/")
    go(page, "link", "Training of your staff", "2 lines", scripts)
    page.get_by_text("Filter this list").click()
    page.get_by_label("Training", exact=True).select_option("due")
    go(page, "button", "Show", "1 line,", scripts)
    expect(page.get_by_text("Zoe Held")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert "Bartholomew" in download.value.path().read_text()


def test_the_whole_way_to_a_certificate_goes_by_keyboard(open_page, enter):
    jade = PersonFactory()
    attended(delegate=jade)
    page = open_page(viewport=PHONE)
    enter(page, jade)
    page.goto("/my-training/")
    press_by_keyboard(page, page.get_by_role("link", name="Certificate of"))
    page.get_by_text("Nobody can ask about it before").wait_for()
    press_by_keyboard(page, page.get_by_role("button", name="Make my certificate"))
    page.get_by_text("Whoever you show it to").wait_for()


def press_by_keyboard(page, wanted):
    """Tab on from the page's beginning until it has the focus, and press Enter."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            page.keyboard.press("Enter")
            return
    raise AssertionError("no way there by Tab")

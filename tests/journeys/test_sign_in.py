"""Ways in and out, in a real browser: by keyboard, without scripts, on a phone, with axe at each step."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import expect

from people import accounts
from people.models import Role
from tests.conftest import TOO_WIDE
from tests.factories import PASSWORD, PartnershipFactory, PersonFactory

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.frontend.urls"),
]

PHONE = {"viewport": {"width": 320, "height": 640}}


@pytest.fixture(autouse=True)
def partnership():
    cache.clear()  # allauth counts tries there
    PartnershipFactory(training_email="training@anytown.example")


@pytest.fixture
def jade():
    person = PersonFactory(email="jade@example.org", name="Jade Lewis", roles=[Role.COORDINATOR])
    accounts.open_account(email="jade@example.org", password=PASSWORD)
    return person


def code():
    return re.search(r"^(\S+) is your code", mail.outbox[-1].subject)[1]


def sign_in(page, email="jade@example.org"):
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


def test_signing_in_by_keyboard_alone(page, axe, jade):
    page.goto("/")
    assert axe(page) == []
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("jade@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert axe(page) == []
    assert page.title().startswith("Error: Sign in")
    expect(page.locator(".govuk-error-summary")).to_be_focused()

    page.keyboard.press("Tab")  # the summary's link leads to the field, which kept what was typed
    page.keyboard.press("Enter")
    expect(page.get_by_label("Email address")).to_be_focused()
    expect(page.get_by_label("Email address")).to_have_value("jade@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Jade Lewis").wait_for()
    assert axe(page) == []


def test_the_account_menu_and_signing_out_by_keyboard_alone(page, axe, jade):
    sign_in(page)
    page.locator("summary", has_text="Jade Lewis").focus()
    page.keyboard.press("Enter")
    out = page.get_by_role("button", name="Sign out", exact=True)
    out.wait_for()
    assert axe(page) == []
    page.wait_for_function("document.body.classList.contains('js-enabled')")
    page.keyboard.press("Escape")
    expect(out).not_to_be_visible()
    expect(page.locator("summary", has_text="Jade Lewis")).to_be_focused()
    page.keyboard.press("Enter")
    out.press("Enter")
    page.get_by_text("You are signed out.").wait_for()
    assert axe(page) == []


def test_signing_in_by_code_without_scripts_on_a_phone(open_page, jade):
    page = open_page(java_script_enabled=False, **PHONE)
    page.goto("/gallery/")
    page.get_by_label("Email address").fill("jade@example.org")
    page.get_by_role("button", name="Email me a code").click()
    page.get_by_role("heading", name="Check your email").wait_for()
    field, button = page.get_by_label("Code").bounding_box(), page.get_by_role("button", name="Continue").bounding_box()
    assert 0 < button["y"] - (field["y"] + field["height"]) < 40, "they stand together"
    page.get_by_label("Code").fill(code())
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/gallery/")
    page.locator("summary", has_text="Jade Lewis").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_text("You are signed out.").wait_for()


def test_a_first_sign_in(page, axe):
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Create a sign-in").click()
    assert axe(page) == []
    page.get_by_label("Work email address").fill("new@example.org")
    page.get_by_label("Password", exact=True).fill("three random words")
    page.get_by_role("button", name="Show password").click()
    expect(page.get_by_label("Password", exact=True)).to_have_attribute("type", "text")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Check your email").wait_for()
    assert axe(page) == []
    page.get_by_label("Code").fill("WRONG")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("alert").get_by_text("The code is not right").wait_for()
    assert axe(page) == []
    page.get_by_label("Code").fill(code())
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Who are you?").wait_for()
    assert axe(page) == []

    PersonFactory(email="new@example.org", name="Nadia New")
    page.get_by_role("button", name="Join").click()
    page.get_by_role("heading", name="Nadia New").wait_for()


def test_a_forgotten_password(page, axe, jade):
    page.goto("/accounts/login/")
    page.get_by_role("link", name="I have forgotten my password").click()
    assert axe(page) == []
    page.get_by_label("Email address").fill("jade@example.org")
    page.get_by_role("button", name="Email me a code").click()
    page.get_by_label("Code").fill(code())
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Choose a new password").wait_for()
    assert axe(page) == []
    page.get_by_label("New password", exact=True).fill("a quite new password")
    page.get_by_role("button", name="Save the new password").click()
    page.get_by_role("heading", name="Your password is changed").wait_for()
    assert axe(page) == []


def test_those_who_share_a_mailbox_choose_and_change(page, axe):
    for name in ("Alice Ward", "Bola Ade"):
        PersonFactory(email="ward@example.org", name=name)
    accounts.open_account(email="ward@example.org", password=PASSWORD)
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill("ward@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("alert").get_by_text("Select your name").wait_for()
    assert axe(page) == []
    page.get_by_label("Bola Ade").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Bola Ade").wait_for()
    page.locator("summary", has_text="Bola Ade").click()
    page.get_by_role("link", name="Change person").click()
    page.get_by_label("Alice Ward").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Alice Ward").wait_for()


def test_ones_own_pages(page, axe, jade):
    sign_in(page)
    for address in ("/accounts/password/change/", "/accounts/email/", "/accounts/logout/"):
        page.goto(address)
        assert axe(page) == []


@pytest.mark.parametrize("width", [1280, 320])
def test_every_component_has_nothing_that_axe_finds_and_fits_the_screen(open_page, axe, jade, width):
    page = open_page(viewport={"width": width, "height": 700})
    sign_in(page)
    page.goto("/gallery/")
    assert axe(page) == []
    page.get_by_role("button", name="Issue 14 invoices").click()
    page.get_by_role("alert").wait_for()
    assert axe(page) == []
    for address in ("/forbidden/", "/nowhere/"):
        page.goto(address)
        assert axe(page) == []


def test_a_tables_head_stays_and_hides_nothing_that_has_the_focus(open_page, jade):
    page = open_page(viewport={"width": 1280, "height": 600})
    sign_in(page)
    page.goto("/gallery/")
    links = page.get_by_role("link", name="Waive")
    links.nth(40).focus()
    for place in range(39, 20, -1):
        page.keyboard.press("Shift+Tab")
        head = page.locator("thead").first.locator("th").first.bounding_box()
        link = links.nth(place).bounding_box()
        assert head["y"] >= 0
        assert link["y"] >= head["y"] + head["height"]


def test_a_frame_that_scrolls_is_reached_by_keyboard_and_one_that_fits_is_no_stop(open_page, jade):
    for width, stops in ((1280, False), (320, True)):
        page = open_page(viewport={"width": width, "height": 700})
        sign_in(page)
        page.goto("/gallery/")
        frame = page.get_by_role("region", name="Charges of June 2026")
        page.wait_for_function("document.body.classList.contains('js-enabled')")
        page.wait_for_function(
            "([frame, stops]) => frame.hasAttribute('tabindex') === stops", arg=[frame.element_handle(), stops]
        )


def test_words_spaced_as_some_readers_need_stay_on_the_page(open_page, jade):
    page = open_page(bypass_csp=True, **PHONE)  # the style below is the reader's own
    sign_in(page)
    for address in ("/gallery/", "/accounts/email/"):
        page.goto(address)
        spacing = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"
        page.add_style_tag(content=spacing)  # WCAG 2.2, 1.4.12
        assert page.evaluate(TOO_WIDE) == 0


def test_on_paper_there_is_nothing_to_press(open_page, jade):
    page = open_page()
    sign_in(page)
    page.goto("/gallery/")
    page.emulate_media(media="print")
    assert (
        not page.locator(".app-nav, .app-menu, .app-filters, .govuk-button, .app-foot").locator("visible=true").count()
    )
    expect(page.get_by_role("heading", name="Working Together")).to_be_visible()

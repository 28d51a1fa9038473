"""The second step at sign-in in a real browser: an app, and a passkey of a made-up device."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache

from people import accounts
from people.models import Role
from tests.factories import PASSWORD, PartnershipFactory, PersonFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def jade(settings):
    cache.clear()  # tries and spent codes are counted there
    settings.SECOND_FACTOR_DEMANDED = True
    PartnershipFactory(training_email="training@anytown.example")
    person = PersonFactory(email="jade@example.org", name="Jade Lewis", roles=[Role.COORDINATOR])
    accounts.open_account(email="jade@example.org", password=PASSWORD)
    return person


def sign_in(page):
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill("jade@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def code_of(secret, step=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


@pytest.mark.parametrize("scripts", [True, False])
def test_a_coordinator_sets_up_an_app_and_signs_in_with_it(open_page, axe, scripts):
    page = open_page(java_script_enabled=scripts, viewport={"width": 320, "height": 640})
    sign_in(page)
    page.get_by_role("heading", name="Security").wait_for()
    page.get_by_role("link", name="Set up an authenticator app").click()
    page.get_by_role("img", name="Picture to scan").wait_for()
    if scripts:
        assert axe(page) == []
    secret = page.locator(".app-secret").inner_text().replace(" ", "")
    page.get_by_label("Code from the app").fill("000000")
    page.get_by_role("button", name="Set up").click()
    page.get_by_role("alert").get_by_text("The code is not right").wait_for()
    page.get_by_label("Code from the app").fill(code_of(secret))
    page.get_by_role("button", name="Set up").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    if scripts:
        assert axe(page) == []
    recovery = page.locator(".app-codes li").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("heading", name="Jade Lewis").wait_for()

    page.context.clear_cookies()
    sign_in(page)
    page.get_by_role("heading", name="Second step").wait_for()
    if scripts:
        assert axe(page) == []
    page.get_by_label("Code", exact=True).fill(recovery)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Jade Lewis").wait_for()


@pytest.fixture
def device(page):
    """A device that keeps passkeys and unlocks with a finger, made up by the browser."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


@pytest.mark.usefixtures("device")
def test_a_passkey_is_the_second_step_and_then_signs_in_alone(page, axe):
    sign_in(page)
    page.get_by_role("link", name="Add a passkey or security key").click()
    assert axe(page) == []
    page.get_by_label("Name").fill("Work laptop")
    page.get_by_label("Let it sign me in without a password").check()
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()

    page.context.clear_cookies()
    sign_in(page)
    page.get_by_role("heading", name="Second step").wait_for()
    page.get_by_role("button", name="Use a passkey or security key").click()
    page.get_by_role("heading", name="Jade Lewis").wait_for()

    page.context.clear_cookies()
    page.goto("/accounts/login/?next=/programme/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile("^[^?]*/programme/$"))

    page.goto("/accounts/second-step/")
    assert axe(page) == []
    page.get_by_text("Work laptop").wait_for()
    page.get_by_role("link", name="Change passkeys and security keys").click()
    page.get_by_role("heading", name="Passkeys and security keys").wait_for()
    assert axe(page) == []
    page.get_by_role("link", name="Rename Work laptop").click()
    page.get_by_label("Name").fill("Old laptop")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove Old laptop").click()
    assert axe(page) == []
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("alert").get_by_text("this is your only one").wait_for()


@pytest.mark.usefixtures("device")
def test_a_passkey_that_does_not_answer_is_told(page):
    page.goto("/accounts/login/")
    page.wait_for_function("document.body.classList.contains('js-enabled')")
    page.get_by_role("button", name="Use a passkey").click()  # it has none for this site
    page.get_by_role("alert").get_by_text("That did not work.").wait_for()
    assert re.search("/accounts/login/$", page.url)

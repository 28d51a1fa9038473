"""What a browser is given to keep is what the page of cookies says, and no more."""

import pytest

from frontend.about.cookies import COOKIES
from people import accounts
from tests.factories import PASSWORD, EventFactory, PartnershipFactory, PersonFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_browser_gets_the_cookies_that_the_page_names_and_nothing_else(page):
    PartnershipFactory()
    event = EventFactory()
    PersonFactory(email="jade@example.org")
    accounts.open_account(email="jade@example.org", password=PASSWORD)
    responses, stored = [], []
    page.on("response", lambda response: responses.append(response))

    page.goto(f"/events/{event.reference}/book/")
    page.get_by_label("Email address").fill("jade@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Keep me signed in").check()
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Book this place").click()
    page.get_by_text("You have a place on").first.wait_for()
    stored.append(page.evaluate("[localStorage.length, sessionStorage.length]"))
    kept = {cookie["name"]: cookie for cookie in page.context.cookies()}
    page.goto("/cookies/")
    named = page.locator("tbody th").all_inner_texts()
    page.locator("summary.app-menu__open").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_text("You are signed out").wait_for()
    stored.append(page.evaluate("[localStorage.length, sessionStorage.length]"))

    given = {
        header["value"].partition("=")[0]
        for response in responses
        for header in response.headers_array()
        if header["name"].lower() == "set-cookie"
    }
    assert given == {cookie.name for cookie in COOKIES} == set(named)
    assert stored == [[0, 0], [0, 0]], "nothing is kept beside the cookies"
    assert all(cookie["httpOnly"] or cookie["name"] == "csrftoken" for cookie in kept.values())

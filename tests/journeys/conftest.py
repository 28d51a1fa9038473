"""What the journeys share."""

import pytest
from django.conf import settings
from django.test import Client

from tests import signing_in
from tests.factories import AccountFactory


@pytest.fixture
def enter(live_server):
    """Signs a page's browser in as a person, without the way through the sign-in page: enter(page, person)."""

    def as_person(page, person):
        if person.account is None:
            person.account = AccountFactory()
            person.save(update_fields=["account"])
        client = Client()
        signing_in.enter(client, person.account)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])

    return as_person


@pytest.fixture
def look(axe):
    """Asserts that nothing is wrong with how the page looks."""

    def at(page):
        assert axe(page) == []

    return at


@pytest.fixture
def press(look):
    """Presses a button or link, waits for these words, and asserts that the page that follows looks right."""

    def on(page, name, then, role="button", exact=False):
        # What a telephone folds away is unfolded first.
        inside = page.get_by_role(role, name=name, exact=exact, include_hidden=True)
        folded = page.locator("main .app-fold:not([open])", has=inside).locator("summary:visible")
        if folded.count():
            folded.first.click()
        page.locator("main, .app-nav").get_by_role(role, name=name, exact=exact).first.click()
        page.get_by_text(then).first.wait_for()
        look(page)

    return on

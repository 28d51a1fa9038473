"""Making a token in a browser, under the strictest content policy, and reading the description of the API."""

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import AccountFactory, EventFactory, PersonFactory
from tests.signing_in import enter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'"


@pytest.fixture
def strict(page, live_server):
    """A page of Jade's with the policy on each answer, and what it refused."""
    refused = []

    def with_policy(route):
        response = route.fetch(max_redirects=0)
        route.fulfill(response=response, headers=response.headers | {"content-security-policy": POLICY})

    page.route("**/*", with_policy)
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    client = Client()
    enter(client, PersonFactory(name="Jade Lewis", account=AccountFactory()).account)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    return page, refused


@pytest.fixture
def look(strict, axe):
    """Asserts that the page that was gone to, with its styles, has nothing wrong with it."""
    page, refused = strict

    def at(heading):
        page.get_by_role("heading", name=heading, level=1).wait_for()
        page.wait_for_load_state("load")
        assert axe(page) == []
        assert refused == []

    return at


@pytest.mark.parametrize("width", [1280, 320])
def test_jade_makes_a_token_and_a_program_uses_it(strict, look, width):
    page, _ = strict
    page.set_viewport_size({"width": width, "height": 800})
    event = EventFactory()
    page.goto("/accounts/api-access/")
    look("API access")
    page.get_by_role("button", name="Make a token").click()
    look("Make a token")
    page.get_by_role("button", name="Make the token").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    look("Make a token")
    page.get_by_label("What is it for?").fill("The desk")
    page.get_by_label("Read the programme and bookings").check()
    page.get_by_label("30 days").check()
    page.get_by_role("button", name="Make the token").click()
    look("Your new token")
    secret = {"Authorization": f"Bearer {page.get_by_role('group', name='The token').inner_text()}"}
    answer = page.request.get("/api/v1/events", headers=secret).json()
    assert [row["reference"] for row in answer["results"]] == [event.reference]
    page.get_by_role("link", name="Back to your tokens").click()
    page.get_by_role("link", name="Revoke The desk").click()
    look("Revoke this token?")
    page.get_by_role("button", name="Revoke it").click()
    look("API access")
    assert page.request.get("/api/v1/me", headers=secret).status == 401


@pytest.mark.parametrize("width", [1280, 320])
def test_the_description_of_the_api_is_read_and_tried(strict, look, width):
    page, _ = strict
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/api/")
    look("The API")
    for opener in page.locator("details.govuk-details summary").all():
        opener.click()
    look("The API")
    page.locator("a[href='/api/v1/me']").click()
    assert '"Jade Lewis"' in page.content()

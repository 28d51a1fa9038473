"""The content policy in a real browser: it refuses what is inline or from elsewhere, and nothing that a page needs."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse

from tests.factories import PASSWORD
from tests.frontend.doors import DOORS, ROLES
from tests.frontend.test_doors import World, table

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

LISTEN = """
window.refused = [];
document.addEventListener("securitypolicyviolation", event =>
  window.refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""
# What is a file and no page.
FILES = ("download", "csv", "json", "xlsx", "pdf", "fetch", "imports:problems", "_stylesheet", ":calendar", ":feed")


def is_page(name):
    return not name.endswith(FILES) and not name.startswith("api:")


@pytest.fixture
def listening(open_page):
    cache.clear()  # allauth counts tries there

    def open_one(**options):
        page = open_page(**options)
        page.add_init_script(LISTEN)
        return page

    return open_one


def refused_on(page, address):
    page.goto(address)
    page.locator("body.js-enabled").wait_for(state="attached")
    return [f"{address}: {refusal}" for refusal in page.evaluate("window.refused")]


def test_no_page_of_ours_is_refused_anything(listening, live_server):
    world = World()
    page, refused, looked_at = listening(), [], 0
    for role in ("coordinator", "finance officer"):
        page.context.clear_cookies()
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": world.sessions[role], "url": live_server.url}
        page.context.add_cookies([cookie])
        for name, about, get, _ in table():
            if get[ROLES.index(role)] == "." and is_page(name):
                refused += refused_on(page, reverse(name, args=world.objects[about]))
                looked_at += 1
    assert refused == []
    assert looked_at > 50, DOORS


def test_no_page_for_visitors_is_refused_anything(listening):
    page, objects = listening(), World().objects
    open_to_all = [line for line in table() if line[2][0] == "." and is_page(line[0])]
    refused = [refused_on(page, reverse(name, args=objects[about])) for name, about, *_ in open_to_all]
    assert refused == [[]] * len(open_to_all)
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill("nobody@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("alert").wait_for()
    assert page.evaluate("window.refused") == []


def test_the_listener_hears_and_what_is_inline_does_not_run(listening):
    page = listening()
    page.goto("/accounts/login/")
    page.evaluate(
        """() => {
          document.body.insertAdjacentHTML("beforeend", "<p style='color: red'>x</p><img src='https://evil.example/x'>");
          const script = document.createElement("script");
          script.textContent = "window.ran = true";
          document.body.append(script);
        }"""
    )
    page.wait_for_function("window.refused.length >= 3")
    assert page.evaluate("window.ran") is None
    assert {refusal.split()[0] for refusal in page.evaluate("window.refused")} == {
        "style-src-attr",
        "img-src",
        "script-src-elem",
    }

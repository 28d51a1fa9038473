"""The content policy in a real browser: it refuses what is inline or from elsewhere, and nothing that a page needs.

That no page has any of it: test_every_page.py listens on the main ones, tests/frontend/test_doors.py reads them all.
"""

import pytest
from django.core.cache import cache

from tests.factories import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

LISTEN = """
window.refused = [];
document.addEventListener("securitypolicyviolation", event =>
  window.refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


@pytest.fixture
def listening(open_page):
    cache.clear()  # allauth counts tries there

    def open_one(**options):
        page = open_page(**options)
        page.add_init_script(LISTEN)
        return page

    return open_one


def test_no_page_for_signing_in_is_refused_anything(listening):
    page = listening()
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

"""Fixtures for all tests: a database that goes afterwards, and a real browser with axe in it."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, Page, expect, sync_playwright

AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What a page does after a change of its size, it has done by the second frame after it.
LAID_OUT = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
TOO_WIDE = "() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)"
# Whose few tests take longest: begun first, so that no process works on one of them while the other has nothing left.
FIRST = ("test_every_page.py", "test_doors.py", "test_mail_scanners.py", "test_killed.py", "test_hostile_text.py")
PATIENCE = 60_000  # milliseconds; only what never comes takes them
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    # Pages ask nobody but us; a look-up that cannot succeed would only take time.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All else stays in its random order, as xdist is asked not to put files with many tests first."""
    items.sort(key=lambda item: FIRST.index(item.path.name) if item.path.name in FIRST else len(FIRST))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """The database can be dropped at the end, whatever still looks into it."""
    yield
    # A thread that a test left to end by itself may still be connected, and the database could not be dropped.
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )


@pytest.fixture
def own_files(settings: Any) -> None:
    """Files kept by the test are its own: there are none before it, and none after."""
    settings.STORAGES = dict(settings.STORAGES)  # by which Django takes its storages anew


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: that of CHROMIUM, or one on the PATH. Without one journeys are skipped, but not in CI."""
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        no_browser = "No Chromium: install it, or set CHROMIUM to its path, to run the journeys."
        pytest.fail(no_browser) if os.environ.get("CI") else pytest.skip(no_browser)
    # Playwright runs an event loop in this thread, which Django takes for code that must not touch the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        chromium = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, live_server: object) -> Iterator[Callable[..., Page]]:
    """Opens pages of the running site: open_page(java_script_enabled=False, viewport={"width": 320, "height": 640})."""
    contexts, errors = [], []

    def open_one(**options: object) -> Page:
        context = browser.new_context(base_url=live_server.url, locale="en-GB", timezone_id="Europe/London", **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert errors == [], "scripts on the pages failed"


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """One page of the running site, in a browser with nothing remembered."""
    return open_page()


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """What is wrong on a page, by axe or as it is wider than its screen: `assert axe(page) == []`."""
    script = AXE.read_text()

    def wrong(page: Page) -> list[str]:
        page.wait_for_load_state()
        page.evaluate(LAID_OUT)
        if page.evaluate("!window.axe"):
            page.evaluate(script)  # not as a script tag, which the page's own content policy would refuse
        options = {"runOnly": {"type": "tag", "values": AXE_RULES}, "resultTypes": ["violations"]}
        found = page.evaluate("options => axe.run(document, options)", options)["violations"]
        sideways = page.evaluate(TOO_WIDE)
        return [f"{page.url} is {sideways} pixels too wide"] * bool(sideways) + [
            f"{page.url}: {one['id']}: {one['help']}: {[node['target'] for node in one['nodes']]}" for one in found
        ]

    return wrong

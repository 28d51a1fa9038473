"""Somebody looks whether the desk works, without signing in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from outbox import heartbeat
from tests.factories import MessageFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


@pytest.mark.parametrize("width", [1280, 320])
def test_the_status_page_is_found_in_the_foot_and_read_by_everyone(open_page, axe, width):
    heartbeat.note()
    page = open_page(viewport={"width": width, "height": 800}, java_script_enabled=True)
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Service status").click()
    assert page.get_by_role("heading", level=1).inner_text().endswith("Everything works")
    assert axe(page) == []
    MessageFactory(due_at=timezone.now() - timedelta(hours=1))
    page.reload()
    assert page.get_by_role("heading", level=1).inner_text().endswith("Some things are late")
    assert page.get_by_text("Since ").count() == 1
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

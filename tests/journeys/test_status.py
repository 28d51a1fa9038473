"""Somebody looks whether the desk works, without signing in."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from outbox import heartbeat
from tests.factories import MessageFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


@pytest.mark.parametrize("width", [1280, 320])
def test_the_status_page_is_found_in_the_foot_and_read_by_everyone(open_page, axe, width):
    heartbeat.note()
    page = open_page(viewport={"width": width, "height": 800}, java_script_enabled=True)
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Service status").click()
    page.get_by_role("heading", name="Everything works", level=1).wait_for()
    assert axe(page) == []
    MessageFactory(due_at=timezone.now() - timedelta(hours=1))
    page.reload()
    page.get_by_role("heading", name="Some things are late", level=1).wait_for()
    expect(page.get_by_text("Since ")).to_have_count(1)
    assert axe(page) == []

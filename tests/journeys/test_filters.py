"""The filter above a list: out of the way on a phone until it is used, and always there at a desk."""

import pytest
from playwright.sync_api import expect

from people.models import Role
from tests.factories import EventFactory, PartnershipFactory, PersonFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 640}


@pytest.mark.parametrize("scripts", [True, False])
def test_the_filter_is_folded_on_a_phone_and_open_once_it_is_set(open_page, enter, axe, scripts):
    PartnershipFactory()
    event = EventFactory()
    page = open_page(viewport=PHONE, java_script_enabled=scripts)
    enter(page, PersonFactory(roles=[Role.COORDINATOR]))
    words, fold = page.get_by_label("Course or reference"), page.get_by_text("Filter this list")
    page.goto("/programme/")
    expect(words).not_to_be_visible()
    fold.click()
    words.fill(event.reference)
    page.get_by_role("button", name="Show").click()
    page.get_by_text("Filter this list (1 set)").wait_for()
    expect(words).to_be_visible()
    assert not scripts or axe(page) == []
    page.get_by_role("link", name="Clear the filter").click()
    page.wait_for_url("**/programme/")
    expect(words).not_to_be_visible()

    page.set_viewport_size(DESK)
    expect(words).to_be_visible()
    expect(fold).not_to_be_visible()
    words.fill("nothing like it")
    words.press("Enter")
    page.get_by_text("No event fits this filter").wait_for()

"""Telling how it was, from the mail's link to the results, in a real browser."""

import pytest
from playwright.sync_api import expect

from evaluations import links
from evaluations.models import Response
from people.models import Role
from tests.evaluations.situations import ANSWERS, answer, asked, closed
from tests.factories import CourseFactory, PartnershipFactory, PersonFactory
from training.financial_year import FinancialYear

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

WIDTHS = [{"viewport": {"width": 1280, "height": 800}}, {"viewport": {"width": 375, "height": 667}}]


@pytest.fixture
def shown(axe):
    """Waits for these words, and asserts that the page fits and that axe finds nothing on it."""

    def on(page, words):
        page.get_by_text(words).first.wait_for()
        assert axe(page) == []

    return on


@pytest.mark.parametrize("size", WIDTHS)
@pytest.mark.parametrize("scripts", [True, False])
def test_a_delegate_answers_by_the_link_without_signing_in(open_page, axe, shown, size, scripts):
    PartnershipFactory()
    booking = asked(2, course=CourseFactory(title="Modern Slavery"))[0]
    page = open_page(java_script_enabled=scripts, **size)
    # axe is a script itself: without scripts the same pages are only walked.
    look = shown if scripts else lambda page, words: page.get_by_text(words).first.wait_for()
    page.goto(f"/tell-us/{links.token(booking.reference)}/")
    look(page, "How was Modern Slavery?")
    page.get_by_role("button", name="Send my answers").click()
    look(page, "There is a problem")
    page.get_by_role("link", name="before today?").click()
    expect(page.locator("#id_answer-before")).to_be_focused()
    before, now, rating = (page.get_by_role("group", name=name) for name in ("before today", "now", "overall"))
    before.get_by_label("Not relevant to my role").check()
    now.get_by_label("10").check()
    rating.get_by_label("5").check()
    page.get_by_label("Is there anything else").fill("The morning was best.")
    look(page, "How was Modern Slavery?")
    page.get_by_role("button", name="Send my answers").click()
    look(page, "Thank you: your answers are sent")
    page.goto(f"/tell-us/{links.token(booking.reference)}/")
    look(page, "Already answered, thank you")
    kept = {"before": "not-relevant", "now": 10, "rating": 5, "comment": "The morning was best."}
    assert Response.objects.get().answers == kept
    page.goto("/tell-us/cut-off/")
    look(page, "This link does not work")


def test_a_scale_is_answered_with_the_keyboard_alone(open_page):
    booking = asked(2)[0]
    page = open_page()
    page.goto(f"/tell-us/{links.token(booking.reference)}/")
    page.locator("#id_answer-before").focus()
    for key in (["ArrowRight"] * 3, ["Tab", "Space"], ["ArrowRight"] * 8, ["Tab", "Space"], ["ArrowRight"] * 3):
        for one in key:
            page.keyboard.press(one)
    page.get_by_role("button", name="Send my answers").press("Enter")
    page.get_by_text("Thank you").first.wait_for()
    assert Response.objects.get().answers == ANSWERS


@pytest.mark.parametrize("size", WIDTHS)
def test_a_coordinator_reads_the_results(open_page, enter, shown, size):
    PartnershipFactory()
    event = closed(6, texts=True, course=CourseFactory(title="Modern Slavery", code="MS"))
    open_one = asked(7)
    for booking in open_one[:6]:
        answer(booking)
    page = open_page(**size)
    enter(page, PersonFactory(roles=[Role.COORDINATOR]))
    page.goto(f"/results/{FinancialYear.containing(event.ends_at).code}/")
    shown(page, "What delegates said")
    page.get_by_role("link", name="Modern Slavery").click()
    shown(page, "What delegates said: Modern Slavery")
    page.get_by_role("link", name=event.reference).click()
    shown(page, "Text 1 of")
    page.get_by_text("as a table").first.click()
    shown(page, "Before today, share")
    page.goto(f"/events/{open_one[0].event.reference}/results/")
    shown(page, "Delegates are still answering")

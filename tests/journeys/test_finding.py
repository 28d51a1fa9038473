"""Finding training in a real browser, on a phone and with scripts or without: words, filters, the month, a course."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.catalogue import InterestFactory, PrerequisiteFactory, TopicFactory
from tests.factories import (
    BookingFactory,
    ChargingPolicyFactory,
    CourseFactory,
    EventFactory,
    PartnershipFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    TariffFactory,
    at_half_past_nine,
)
from training.models import Interest

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 375, "height": 667}}
LONG = "Multi-agency-safeguarding-arrangements-and-information-sharing " * 3
ways = pytest.mark.parametrize("scripts", [True, False])


@pytest.fixture
def catalogue():
    """A course with dates, one of them full, and one without; texts as long as people write them."""
    PartnershipFactory()
    policy = ChargingPolicyFactory()
    TariffFactory(policy=policy)
    TariffFactory(policy=policy, reason="cancelled-late")
    exploitation = CourseFactory(
        title="Child Sexual Exploitation",
        code="CSE",
        level="Level 2",
        summary=f"How children are groomed. {LONG}",
        audience=f"Everybody. {LONG}",
        learning_aims=f"Know the signs\n{LONG}",
        topics=[TopicFactory(name="Exploitation")],
    )
    PrerequisiteFactory(course=exploitation, required__title="Working Together", valid_months=36)
    room = RoomFactory(venue__name="Lancaster Circus training suite, second floor")
    for number in range(5):
        event = EventFactory(course=exploitation, places=1, sessions=0)
        SessionFactory(event=event, starts_at=at_half_past_nine(20 + number), room=room)
    BookingFactory(event=EventFactory(course=exploitation, places=1, days=19))
    CourseFactory(title="Neglect and the Graded Care Profile", code="NEG", level="Level 3")
    EventFactory(course__title="Modern Slavery", days=50)
    return exploitation


@ways
def test_a_practitioner_finds_a_date_by_a_misspelt_word_and_books_it(open_page, press, look, enter, catalogue, scripts):
    page = open_page(java_script_enabled=scripts, **PHONE)
    check = look if scripts else (lambda page: None)  # axe is a script
    enter(page, PersonFactory(name="Jade Lewis"))
    page.goto("/")
    page.locator(".app-nav").get_by_role("link", name="Find training").click()
    page.get_by_role("heading", name="Find training").wait_for()
    check(page)
    page.get_by_label("What are you looking for?").fill("sexaul exploitaton")
    page.get_by_role("button", name="Search").click()
    page.get_by_text("1 course for").wait_for()
    check(page)
    page.get_by_role("link", name="3 more dates").click()
    page.get_by_role("heading", name="What comes before").wait_for()
    check(page)
    expect(page.get_by_text("Waiting list")).to_have_count(1)
    page.locator(".app-dates a").nth(1).click()
    page.get_by_role("button", name="Book a place").click()
    page.get_by_text("Attended Working Together in the last 3 years").wait_for()
    check(page)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Book this place").click()
    page.get_by_text("You have a place on").wait_for()
    check(page)


@ways
def test_filters_stay_from_the_list_to_the_month_and_back_from_a_course(open_page, look, catalogue, scripts):
    page = open_page(java_script_enabled=scripts, **PHONE)
    check = look if scripts else (lambda page: None)
    page.goto("/training/")
    page.get_by_text("Filter this list").click()
    page.get_by_label("Level").select_option("Level 2")
    page.get_by_role("button", name="Show").click()
    page.get_by_text("1 course").wait_for()
    check(page)
    page.get_by_role("link", name="Month").click()
    page.get_by_text(f"in {timezone.localtime(at_half_past_nine(19)):%B %Y}").first.wait_for()
    expect(page.get_by_label("Level")).to_have_value("Level 2")
    check(page)
    page.get_by_role("link", name="List").click()
    page.get_by_role("heading", name="Child Sexual Exploitation").get_by_role("link").click()
    page.get_by_role("heading", name="For whom").wait_for()
    page.get_by_role("link", name="Find training").last.click()
    page.get_by_text("1 course").wait_for()
    expect(page.get_by_label("Level")).to_have_value("Level 2")


def test_the_month_is_a_calendar_at_a_desk_and_a_list_of_days_on_a_phone(open_page, look, catalogue):
    page = open_page(viewport={"width": 1280, "height": 800})
    page.goto("/training/?view=month")
    expect(page.get_by_role("columnheader", name="Monday")).to_be_visible()
    look(page)
    page.set_viewport_size(PHONE["viewport"])
    first = at_half_past_nine(19)
    expect(page.get_by_text(f"{first:%A} {first.day} {first:%B %Y}")).to_be_visible()
    expect(page.locator(".app-month__free").first).to_be_hidden()
    look(page)
    page.set_viewport_size({"width": 320, "height": 640})
    look(page)


@ways
def test_without_a_match_one_is_offered_and_without_a_date_one_asks_to_be_told(
    open_page, look, enter, catalogue, scripts
):
    page = open_page(java_script_enabled=scripts, **PHONE)
    check = look if scripts else (lambda page: None)
    page.goto("/training/?q=neglecting+horses")
    page.get_by_role("heading", name="Nothing found").wait_for()
    check(page)
    page.get_by_role("link", name="Neglect and the Graded Care Profile").click()
    page.get_by_role("link", name="Sign in to be told").wait_for()
    check(page)
    enter(page, PersonFactory(name="Jade Lewis"))
    page.reload()
    page.get_by_role("button", name="Tell me when there is a date").click()
    page.get_by_text("We will write to you when").wait_for()
    check(page)
    assert Interest.objects.count() == 1
    page.get_by_role("button", name="Do not tell me").click()
    page.get_by_text("We will not write to you").wait_for()
    check(page)
    assert not Interest.objects.exists()


def test_a_coordinator_sees_on_the_course_how_many_ask_for_a_date(open_page, press, look, enter, catalogue):
    course = CourseFactory(title="Supervision", code="SUP")
    InterestFactory.create_batch(3, course=course)
    page = open_page()
    enter(page, PersonFactory(roles=["coordinator"]))
    page.goto("/courses/SUP/")
    page.get_by_text("Who asked for a date").wait_for()
    look(page)

"""From the search to the confirmation on a phone, with and without JavaScript: in how few pages, with what asked."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import expect

from bookings import needs
from bookings.models import Booking
from bookings.needs import Needs
from people.models import Role
from tests.catalogue import CourseFeeFactory, PrerequisiteFactory
from tests.factories import (
    BookingFactory,
    ChargingPolicyFactory,
    CourseFactory,
    EventFactory,
    PartnershipFactory,
    PersonFactory,
    StaffGroupFactory,
    TariffFactory,
    WorkshopChoiceFactory,
    WorkshopFactory,
)
from tests.joining_factories import AgencyDomainFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 375, "height": 812}}
both = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])


@pytest.fixture(autouse=True)
def world():
    cache.clear()  # allauth counts tries there
    PartnershipFactory(training_email="training@anytown.example")
    policy = ChargingPolicyFactory()
    TariffFactory(policy=policy)
    TariffFactory(policy=policy, reason="cancelled-late")


@pytest.fixture
def slavery():
    return EventFactory(course=CourseFactory(title="Modern Slavery"), reference="26-001")


@pytest.fixture
def step(look):
    """Presses, waits for the words, and looks at the page that follows, if scripts can look."""

    def on(page, name, then, role="button", scripts=True):
        page.locator("main").get_by_role(role, name=name).first.click()
        page.get_by_text(then).first.wait_for()
        if scripts:
            look(page)

    return on


def counted(page):
    shown = []
    page.on("framenavigated", lambda frame: shown.append(frame.url))
    return shown


@both
def test_somebody_new_comes_from_the_search_to_the_confirmation_in_seven_pages(open_page, step, slavery, scripts):
    AgencyDomainFactory(agency__name="Anytown Council", domain="anytown.gov.uk")
    page = open_page(java_script_enabled=scripts, **PHONE)
    shown = counted(page)
    page.goto("/training/?q=slavery")
    page.locator(".app-found__dates a").first.click()
    page.get_by_label("Email address").fill("nadia@anytown.gov.uk")
    step(page, "Email me a code", "Check your email", scripts=scripts)
    page.get_by_label("Code").fill(re.search(r"^(\S+) is your code", mail.outbox[-1].subject)[1])
    step(page, "Continue", "Who are you?", scripts=scripts)
    page.get_by_label("Your full name").fill("Nadia New")
    step(page, "Join", "You are in, Nadia New", scripts=scripts)
    step(page, "Book a place", "Free to cancel until", scripts=scripts)
    step(page, "Book this place", "You have a place on Modern Slavery", scripts=scripts)
    assert len(shown) <= 7, shown
    assert Booking.objects.get().delegate.name == "Nadia New"


@both
def test_somebody_known_comes_from_the_search_to_the_confirmation_in_four(open_page, enter, step, slavery, scripts):
    jade = PersonFactory(name="Jade Lewis")
    needs.keep(person=jade, needs=Needs(dietary="No nuts"))
    page = open_page(java_script_enabled=scripts, **PHONE)
    enter(page, jade)
    shown = counted(page)
    page.goto("/training/?q=slavery")
    page.locator(".app-found__dates a").first.click()
    step(page, "Book a place", "Free to cancel until", scripts=scripts)
    expect(page.get_by_label("Food and drink")).to_have_value("No nuts")
    step(page, "Book this place", "You have a place on Modern Slavery", scripts=scripts)
    assert len(shown) <= 4, shown
    page.go_back()
    page.get_by_text("You are booked on this already").wait_for()
    assert Booking.objects.get().need.dietary == "No nuts"


@pytest.fixture
def conference():
    """It is for two staff groups, asks for a course before it, costs something, and has workshops at two times."""
    course = CourseFactory(title="Safeguarding conference", delivery="conference")
    course.staff_groups.add(StaffGroupFactory(name="Midwife"), StaffGroupFactory(name="Social worker"))
    PrerequisiteFactory(course=course, required__title="Working Together", valid_months=36)
    CourseFeeFactory(course=course, agency_type="voluntary", net_amount=20)
    event = EventFactory(course=course, reference="26-002")
    WorkshopFactory(event=event, title="County lines", slot="Morning, 11am", places=1)
    WorkshopFactory(event=event, title="Neglect and the Graded Care Profile in practice", slot="Morning, 11am")
    WorkshopFactory(event=event, title="Online harm", slot="Afternoon, 2pm")
    return event


@both
def test_a_conference_with_all_that_can_be_asked(open_page, enter, step, conference, scripts):
    jade = PersonFactory(name="Jade Lewis", agency__type="voluntary")
    BookingFactory(event=EventFactory(course__title="Modern Slavery"), delegate=jade)
    page = open_page(java_script_enabled=scripts, **PHONE)
    enter(page, jade)
    page.goto("/events/26-002/")
    step(page, "Book a place", "Attended Working Together in the last 3 years", scripts=scripts)
    step(page, "Continue", "There is a problem", scripts=scripts)
    page.get_by_label("Your staff group").select_option(label="Midwife")
    step(page, "Continue", "Choose your workshops", scripts=scripts)
    step(page, "Continue", "There is a problem", scripts=scripts)
    page.get_by_label("County lines (1 left)").check()
    page.get_by_label("Online harm (10 left)").check()
    step(page, "Continue", "£20 a place", scripts=scripts)
    page.get_by_label("Access").fill("A step-free room")

    WorkshopChoiceFactory(workshop=conference.workshops.get(title="County lines"))
    step(page, "Book this place", "County lines has filled up since you chose", scripts=scripts)
    expect(page.get_by_label("Online harm (10 left)")).to_be_checked()
    page.get_by_label("Neglect and the Graded Care Profile").check()
    step(page, "Continue", "£20 a place", scripts=scripts)
    expect(page.get_by_label("Access")).to_have_value("A step-free room")
    step(page, "Change workshops", "Choose your workshops", scripts=scripts)
    step(page, "Continue", "£20 a place", scripts=scripts)
    expect(page.get_by_label("Access")).to_have_value("A step-free room")
    step(page, "Book this place", "You have a place on Safeguarding conference", scripts=scripts)
    booking = Booking.objects.get(event=conference, delegate=jade)
    assert (booking.need.access, booking.workshop_choices.count()) == ("A step-free room", 2)


@both
def test_workshops_and_needs_are_changed_afterwards_and_a_coordinator_sees_them(
    open_page, enter, step, conference, scripts
):
    jade = PersonFactory(name="Jade Lewis")
    booking = BookingFactory(event=conference, delegate=jade)
    page = open_page(java_script_enabled=scripts, **PHONE)
    enter(page, jade)
    page.goto(f"/bookings/{booking.reference}/")
    step(page, "Change the workshops", "Save these workshops", "link", scripts=scripts)
    step(page, "Save these workshops", "There is a problem", scripts=scripts)
    page.get_by_label("County lines (1 left)").check()
    page.get_by_label("Online harm (10 left)").check()
    step(page, "Save these workshops", "The workshops are changed", scripts=scripts)
    step(page, "Say what you need", "It is deleted 30 days after", "link", scripts=scripts)
    page.get_by_label("Food and drink").fill("Vegan")
    step(page, "Save", "The needs are noted", scripts=scripts)

    desk = open_page(java_script_enabled=scripts)
    enter(desk, PersonFactory(roles=[Role.COORDINATOR]))
    desk.goto("/events/26-002/")
    step(desk, "Access and dietary needs", "That you opened this page is recorded", "link", scripts=scripts)
    expect(desk.get_by_text("Vegan")).to_be_visible()
    step(desk, "Say what is arranged", "They sit in the room", "link", scripts=scripts)
    desk.get_by_label("What is arranged").fill("A vegan lunch")
    desk.get_by_label("This is arranged").check()
    step(desk, "Save", "is told by email in five minutes", scripts=scripts)
    page.goto(f"/bookings/{booking.reference}/")
    expect(page.get_by_text("A vegan lunch")).to_be_visible()
    step(desk, "Take back", "is to be arranged", scripts=scripts)


@both
def test_what_cannot_be_booked_says_why_and_what_to_do(open_page, enter, step, slavery, scripts):
    page = open_page(java_script_enabled=scripts, **PHONE)
    enter(page, PersonFactory(name="Jade Lewis"))
    page.goto("/events/26-001/book/")
    slavery.sessions.all().delete()
    step(page, "Book this place", "This event has no date yet", scripts=scripts)
    step(page, "Tell me when there is a date", "We will write to you", scripts=scripts)

    needed = PrerequisiteFactory(course__title="Level 3", required__title="Working Together")
    needed.course.on_missing = "block"
    needed.course.save()
    EventFactory(course=needed.course, reference="26-003")
    page.goto("/events/26-003/")
    step(page, "Book a place", "You cannot book this course yet", scripts=scripts)

    full = EventFactory(course__title="Neglect", places=1, reference="26-004")
    BookingFactory(event=full)
    page.goto("/events/26-004/")
    step(page, "Join the waiting list", "as number 1", scripts=scripts)
    step(page, "Join the waiting list", "You are on the waiting list of Neglect", scripts=scripts)

    page.goto("/my-details/")
    step(page, "Change your access and dietary needs", "filled in for you whenever you book", "link", scripts=scripts)
    page.get_by_label("Access").fill("Large print")
    step(page, "Save", "kept for the next time you book", scripts=scripts)

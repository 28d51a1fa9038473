"""Booking in a real browser: for oneself on a phone, for others at a desk, and what can be done about it afterwards."""

import pytest

from people.models import Role
from tests.factories import (
    BookingFactory,
    ChargingPolicyFactory,
    CourseFactory,
    EventFactory,
    PartnershipFactory,
    PersonFactory,
    TariffFactory,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

NARROW = {"viewport": {"width": 320, "height": 640}}


@pytest.fixture
def event():
    """In a month, with two places, and a policy that charges for late cancellation."""
    PartnershipFactory()
    policy = ChargingPolicyFactory()
    TariffFactory(policy=policy)
    TariffFactory(policy=policy, reason="cancelled-late")
    return EventFactory(course=CourseFactory(title="Modern Slavery"), places=2, reference="26-001")


def test_a_practitioner_books_on_a_phone_sends_a_colleague_and_cancels(open_page, press, enter, event):
    jade = PersonFactory(name="Jade Lewis")
    PersonFactory(name="Sean Foster", agency=jade.agency)
    second = EventFactory(course=CourseFactory(title="Right Help, Right Time"), days=40)
    page = open_page(**NARROW)
    enter(page, jade)
    page.goto("/programme/")
    press(page, "Modern Slavery", "places left", "link")
    press(page, "Book a place", "Free to cancel until", "button")
    press(page, "Book this place", "You have a place on Modern Slavery")
    press(page, "Change or cancel this booking", "Send a substitute", "link")
    press(page, "Send a substitute", "takes over the place of", "link")
    page.get_by_label("Name or email address").fill("sean")
    press(page, "Find", "Who is it?")
    page.get_by_label("Sean Foster").check()
    press(page, "Continue", "are told by email")
    press(page, "Send this substitute", "Sean Foster takes over")

    page.goto(f"/events/{second.reference}/book/")
    press(page, "Book this place", "You have a place on Right Help, Right Time")
    press(page, "Change or cancel this booking", "Send a substitute", "link")
    press(page, "Cancel", "Cancelling now is free", "link")
    press(page, "Cancel this booking", "is cancelled. Its reference is")


def test_on_a_phone_a_long_address_folds_and_choosing_nobody_is_told(open_page, press, enter, event):
    PersonFactory(name="Sean Foster", email="sean.foster-of-the-multi-agency-safeguarding-hub4186@bsolccg.example")
    page = open_page(**NARROW)
    enter(page, PersonFactory(roles=[Role.COORDINATOR]))
    page.goto("/events/26-001/book/")
    page.get_by_label("Name or email address").fill("sean")
    press(page, "Find", "Who is it?")
    press(page, "Continue", "There is a problem")
    page.get_by_label("Sean Foster").check()
    press(page, "Continue", "Book this place")
    assert "?person=" in page.url, "going back from the check sends nothing twice"


def test_a_coordinator_books_somebody_new_gives_a_place_and_enters_a_cancellation(open_page, press, enter, event):
    BookingFactory(event=event, delegate__name="Ann Able")
    BookingFactory(event=event, delegate__name="Bea Brown")
    page = open_page()
    enter(page, PersonFactory(name="Casey Coordinator", roles=[Role.COORDINATOR]))
    page.goto("/events/26-001/")
    press(page, "Book a delegate", "goes on the waiting list, as number 1")
    press(page, "Enter somebody who is new here", "Full name", "link")
    press(page, "Put on the waiting list", "There is a problem")
    page.get_by_label("Full name").fill("Zoe Young")
    page.get_by_label("Agency").select_option(index=1)
    page.get_by_label("Work email address").fill("zoe@example.org")
    press(page, "Put on the waiting list", "Zoe Young has no place yet")
    press(page, "Give a place", "You can still give one more", "link")
    press(page, "Overbook and give this place", "There is a problem")
    page.get_by_label("Why there is room for one more").fill("A bigger room")
    press(page, "Overbook and give this place", "Zoe Young has a place")

    press(page, "Cancel", "Notice counts from when the cancellation was received", "link")
    page.get_by_label("By telephone").check()
    page.get_by_label("From whom").fill("her manager")
    press(page, "Continue", "This is in time")
    press(page, "Cancel this booking", "is cancelled. Its reference is")
    page.get_by_text("Cancelled in time").first.wait_for()

"""A delegate checks in by the code on the room's screen, and the trainer sees it appear."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories import (
    BookingFactory,
    CourseFactory,
    EventFactory,
    PartnershipFactory,
    PersonFactory,
    SessionTrainerFactory,
    TrainerFactory,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 375, "height": 667}, "has_touch": True}


@pytest.fixture
def trainer():
    PartnershipFactory()
    return PersonFactory(name="Terry Trainer")


@pytest.fixture
def booking(trainer):
    """Of an event that begins today, whatever the hour."""
    begins = timezone.localtime().replace(hour=23, minute=58)
    event = EventFactory(begins=begins, course=CourseFactory(title="Modern Slavery"), reference="26-001")
    SessionTrainerFactory(session=event.sessions.get(), trainer=TrainerFactory(person=trainer))
    return BookingFactory(event=event, delegate__name="Ann Able")


def test_a_delegate_types_the_code_and_the_trainer_sees_it(open_page, look, enter, trainer, booking):
    desk, phone = open_page(), open_page(**PHONE)
    enter(desk, trainer)
    desk.goto("/events/26-001/register/1/")
    desk.locator("form.app-register--live").wait_for()
    desk.get_by_role("link", name="Show a code").click()
    code = desk.locator(".app-check-in__code")
    code.wait_for()
    look(desk)
    phone.goto("/check-in/26-001/1/")
    look(phone)
    # The code changes every half minute, and the one before is taken.
    phone.get_by_label("Code on the room").fill(re.sub(r"\s", "", code.inner_text()))
    phone.get_by_role("button", name="Continue").click()
    phone.get_by_text("Modern Slavery").first.wait_for()
    look(phone)
    phone.get_by_label("Booking reference").fill(booking.reference)
    phone.get_by_label("Full name").fill("ann able")
    desk.goto("/events/26-001/register/1/")
    desk.get_by_text("0 of 1 marked").wait_for()
    phone.get_by_role("button", name="I am here").click()
    phone.get_by_role("heading", name="You are checked in").wait_for()
    look(phone)
    desk.evaluate("dispatchEvent(new Event('online'))")
    desk.get_by_text("1 of 1 marked").wait_for()
    expect(desk.get_by_role("radio", name="Present", exact=True)).to_be_checked()

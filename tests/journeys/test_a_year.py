"""A coordinator's year in one browser, from a course to a closed register.

The course becomes three events. One fills and moves its list, one is cancelled and its people come first on the next,
and one is run and its register closed on a phone, half of it without network.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bookings import links, places
from bookings.models import Booking, Mark
from people.models import Role
from tests.factories import CourseFactory, PartnershipFactory, PersonFactory
from tests.journeys.test_planning import fill_date
from training.models import Event, Session

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 375, "height": 667}, "has_touch": True}


def book(event, *names):
    """Each books on their own."""
    people = [PersonFactory(name=name) for name in names]
    return [places.book(event=event, delegate=one, by=one) for one in people]


def accept(page, press, delegate, event):
    """By the link in the message, and without signing in."""
    booking = Booking.objects.get(delegate__name=delegate, event=event)
    page.goto(links.path(booking.reference))
    press(page, "Accept the place", "You have a place on this event.")


def series(page, press):
    """A course becomes an event, that three; all are published."""
    page.goto("/programme/new/?course=NEG")
    fill_date(page, timezone.localdate() + timedelta(days=40))
    page.get_by_label("Places", exact=True).fill("3")
    press(page, "Publish at once", "is published: it can be booked")
    press(page, "Copy to other dates", "Show the dates", "link")
    fill_date(page, timezone.localdate() + timedelta(days=68), "First date")
    page.get_by_label("How many dates").fill("2")
    press(page, "Show the dates", "Make these drafts")
    press(page, "Make these drafts", "2 drafts of")
    for draft in Event.objects.filter(state="draft"):
        page.goto("/programme/?year=all&state=draft")
        press(page, f"Publish Neglect, {draft.reference}", "Publish this event", "link")
        press(page, "Publish this event", "is open for booking")
    return Event.objects.filter(state="published")


def fills_and_its_list_moves(page, visitor, press, event):
    ann, *_ = book(event, "Ann Able", "Bea Brown", "Cas Clark", "Dee Drake")
    page.goto(f"/events/{event.reference}/")
    page.get_by_role("table", name="Waiting list").get_by_role("link", name="Dee Drake", exact=True).wait_for()
    page.goto(f"/bookings/{ann.reference}/cancel/")
    page.get_by_label("By telephone").check()
    page.get_by_label("From whom").fill("Ann Able")
    press(page, "Continue", "Check this cancellation")
    press(page, "Cancel this booking", "Cancelled")
    accept(visitor, press, "Dee Drake", event)


def is_cancelled_and_its_people_come_first(page, visitor, press, event, instead):
    book(event, "Eva Evans", "Flo Frost")
    page.goto(f"/events/{event.reference}/")
    press(page, "Cancel this event", "What they are offered instead", "link")
    page.get_by_label("Why it is cancelled").fill("The trainer is ill.")
    page.get_by_label("3 places left").check()
    press(page, "See what follows", "2 people")
    press(page, "Cancel this event", "Nobody is told before")
    press(page, "Cancel it now", "2 people are offered a place on")
    accept(visitor, press, "Eva Evans", instead)


def day_has_come(event):
    began = timezone.now() - timedelta(days=1)
    Session.objects.filter(event=event).update(starts_at=began, ends_at=began + timedelta(hours=3))


def mark(phone, name, choice):
    radio = phone.get_by_role("group", name=name).get_by_role("radio", name=choice, exact=True)
    radio.click()
    expect(radio).to_be_checked()


def is_run_and_closed_on_a_phone(phone, press, event):
    phone.goto(f"/events/{event.reference}/register/1/")
    phone.locator("form.app-register[data-kept]").wait_for()
    mark(phone, "Bea Brown", "Present")
    expect(phone.locator("[data-unsent]")).to_have_text("")
    phone.context.set_offline(True)
    mark(phone, "Cas Clark", "Absent")
    mark(phone, "Dee Drake", "Late")
    phone.get_by_text("Not sent yet: 2").wait_for()
    assert Mark.objects.count() == 1
    phone.context.set_offline(False)
    expect(phone.locator("[data-unsent]")).to_have_text("")
    assert dict(Mark.objects.values_list("booking__delegate__name", "attendance")) == {
        "Bea Brown": "present", "Cas Clark": "absent", "Dee Drake": "late",
    }  # fmt: skip
    assert Mark.history.rel.related_model.objects.count() == 0, "each was made once"
    press(phone, "Hand in the register", "By the marks, 2 people were here")
    phone.get_by_label("How many people did you count").fill("2")
    press(phone, "Hand in", "Handed in by", exact=True)
    press(phone, "Close the register", "Go back", "link")
    press(phone, "Close the register", "Each booking has its outcome.")


def test_a_year(open_page, enter, press):
    PartnershipFactory()
    CourseFactory(title="Neglect", code="NEG")
    coordinator = PersonFactory(name="Casey Coordinator", roles=[Role.COORDINATOR])
    page, visitor, phone = open_page(), open_page(), open_page(**PHONE)
    enter(page, coordinator)
    enter(phone, coordinator)

    first, second, third = series(page, press)
    fills_and_its_list_moves(page, visitor, press, first)
    is_cancelled_and_its_people_come_first(page, visitor, press, second, third)
    day_has_come(first)
    is_run_and_closed_on_a_phone(phone, press, first)

    held = Booking.objects.filter(delegate__name__in=("Ann Able", "Bea Brown", "Cas Clark", "Dee Drake"))
    assert sorted(held.values_list("delegate__name", "outcome")) == [
        ("Ann Able", "cancelled-in-time"), ("Bea Brown", "attended"), ("Cas Clark", "did-not-attend"),
        ("Dee Drake", "attended"),
    ]  # fmt: skip

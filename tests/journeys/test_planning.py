"""A coordinator builds the programme in a real browser, at a desk and on a phone; a trainer says when they cannot."""

from datetime import timedelta

import pytest
from django.utils import timezone

from people.models import Role
from tests.factories import (
    BookingFactory,
    CourseFactory,
    EventFactory,
    PartnershipFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    SessionTrainerFactory,
    TrainerFactory,
)
from training.models import Event

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE, DESK = {"viewport": {"width": 375, "height": 812}}, {"viewport": {"width": 1280, "height": 900}}
both = pytest.mark.parametrize("options", [PHONE, DESK], ids=["phone", "desk"])


@pytest.fixture(autouse=True)
def partnership():
    PartnershipFactory()


def fill_date(page, day, label="Date"):
    group = page.get_by_role("group", name=label).first
    for name, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(name, exact=True).fill(str(value))


@both
def test_a_course_becomes_an_event_in_a_taken_room_with_a_reason_then_a_series(open_page, press, enter, options):
    CourseFactory(title="Neglect in the early years of a child’s life", code="NEG")
    taken = SessionFactory(room=RoomFactory(venue__name="Council House", name="Room 2", capacity=14))
    TrainerFactory(name="L. Hughes")
    page = open_page(**options)
    enter(page, PersonFactory(roles=[Role.COORDINATOR]))
    page.goto("/programme/?year=all")
    press(page, "New event", "Continue", exact=True)
    page.get_by_label("Course").select_option("NEG")
    press(page, "Continue", "Save as a draft")
    press(page, "Save as a draft", "There is a problem")
    fill_date(page, timezone.localdate(taken.starts_at))
    page.get_by_label("Room").first.select_option(label="Council House, Room 2 (holds 14)")
    page.get_by_label("Trainer", exact=True).first.select_option(label="L. Hughes")
    press(page, "Save as a draft", f"is taken by {taken.event.course}")
    press(page, "Make it all the same", "Enter why both may be")
    page.get_by_label("Why both may be").fill("The wall folds away")
    press(page, "Make it all the same", "is saved as a draft")
    made = Event.objects.get(course__code="NEG")
    assert (made.places, made.sessions.get().room_override) == (14, "The wall folds away")

    press(page, "Copy to other dates", "Show the dates", "link")
    fill_date(page, timezone.localdate(made.starts_at) + timedelta(days=7), "First date")
    page.get_by_label("How many dates").fill("3")
    press(page, "Show the dates", "Make these drafts")
    assert page.get_by_role("checkbox").count() == 3
    for box in page.get_by_role("checkbox").all():
        box.check()
    press(page, "Make these drafts", "3 drafts of")
    assert Event.objects.filter(course__code="NEG", state="draft").count() == 4


@both
def test_an_event_is_moved_and_it_is_said_before_how_many_are_told(open_page, press, enter, options):
    event = EventFactory(course__title="Neglect")
    BookingFactory.create_batch(2, event=event)
    page = open_page(**options)
    enter(page, PersonFactory(roles=[Role.COORDINATOR]))
    page.goto(f"/events/{event.reference}/")
    press(page, "Change sessions, rooms and trainers", "Take this session out", "link")
    page.get_by_label("Starts").first.fill("1pm")
    press(page, "Save", "2 people with a place are told")
    press(page, "Go back and change it", "Take this session out")
    page.get_by_label("Starts").first.fill("10:15")
    press(page, "Save", "2 people with a place are told")
    press(page, "Save and tell 2 people", "2 people are told in five minutes")
    assert timezone.localtime(event.sessions.get().starts_at).strftime("%H:%M") == "10:15"


@both
def test_a_trainer_says_when_they_cannot_and_the_programme_shows_month_and_states(
    open_page, press, look, enter, options
):
    trainer = TrainerFactory(name="L. Hughes", person=PersonFactory())
    SessionTrainerFactory(session=EventFactory(course__title="Neglect", days=3).sessions.get(), trainer=trainer)
    page = open_page(**options)
    enter(page, trainer.person)
    page.goto("/")
    press(page, "All your dates, those that need a trainer", "Days on which I cannot train", "link")
    fill_date(page, timezone.localdate() + timedelta(days=3), "First day")
    press(page, "Add these days", "Noted.")
    assert trainer.absences.count() == 1

    coordinator = open_page(**options)
    enter(coordinator, PersonFactory(roles=[Role.COORDINATOR]))
    coordinator.goto("/programme/?year=all")
    press(coordinator, "By state", "0 of 20 booked", "link")
    press(coordinator, "Month", f" in {timezone.localdate():%B %Y}", "link", exact=True)
    coordinator.goto("/trainers/")
    press(coordinator, "L. Hughes", "Courses that they may deliver", "link")
    look(coordinator)

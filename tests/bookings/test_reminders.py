"""Reminders: each once, in its time, to whom it concerns, and dropped when it no longer holds."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from bookings import reminders
from outbox import templates
from outbox.models import Message
from outbox.templates import NoLongerNeeded
from tests.factories import (
    BookingFactory,
    ClosingDayFactory,
    CourseFactory,
    EventFactory,
    PartnershipFactory,
    PersonFactory,
    TariffFactory,
)

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
# A Monday; the place is free to cancel until the end of Sunday 1 March, five working days before.
BEGINS = datetime(2026, 3, 9, 9, 30, tzinfo=LONDON)
BOOKED = datetime(2026, 1, 5, 12, tzinfo=LONDON)


@pytest.fixture
def clock():
    with time_machine.travel(BOOKED, tick=False) as moving:
        yield moving


@pytest.fixture
def booking(clock):
    PartnershipFactory(name="Anytown Partnership", training_email="training@anytown.example")
    tariff = TariffFactory(reason="cancelled-late")
    event = EventFactory(course=CourseFactory(title="Neglect"), begins=BEGINS)
    return BookingFactory(event=event, delegate=PersonFactory(name="Jade Lewis"), policy=tariff.policy)


def sent_on(clock, *moment):
    """Templates of the messages that are new at this moment."""
    clock.move_to(datetime(2026, *moment, tzinfo=LONDON))
    before = set(Message.objects.values_list("key", flat=True))
    reminders.remind()
    return sorted(Message.objects.exclude(key__in=before).values_list("template", flat=True))


def test_each_comes_once_in_its_time(booking, clock):
    assert sent_on(clock, 2, 22, 12) == []
    assert sent_on(clock, 2, 23, 7) == [], "at night nobody is written to"
    assert sent_on(clock, 2, 23, 8) == ["reminder_two_weeks"]
    assert sent_on(clock, 2, 23, 9) == []
    # The last free day is Sunday: two working days before it is Thursday.
    assert sent_on(clock, 2, 25, 20) == []
    assert sent_on(clock, 2, 26, 8) == ["reminder_cut_off"]
    assert sent_on(clock, 3, 6, 20) == []
    assert sent_on(clock, 3, 7, 8) == ["reminder_two_days"]
    assert sent_on(clock, 3, 9, 8) == []
    assert Message.objects.filter(reference=booking.reference, to=booking.delegate.email).count() == 3


def test_the_cut_off_counts_working_days(booking, clock):
    ClosingDayFactory(day=datetime(2026, 2, 26).date())  # noqa: DTZ001
    assert sent_on(clock, 2, 24, 20) == ["reminder_two_weeks"]
    assert sent_on(clock, 2, 25, 8) == ["reminder_cut_off"]


def test_a_reminder_says_until_which_moment_cancelling_is_free_and_asks_for_a_colleague(booking, clock):
    clock.move_to(datetime(2026, 2, 26, 9, tzinfo=LONDON))
    text = templates.make("reminder_cut_off", booking.reference)
    assert text.subject == "You can still cancel Neglect free until the end of Sunday 1 March 2026"
    assert "Dear Jade Lewis," in text.body
    assert "Free to cancel until the end of Sunday 1 March 2026. After that your agency is charged £75." in text.body
    assert "can a colleague go?" in text.body
    assert f"http://localhost:8000/bookings/{booking.reference}/substitute/" in text.body
    assert f"http://localhost:8000/bookings/{booking.reference}/cancel/" in text.body


def test_where_cancelling_is_always_free_there_is_no_cut_off_to_remind_of(booking, clock):
    booking.policy = None
    booking.save()
    assert sent_on(clock, 2, 26, 8) == ["reminder_two_weeks"]


def test_one_that_is_late_is_sent_while_it_means_something_and_not_after(booking, clock):
    assert sent_on(clock, 2, 27, 7) == []
    assert sent_on(clock, 2, 27, 8) == ["reminder_cut_off"], "the two weeks were ten days ago this morning"
    other = BookingFactory(event=EventFactory(begins=BEGINS), policy=booking.policy, booked_at=BOOKED)
    assert sent_on(clock, 3, 2, 8) == [], "the cut-off has passed"
    assert not Message.objects.filter(reference=other.reference).exists()


@pytest.mark.parametrize(
    ("template", "moment"),
    [
        ("reminder_two_weeks", (2, 23, 9)),
        ("reminder_cut_off", (2, 26, 9)),
        ("reminder_two_days", (3, 7, 9)),
        ("joining_instructions", (3, 4, 9)),
    ],
)
class TestDropped:
    @pytest.fixture(autouse=True)
    def now(self, booking, clock, moment):
        booking.event.joining_instructions = "Bring a pen."
        booking.event.save()
        clock.move_to(datetime(2026, *moment, tzinfo=LONDON))

    def test_it_holds_now(self, booking, template):
        assert "Neglect" in templates.make(template, booking.reference).subject

    def test_when_the_place_is_gone(self, booking, template):
        booking.state, booking.placed_at = "waiting", None
        booking.save()
        with pytest.raises(NoLongerNeeded):
            templates.make(template, booking.reference)

    def test_when_the_event_was_moved(self, booking, template):
        booking.event.sessions.update(starts_at=BEGINS + timedelta(days=60), ends_at=BEGINS + timedelta(days=61))
        with pytest.raises(NoLongerNeeded):
            templates.make(template, booking.reference)

    def test_when_its_time_has_passed(self, booking, template, clock):
        clock.move_to(BEGINS + timedelta(minutes=1))
        with pytest.raises(NoLongerNeeded):
            templates.make(template, booking.reference)

    def test_when_the_event_is_off(self, booking, template):
        booking.event.state, booking.event.cancelled_at = "cancelled", timezone.now()
        booking.event.save()
        with pytest.raises(NoLongerNeeded):
            templates.make(template, booking.reference)


@pytest.mark.parametrize(
    "facts",
    [
        {"event": {"state": "draft"}},
        {"event": {"imported_at": BEGINS + timedelta(days=30)}},
        {"booking": {"waiting": True}},
        {"booking": {"cancelled": True}},
        {"booking": {"source": "walk-in"}},
        {"delegate": {"email": ""}},
        {"delegate": {"left_on": BOOKED.date()}},
    ],
)
def test_some_are_not_reminded(clock, facts):
    event = EventFactory(begins=BEGINS, **facts.get("event", {}))
    delegate = PersonFactory(**facts.get("delegate", {}))
    BookingFactory(event=event, delegate=delegate, **facts.get("booking", {}))
    assert sent_on(clock, 2, 23, 8) == []


def test_who_booked_within_the_time_has_just_read_it(booking, clock):
    clock.move_to(datetime(2026, 2, 24, 12, tzinfo=LONDON))
    late = BookingFactory(event=booking.event, policy=booking.policy)
    reminders.remind()
    assert Message.objects.filter(template="reminder_two_weeks").exclude(reference=late.reference).exists()
    assert not Message.objects.filter(reference=late.reference).exists()


def test_joining_instructions_come_five_days_before_where_there_are_any(booking, clock):
    assert sent_on(clock, 3, 4, 8) == []
    booking.event.online_link = "https://meet.example.org/neglect"
    booking.event.joining_instructions = "Bring a pen.\nPark behind the hall."
    booking.event.save()
    assert sent_on(clock, 3, 4, 9) == ["joining_instructions"]
    text = templates.make("joining_instructions", booking.reference)
    assert text.subject == "How to join Neglect on Monday 9 March 2026"
    assert "Bring a pen.\nPark behind the hall.\n\nJoin online: https://meet.example.org/neglect" in text.body
    late = BookingFactory(event=booking.event)
    assert sent_on(clock, 3, 8, 12) == ["joining_instructions", *["reminder_two_days"] * 2]
    assert Message.objects.get(template="joining_instructions", reference=late.reference)


@pytest.mark.parametrize("left_out", list(reminders.REMINDERS))
def test_each_is_a_setting(booking, clock, settings, left_out):
    booking.event.joining_instructions = "Bring a pen."
    booking.event.save()
    settings.REMINDERS = [name for name in settings.REMINDERS if name != left_out]
    for moment in ((2, 23, 8), (2, 26, 8), (3, 4, 8), (3, 7, 8)):
        sent_on(clock, *moment)
    assert set(Message.objects.values_list("template", flat=True)) == set(reminders.REMINDERS) - {left_out}


@pytest.mark.parametrize("count", [1, 20])
def test_it_takes_as_many_statements_for_one_as_for_twenty(booking, clock, django_assert_num_queries, count):
    BookingFactory.create_batch(count - 1, event=booking.event, policy=booking.policy)
    clock.move_to(datetime(2026, 2, 26, 9, tzinfo=LONDON))
    with django_assert_num_queries(10):
        reminders.remind()
    assert Message.objects.count() == 2 * count

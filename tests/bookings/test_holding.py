"""What people hold, and until when it counts."""

from datetime import date, datetime, time

import pytest
from django.utils import timezone

from bookings import holding
from bookings.holding import Standing
from tests.factories import BookingFactory, CourseFactory, EventFactory, PersonFactory, attended

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 31)


@pytest.fixture
def jade():
    return PersonFactory(name="Jade Lewis")


def on(day, *, person, course, outcome="attended"):
    begins = datetime.combine(day, time(9, 30), tzinfo=timezone.get_default_timezone())
    return attended(event=EventFactory(begins=begins, course=course), delegate=person, outcome=outcome)


def only(person, today=TODAY):
    (one,) = holding.of([person], today)
    return one


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months_are_counted_by_the_calendar(day, months, then):
    assert holding.months_after(day, months) == then


@pytest.mark.parametrize(
    ("attended_on", "standing"),
    [
        (date(2025, 7, 1), Standing.HELD),  # until 1 July, three months and a day ahead
        (date(2025, 6, 30), Standing.LAPSES_SOON),
        (date(2025, 3, 31), Standing.LAPSES_SOON),  # the last day
        (date(2025, 3, 30), Standing.IN_GRACE),
        (date(2025, 1, 31), Standing.IN_GRACE),  # the last day of two months
        (date(2025, 1, 30), Standing.LAPSED),
    ],
)
def test_it_is_held_lapses_soon_is_in_grace_and_lapses(jade, attended_on, standing):
    on(attended_on, person=jade, course=CourseFactory(refresh_months=12, grace_months=2))
    assert only(jade).standing == standing


def test_without_grace_it_lapses_the_day_after(jade):
    on(date(2025, 3, 30), person=jade, course=CourseFactory(refresh_months=12))
    one = only(jade)
    assert (one.standing, one.until, one.grace_until) == (Standing.LAPSED, date(2026, 3, 30), date(2026, 3, 30))


def test_what_needs_no_refreshing_is_held_for_good(jade):
    on(date(1999, 3, 30), person=jade, course=CourseFactory())
    assert (only(jade).standing, only(jade).until) == (Standing.HELD, None)


def test_the_latest_attendance_counts_and_missing_a_refresher_takes_nothing_away(jade):
    course = CourseFactory(refresh_months=24)
    for day in (date(2023, 3, 1), date(2025, 5, 1)):
        on(day, person=jade, course=course)
    on(date(2026, 1, 1), person=jade, course=course, outcome="did-not-attend")
    assert (only(jade).standing, only(jade).attended_on) == (Standing.HELD, date(2025, 5, 1))


@pytest.mark.parametrize(
    ("outcomes", "standing"),
    [
        (["did-not-attend"], Standing.MISSED),
        (["part-attended"], Standing.PART_ATTENDED),
        (["part-attended", "did-not-attend"], Standing.MISSED),
        (["did-not-attend", "part-attended"], Standing.PART_ATTENDED),
    ],
)
def test_who_never_attended_stands_as_the_last_time_ended(jade, outcomes, standing):
    course = CourseFactory(refresh_months=24)
    for number, outcome in enumerate(outcomes, 1):
        on(date(2025, number, 1), person=jade, course=course, outcome=outcome)
    assert (only(jade).standing, only(jade).attended_on, only(jade).until) == (standing, None, None)


def test_a_place_to_come_is_told_and_neither_a_wait_nor_a_cancelled_one_is(jade):
    course = CourseFactory()
    later, sooner = (EventFactory(course=course, days=days) for days in (60, 30))
    for event in (later, sooner):
        BookingFactory(event=event, delegate=jade)
    BookingFactory(event=EventFactory(course=course, days=5), delegate=jade, cancelled=True)
    BookingFactory(event=EventFactory(days=5), delegate=jade, waiting=True)
    one = only(jade)
    assert (one.standing, one.next_at) == (Standing.BOOKED, sooner.starts_at)


def test_a_register_that_is_open_gives_nothing(jade):
    BookingFactory(event=EventFactory(days=-1), delegate=jade)
    assert holding.of([jade]) == []


@pytest.mark.parametrize("count", [1, 20])
def test_it_takes_one_statement_for_however_many(django_assert_num_queries, count):
    people = [attended(delegate=PersonFactory()).delegate for _ in range(count)]
    with django_assert_num_queries(1):
        assert len(holding.of(people)) == count

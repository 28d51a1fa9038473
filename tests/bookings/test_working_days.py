"""Working days: loaded without the network, counted strictly between two days."""

from datetime import date, timedelta

import pytest

from bookings import working_days
from bookings.models import ClosingDay
from tests.factories import ClosingDayFactory

EASTER = frozenset({date(2026, 4, 3), date(2026, 4, 6)})


@pytest.mark.parametrize(
    ("received", "first_day", "days"),
    [
        (date(2026, 3, 1), date(2026, 3, 9), 5),  # Sunday to Monday: the week between
        (date(2026, 3, 2), date(2026, 3, 9), 4),
        (date(2026, 3, 6), date(2026, 3, 9), 0),  # Friday to Monday: a weekend only
        (date(2026, 3, 9), date(2026, 3, 9), 0),
        (date(2026, 3, 10), date(2026, 3, 9), 0),
        (date(2026, 3, 31), date(2026, 4, 9), 4),  # 1, 2, 7 and 8 April: Good Friday and Easter Monday are none
        (date(2026, 4, 3), date(2026, 4, 7), 0),
    ],
)
def test_whole_days_lie_strictly_between_the_day_received_and_the_first_day(received, first_day, days):
    assert working_days.whole_days_between(received, first_day, EASTER) == days


def test_counting_by_weeks_agrees_with_counting_day_by_day():
    first_day = date(2026, 5, 20)
    for back in range(120):
        received = first_day - timedelta(days=back)
        between = [received + timedelta(days=n) for n in range(1, back)]
        by_day = sum(day.weekday() < 5 and day not in EASTER for day in between)
        assert working_days.whole_days_between(received, first_day, EASTER) == by_day


def test_a_closing_day_on_a_weekend_is_not_taken_off_twice():
    saturday = date(2026, 3, 7)
    assert working_days.whole_days_between(date(2026, 3, 1), date(2026, 3, 9), {saturday}) == 5


def test_the_working_day_before_and_after_pass_over_weekends_and_closing_days():
    assert working_days.previous_working_day(date(2026, 4, 7), EASTER) == date(2026, 4, 2)
    assert working_days.next_working_day(date(2026, 4, 2), EASTER) == date(2026, 4, 7)


@pytest.mark.django_db
def test_bank_holidays_of_the_nation_are_loaded_once():
    assert working_days.load_bank_holidays("england-and-wales") > 100
    loaded = ClosingDay.objects.count()
    assert working_days.load_bank_holidays("england-and-wales") == 0
    assert ClosingDay.objects.count() == loaded
    assert {date(2018, 5, 7), date(2018, 12, 25), date(2026, 4, 6)} <= working_days.closing_days()


@pytest.mark.django_db
def test_each_nation_has_its_own():
    working_days.load_bank_holidays("scotland")
    closing = working_days.closing_days()
    assert date(2026, 1, 2) in closing  # the second of January
    assert date(2026, 4, 6) not in closing  # Easter Monday


@pytest.mark.django_db
def test_a_partnerships_own_name_for_a_day_is_kept():
    ClosingDayFactory(day=date(2026, 12, 25), name="Closed for the whole week")
    working_days.load_bank_holidays("england-and-wales")
    assert ClosingDay.objects.get(day=date(2026, 12, 25)).name == "Closed for the whole week"


@pytest.mark.django_db
def test_closing_days_are_one_query(django_assert_num_queries):
    ClosingDayFactory.create_batch(3)
    with django_assert_num_queries(1):
        assert len(working_days.closing_days()) == 3

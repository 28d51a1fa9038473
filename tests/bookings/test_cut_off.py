"""The cut-off: the moment shown is the moment that decides, minute by minute, for each unit."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays

from bookings import cut_off
from bookings.models import Tariff

LONDON = ZoneInfo("Europe/London")
HOLIDAYS = frozenset(
    found["date"] for found in BankHolidays(use_cached_holidays=True).get_holidays("england-and-wales")
)
FIVE = time(17)
MINUTE = timedelta(minutes=1)


def here(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=LONDON)


def free_until(notice, unit, starts_at, office_closes_at=None):
    return cut_off.free_until(
        notice=notice, unit=unit, starts_at=starts_at, closing=HOLIDAYS, office_closes_at=office_closes_at
    )


def step(notice, amount, unit="working-days"):
    return Tariff(notice=notice, notice_unit=unit, net_amount=Decimal(amount), reason="cancelled-late")


def late(tariffs, starts_at, received_at, office_closes_at=None, **more):
    return cut_off.late_tariff(
        tariffs=tariffs,
        starts_at=starts_at,
        received_at=received_at,
        closing=HOLIDAYS,
        office_closes_at=office_closes_at,
        **more,
    )


# --- The policy's worked examples -----------------------------------------------------------------------------------
def test_five_working_days_before_a_monday_are_free_until_the_end_of_the_sunday_eight_days_before():
    assert free_until(5, "working-days", here(2026, 3, 9, 9, 30)) == here(2026, 3, 2)


def test_with_an_office_that_closes_at_five_they_are_free_until_five_on_the_friday_before():
    assert free_until(5, "working-days", here(2026, 3, 9, 9, 30), FIVE) == here(2026, 2, 27, 17)


def test_one_working_day_before_the_event_is_fewer_than_five():
    tariff = step(5, 75)
    assert late([tariff], here(2018, 6, 14, 9, 30), here(2018, 6, 12)) is tariff


def test_a_policy_of_steps_costs_half_under_28_days_and_all_under_14():
    half, full = step(28, "37.50", "calendar-days"), step(14, 75, "calendar-days")
    starts_at = here(2026, 5, 20, 9, 30)
    assert late([full, half], starts_at, here(2026, 4, 21, 23, 59)) is None
    assert late([full, half], starts_at, here(2026, 4, 22)) is half
    assert late([full, half], starts_at, here(2026, 5, 5, 23, 59)) is half
    assert late([full, half], starts_at, here(2026, 5, 6)) is full


# --- Units ----------------------------------------------------------------------------------------------------------
def test_bank_holidays_are_no_working_days():
    # Good Friday 3 April and Easter Monday 6 April 2026 lie between.
    assert free_until(5, "working-days", here(2026, 4, 9, 9, 30)) == here(2026, 3, 31)


def test_monday_to_friday_policies_do_not_mind_bank_holidays():
    assert free_until(5, "weekdays", here(2026, 4, 9, 9, 30)) == here(2026, 4, 2)


def test_calendar_days_count_each_day():
    assert free_until(5, "calendar-days", here(2026, 4, 9, 9, 30)) == here(2026, 4, 4)


def test_hours_run_by_the_clock_over_a_weekend():
    assert free_until(48, "hours", here(2026, 3, 9, 9, 30)) == here(2026, 3, 7, 9, 30)


def test_48_hours_over_the_night_the_clocks_go_forward_begin_an_hour_earlier_on_the_clock():
    assert free_until(48, "hours", here(2026, 3, 30, 9, 30)) == here(2026, 3, 28, 8, 30)


def test_48_hours_over_the_night_the_clocks_go_back_begin_an_hour_later_on_the_clock():
    assert free_until(48, "hours", here(2026, 10, 26, 9, 30)) == here(2026, 10, 24, 10, 30)


def test_the_office_hour_has_no_part_in_notice_by_hours():
    assert free_until(48, "hours", here(2026, 3, 9, 9, 30), FIVE) == here(2026, 3, 7, 9, 30)


def test_an_event_late_in_the_evening_is_on_its_day_here_and_not_in_greenwich():
    assert free_until(1, "calendar-days", datetime(2026, 6, 9, 23, 30, tzinfo=UTC)) == here(2026, 6, 9)


# --- Each minute around the moment ----------------------------------------------------------------------------------
def counted(day, unit):
    return {
        "working-days": day.weekday() < 5 and day not in HOLIDAYS,
        "weekdays": day.weekday() < 5,
        "calendar-days": True,
    }[unit]


def is_late_by_counting(notice, unit, starts_at, received_at, office_closes_at):
    """The rule as the policy words it, day by day."""
    if unit == "hours":
        return (starts_at.astimezone(UTC) - received_at.astimezone(UTC)) <= timedelta(hours=notice)
    received_at = received_at.astimezone(LONDON)
    day = received_at.date()
    if office_closes_at is not None:
        if received_at.time() >= office_closes_at:
            day += timedelta(days=1)
        while not counted(day, "working-days"):
            day += timedelta(days=1)
    first_day = starts_at.astimezone(LONDON).date()
    between = [day + timedelta(days=n) for n in range(1, (first_day - day).days)]
    return sum(counted(one, unit) for one in between) < notice


EVENTS = {
    "an ordinary week": here(2026, 3, 9, 9, 30),
    "Easter": here(2026, 4, 9, 9, 30),
    "Christmas": here(2026, 12, 31, 9, 30),
    "the clocks go forward": here(2026, 3, 31, 9, 30),
    "the clocks go back": here(2026, 10, 27, 9, 30),
    "half an hour after midnight": here(2026, 3, 30, 0, 30),
    "in the night the clocks go back": datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1),
}
NOTICES = [
    *((n, unit, None) for unit in ("working-days", "weekdays", "calendar-days") for n in (1, 5)),
    *((n, unit, FIVE) for unit in ("working-days", "weekdays", "calendar-days") for n in (1, 5)),
    (24, "hours", None),
    (72, "hours", FIVE),
]


@pytest.mark.parametrize("starts_at", EVENTS.values(), ids=EVENTS)
@pytest.mark.parametrize(("notice", "unit", "office_closes_at"), NOTICES)
def test_each_minute_around_the_moment_shown_is_decided_as_shown(notice, unit, office_closes_at, starts_at):
    shown = free_until(notice, unit, starts_at, office_closes_at).astimezone(UTC)
    tariff = step(notice, 75, unit)
    for minutes in range(-90, 91):
        received_at = shown + minutes * MINUTE
        is_late = late([tariff], starts_at, received_at, office_closes_at) is tariff
        assert is_late == (received_at >= shown)
        assert is_late == is_late_by_counting(notice, unit, starts_at, received_at, office_closes_at), received_at


@pytest.mark.parametrize("starts_at", EVENTS.values(), ids=EVENTS)
@pytest.mark.parametrize(("notice", "unit", "office_closes_at"), NOTICES)
def test_every_fifth_hour_of_the_month_before_is_decided_as_the_policy_words_it(
    notice, unit, office_closes_at, starts_at
):
    tariff = step(notice, 75, unit)
    for hours in range(0, 31 * 24, 5):
        received_at = starts_at.astimezone(UTC) - timedelta(hours=hours)
        is_late = late([tariff], starts_at, received_at, office_closes_at) is tariff
        assert is_late == is_late_by_counting(notice, unit, starts_at, received_at, office_closes_at), received_at


def test_a_date_without_a_time_counts_as_within_office_hours():
    tariff = step(5, 75)
    starts_at = here(2026, 3, 9, 9, 30)
    assert late([tariff], starts_at, here(2026, 2, 27), FIVE) is None
    assert late([tariff], starts_at, here(2026, 2, 27, 17, 1), FIVE) is tariff


def test_what_comes_on_a_closed_day_counts_as_received_on_the_next_working_day():
    assert cut_off.day_received(here(2026, 4, 3, 10), HOLIDAYS, FIVE) == date(2026, 4, 7)
    assert cut_off.day_received(here(2026, 4, 3, 10), HOLIDAYS, None) == date(2026, 4, 3)
    assert cut_off.day_received(here(2026, 4, 2, 16, 59), HOLIDAYS, FIVE) == date(2026, 4, 2)
    assert cut_off.day_received(here(2026, 4, 2, 17), HOLIDAYS, FIVE) == date(2026, 4, 7)


# --- Steps and what is shown ----------------------------------------------------------------------------------------
def test_steps_in_different_units_follow_one_another_by_the_clock():
    early, last = step(5, 40), step(24, 75, "hours")
    starts_at = here(2026, 3, 9, 9, 30)
    assert late([last, early], starts_at, here(2026, 3, 8, 9, 29)) is early
    assert late([last, early], starts_at, here(2026, 3, 8, 9, 30)) is last


def test_without_a_tariff_cancelling_is_free_for_ever():
    cost = cut_off.cost_of_cancelling(
        tariffs=[],
        starts_at=here(2026, 3, 9, 9, 30),
        received_at=here(2026, 3, 9),
        closing=HOLIDAYS,
        office_closes_at=None,
    )
    assert (cost.free_until, cost.tariff, cost.steps) == (None, None, ())


def test_the_cost_says_each_moment_at_which_it_changes():
    half, full = step(28, "37.50", "calendar-days"), step(14, 75, "calendar-days")
    cost = cut_off.cost_of_cancelling(
        tariffs=[full, half],
        starts_at=here(2026, 5, 20, 9, 30),
        received_at=here(2026, 5, 1),
        closing=HOLIDAYS,
        office_closes_at=None,
    )
    assert cost.free_until == here(2026, 4, 22)
    assert cost.tariff is half
    assert cost.steps == ((here(2026, 4, 22), half), (here(2026, 5, 6), full))


def test_before_the_hour_after_booking_is_over_it_is_free_whatever_the_notice():
    half, full = step(10, 40), step(5, 75)
    starts_at, until = here(2026, 3, 9, 9, 30), here(2026, 3, 6, 12)
    assert late([half, full], starts_at, until - MINUTE, free_before=until) is None
    assert late([half, full], starts_at, until, free_before=until) is full


def test_an_hour_after_booking_that_ends_before_the_cut_off_changes_nothing():
    tariff = step(5, 75)
    starts_at = here(2026, 3, 9, 9, 30)
    assert late([tariff], starts_at, here(2026, 3, 1), free_before=here(2026, 2, 1)) is None
    assert late([tariff], starts_at, here(2026, 3, 2), free_before=here(2026, 2, 1)) is tariff


def test_a_tariff_for_another_reason_is_refused():
    with pytest.raises(ValueError, match="not a tariff for late cancellation"):
        late([Tariff(reason="did-not-attend", net_amount=75)], here(2026, 3, 9), here(2026, 3, 1))

"""How days and times are written in messages."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from training import moments

LONDON = ZoneInfo("Europe/London")


def here(hour, minute=0):
    return datetime(2027, 3, 3, hour, minute, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (here(9, 30), "9:30am"),
        (here(14), "2pm"),
        (here(12), "midday"),
        (here(0), "midnight"),
        (here(0, 5), "12:05am"),
        (here(12, 5), "12:05pm"),
    ],
)
def test_times_are_written_as_people_say_them(moment, written):
    assert moments.clock(moment) == written


def test_dates_are_written_out():
    assert moments.full_date(date(2027, 3, 3)) == "Wednesday 3 March 2027"
    assert moments.full_moment(here(9, 30)) == "Wednesday 3 March 2027, 9:30am"


def test_what_is_stored_in_greenwich_is_told_in_local_time():
    assert moments.full_moment(datetime(2027, 6, 30, 23, 30, tzinfo=UTC)) == "Thursday 1 July 2027, 12:30am"


def test_until_midnight_is_until_the_end_of_the_day_before():
    assert moments.until(here(17)) == "5pm on Wednesday 3 March 2027"
    assert moments.until(here(0)) == "the end of Tuesday 2 March 2027"


def test_a_span_ends_at_a_time_or_on_another_day():
    assert moments.span(here(9), here(16)) == "Wednesday 3 March 2027, 9am to 4pm"
    assert moments.span(here(9), here(9) + timedelta(days=2)) == "Wednesday 3 March 2027, 9am to Friday 5 March 2027"


@pytest.mark.parametrize(
    ("months", "words"), [(1, "month"), (6, "6 months"), (12, "year"), (18, "18 months"), (36, "3 years")]
)
def test_months_are_said_in_years_where_they_are_whole(months, words):
    assert moments.span_of_months(months) == words

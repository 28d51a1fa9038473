"""Financial years: their limits, their names, and which holds a day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from training.financial_year import FinancialYear


def test_a_year_is_written_with_a_dash_in_commands_and_a_slash_on_pages():
    year = FinancialYear.parse("2018-19")
    assert (year.start_year, year.code, year.label, str(year)) == (2018, "2018-19", "2018/19", "2018/19")


def test_a_year_may_be_given_as_pages_write_it():
    assert FinancialYear.parse(" 2018/19 ") == FinancialYear(2018)


def test_the_turn_of_a_century_is_written_with_two_digits():
    assert FinancialYear.parse("2099-00").code == "2099-00"


@pytest.mark.parametrize(
    "text", ["", "2018", "18-19", "2018-2019", "next year", "2018–19", "\u0662018-19", "0000-01", "9999-00"]
)
def test_what_is_not_a_year_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=r"is not a financial year\. Write it as 2018-19\.$"):
        FinancialYear.parse(text)


def test_two_years_that_do_not_follow_each_other_are_refused():
    with pytest.raises(ValueError, match=r"The one that starts in 2018 is 2018-19\.$"):
        FinancialYear.parse("2018-20")


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2018, 3, 31), "2017-18"),
        (date(2018, 4, 1), "2018-19"),
        (date(2018, 12, 31), "2018-19"),
        (date(2019, 1, 1), "2018-19"),
        (date(2019, 3, 31), "2018-19"),
        (date(2019, 4, 1), "2019-20"),
    ],
)
def test_a_year_runs_from_april_to_march(day, code):
    assert FinancialYear.containing(day).code == code


def test_midnight_in_london_on_1_april_is_in_the_new_year_although_utc_is_still_in_march():
    assert FinancialYear.containing(datetime(2018, 3, 31, 23, 0, tzinfo=UTC)).code == "2018-19"
    assert FinancialYear.containing(datetime(2018, 3, 31, 22, 59, tzinfo=UTC)).code == "2017-18"


def test_a_years_limits_meet_the_next_years_with_no_moment_between():
    year = FinancialYear(2018)
    assert (year.first_day, year.last_day) == (date(2018, 4, 1), date(2019, 3, 31))
    assert year.starts_at == datetime(2018, 3, 31, 23, 0, tzinfo=UTC)
    assert year.ends_at == year.next.starts_at == datetime(2019, 3, 31, 23, 0, tzinfo=UTC)
    assert FinancialYear.containing(year.starts_at) == year
    assert FinancialYear.containing(year.ends_at - timedelta(microseconds=1)) == year
    assert FinancialYear.containing(year.ends_at) == year.next


def test_the_year_before_and_the_year_after():
    assert FinancialYear(2018).previous == FinancialYear(2017)
    assert FinancialYear(2018).next == FinancialYear(2019)
    assert FinancialYear(2017) < FinancialYear(2018)

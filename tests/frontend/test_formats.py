from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from frontend import formats


def test_dates_are_written_in_full_without_leading_noughts():
    assert formats.full_date(date(2027, 3, 3)) == "Wednesday 3 March 2027"
    assert formats.short_date(date(2027, 3, 3)) == "3 Mar 2027"


def test_moments_are_told_in_local_time():
    in_summer = datetime(2027, 7, 7, 8, 30, tzinfo=UTC)
    assert formats.full_moment(in_summer) == "Wednesday 7 July 2027, 9:30am"
    assert formats.short_moment(datetime(2027, 3, 3, 23, 30, tzinfo=UTC)) == "3 Mar 2027, 11:30pm"


def test_a_moment_after_midnight_in_summer_belongs_to_the_next_day():
    assert formats.full_date(datetime(2027, 7, 7, 23, 30, tzinfo=UTC)) == "Thursday 8 July 2027"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (time(9), "9am"),
        (time(9, 5), "9:05am"),
        (time(12), "midday"),
        (time(0), "midnight"),
        (time(12, 30), "12:30pm"),
        (time(0, 15), "12:15am"),
        (time(16, 30), "4:30pm"),
    ],
)
def test_times_of_day(moment, words):
    assert formats.clock(moment) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (75, "£75"),
        (Decimal("75.5"), "£75.50"),
        (10350, "£10,350"),
        (-75, "−£75"),
        (Decimal("0.005"), "£0.01"),
        (None, "–"),
    ],
)
def test_money_shows_pence_only_where_there_are_some(amount, words):
    assert formats.money(amount) == words


def test_halves_are_rounded_up():
    assert formats.percent(Decimal("95.28"), 1) == "95.3%"
    assert formats.percent(Decimal("94.5")) == "95%"
    assert formats.percent(0.5) == "1%"
    assert formats.percent(None) == "–"


def test_counts_and_lists_read_as_words():
    assert formats.plural(1, "event") == "1 event"
    assert formats.plural(3581, "place") == "3,581 places"
    assert formats.plural(2, "agency", "agencies") == "2 agencies"
    assert formats.listed(["a"]) == "a"
    assert formats.listed(["a", "b", "c"]) == "a, b and c"
    assert formats.listed([]) == ""
    assert formats.financial_year("2018-19") == "2018/19"


def test_a_tag_escapes_its_word_and_knows_its_tones():
    assert formats.tag("<b>", "green") == '<strong class="govuk-tag govuk-tag--green">&lt;b&gt;</strong>'
    with pytest.raises(ValueError, match="none of blue"):
        formats.tag("Paid", "gold")

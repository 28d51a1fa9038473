"""What cells say, as people write them."""

from datetime import date, time
from decimal import Decimal

import pytest

from programme import values
from programme.layout import heading_key, scale
from programme.values import Unreadable


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (["datetime", "2018-04-05T00:00:00"], date(2018, 4, 5)),
        (["date", "2018-04-05"], date(2018, 4, 5)),
        ("05/04/2018", date(2018, 4, 5)),
        (" 5/4/2018 ", date(2018, 4, 5)),
        ("05.04.2018", date(2018, 4, 5)),
        ("5-4-2018", date(2018, 4, 5)),
        ("2018-04-05", date(2018, 4, 5)),
        ("5 April 2018", date(2018, 4, 5)),
        ("Thu 5th Apr 2018", date(2018, 4, 5)),
        ("29/02/2020", date(2020, 2, 29)),
    ],
)
def test_days(cell, day):
    assert values.day(cell) == day


@pytest.mark.parametrize(
    "cell",
    ["31/02/2019", "29/02/2019", "05/04/18", "13/13/2018", "tomorrow", 43195, True, ["formula", ""], ["error", "#REF!"],
     ["time", "09:30:00"], "05/04/0018", "5 Avril 2018"],
)  # fmt: skip
def test_what_is_no_day_is_not_guessed(cell):
    with pytest.raises(Unreadable):
        values.day(cell)


@pytest.mark.parametrize(
    ("cell", "clock"),
    [
        ("09:30", time(9, 30)),
        ("9.30", time(9, 30)),
        ("9:30:00", time(9, 30)),
        ("9:30am", time(9, 30)),
        ("4.30 PM", time(16, 30)),
        ("2 pm", time(14)),
        ("12pm", time(12)),
        ("12 am", time(0)),
        (["time", "09:30:00"], time(9, 30)),
        (["datetime", "1899-12-30T09:30:00"], time(9, 30)),
        (["duration", "34200.0"], time(9, 30)),
    ],
)
def test_times(cell, clock):
    assert values.clock(cell) == clock


@pytest.mark.parametrize("cell", ["25:00", "9", "9:75", "13 pm", "noon", 0.4, ["duration", "90000"], ["formula", ""]])
def test_what_is_no_time_is_not_guessed(cell):
    with pytest.raises(Unreadable):
        values.clock(cell)


@pytest.mark.parametrize(("cell", "sum_"), [(75, "75"), ("£75", "75"), ("1,250.50", "1250.50"), (37.5, "37.50")])
def test_sums(cell, sum_):
    assert values.pounds(cell) == Decimal(sum_)


@pytest.mark.parametrize("cell", [-1, "-5", "free", 0.001, "1e9", "NaN", "inf", ["date", "2018-04-05"]])
def test_what_is_no_sum_is_not_guessed(cell):
    with pytest.raises(Unreadable):
        values.pounds(cell)


@pytest.mark.parametrize("cell", ["twenty", 20.5, -1, True, float("inf"), "²", ["formula", ""]])
def test_what_is_no_whole_number_is_not_guessed(cell):
    with pytest.raises(Unreadable):
        values.whole_number(cell)


def test_whole_numbers():
    assert [values.whole_number(cell) for cell in (20, 20.0, "20", " 20 ")] == [20, 20, 20, 20]


def test_addresses_are_in_lower_case_and_names_without_stray_spaces():
    assert values.email(" Jade.Lewis@NPS.Example ") == "jade.lewis@nps.example"
    assert values.text("  Jade \xa0 Lewis\n") == "Jade Lewis"
    assert values.text(17089.0) == "17089"
    assert values.several(" L. Hughes;D. Marsh ; ") == ["L. Hughes", "D. Marsh"]


@pytest.mark.parametrize("cell", ["a@b", "a b@c.example", "a@c.example; b@c.example", "x" * 250 + "@c.example"])
def test_what_is_no_address_is_not_guessed(cell):
    with pytest.raises(Unreadable):
        values.email(cell)


def test_headings_are_known_without_case_spaces_hyphens_and_units():
    assert heading_key("  Training E-mail ") == heading_key("training email") == "trainingemail"
    assert heading_key("Confidence before (0-10)") == heading_key("Confidence Before")
    assert scale("Overall rating (1 to 5)") == (1, 5)
    assert scale("Payment terms (days)") is None

"""What cancelling and not coming cost, in sentences."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bookings.cost_in_words import cost_in_words, pounds
from bookings.cut_off import CancellationCost
from bookings.models import Tariff

LONDON = ZoneInfo("Europe/London")
FIVE = datetime(2026, 3, 3, 17, tzinfo=LONDON)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=LONDON)


def tariff(amount):
    return Tariff(net_amount=Decimal(amount))


def cost(*steps, now=None):
    return CancellationCost(free_until=steps[0][0] if steps else None, tariff=now, steps=steps)


def test_the_cut_off_is_an_exact_moment():
    sentence = cost_in_words(cost((FIVE, tariff(75))), tariff(75))
    assert sentence == "Free to cancel until 5pm on Tuesday 3 March 2026. After that your agency is charged £75."


def test_midnight_is_the_end_of_the_day_before():
    assert cost_in_words(cost((MIDNIGHT, tariff(75))), None).startswith(
        "Free to cancel until the end of Sunday 1 March 2026."
    )


def test_each_step_is_said():
    sentence = cost_in_words(cost((MIDNIGHT, tariff("37.50")), (FIVE, tariff(75))), tariff(100))
    assert sentence == (
        "Free to cancel until the end of Sunday 1 March 2026. After that your agency is charged £37.50, "
        "after 5pm on Tuesday 3 March 2026 £75, and £100 if you do not come."
    )


@pytest.mark.parametrize(
    ("now", "not_coming", "sentence"),
    [
        (75, 75, "You can no longer cancel free of charge. If you do not come, your agency pays £75."),
        (
            50,
            75,
            "You can no longer cancel free of charge. If you cancel, your agency pays £50. "
            "If you do not come, your agency pays £75.",
        ),
        (50, None, "You can no longer cancel free of charge. If you cancel, your agency pays £50."),
    ],
)
def test_a_cut_off_that_is_past_is_said(now, not_coming, sentence):
    past = cost((FIVE, tariff(now)), now=tariff(now))
    assert cost_in_words(past, not_coming and tariff(not_coming)) == sentence


def test_where_only_not_coming_costs_only_that_is_said():
    assert cost_in_words(cost(), tariff(75)) == "If you do not come, your agency is charged £75."


def test_where_nothing_is_charged_nothing_is_said():
    assert cost_in_words(cost(), None) == ""


def test_pounds_have_pence_only_where_there_are_some():
    assert [pounds(Decimal(sum_)) for sum_ in ["75", "75.00", "37.5", "10350"]] == ["£75", "£75", "£37.50", "£10,350"]

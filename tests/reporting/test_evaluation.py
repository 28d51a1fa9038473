"""What the report says of evaluations, and what it withholds."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.factories import (
    CourseFactory,
)
from tests.reporting.situations import (
    answered,
    event,
    many,
    this_year,
)

pytestmark = pytest.mark.django_db


def test_means_are_over_all_answers_and_changes_over_pairs():
    one = event()
    many(10, one)
    answered(one, (3, 8), (5, 5), (7, 6), (None, 9), (4, None), (2, 3))
    whole = this_year().whole
    assert (whole["responses"], whole["response_rate"]) == (6, 60)
    assert (whole["mean_before"], whole["mean_after"]) == (Decimal("4.20"), Decimal("6.20"))
    assert (whole["improved"], whole["same"], whole["lower"]) == (2, 1, 1)


def test_no_answer_is_in_a_figure_before_its_event_s_evaluation_is_closed():
    one = event()
    many(6, one)
    answered(one, *[(1, 9)] * 6)
    before = this_year(one.ends_at + timedelta(days=13)).whole
    assert (before["responses"], before["response_rate"], before["mean_before"]) == (0, None, None)
    after = this_year(one.ends_at + timedelta(days=14)).whole
    assert (after["responses"], after["response_rate"], after["mean_after"]) == (6, 100, 9)


def test_courses_with_few_answers_do_not_show_theirs_nor_does_one_that_would_give_them_away():
    few, some, most = (CourseFactory(title=title) for title in "ABC")
    for course, number in ((few, 3), (some, 6), (most, 9)):
        one = event(course=course)
        many(number, one)
        answered(one, *[(2, 8)] * number)
    figures = this_year()
    assert [cut["responses"] for cut in figures.courses] == [3, 6, 9]
    assert [cut["improved"] for cut in figures.courses] == [None, None, 9]
    assert figures.whole["improved"] == 18


def test_a_year_with_fewer_than_five_answers_shows_none():
    one = event()
    many(4, one)
    answered(one, *[(2, 8)] * 4)
    assert this_year().whole["responses"] == 4
    assert this_year().whole["mean_before"] is None

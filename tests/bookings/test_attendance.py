"""What marks come to, minute by minute around each line that a policy draws."""

import pytest

from bookings.attendance import Counts, counts, in_words, outcome
from bookings.models import ChargingPolicy

POLICY = ChargingPolicy(late_grace_minutes=15, left_early_grace_minutes=30)


@pytest.mark.parametrize(("attendance", "grace"), [("late", 15), ("left-early", 30)])
def test_each_minute_falls_on_its_side_of_the_grace(attendance, grace):
    for minutes in range(1, 601):
        expected = Counts.WHOLE if minutes <= grace else Counts.PART
        assert counts(attendance, minutes, POLICY) is expected, minutes


@pytest.mark.parametrize("policy", [None, ChargingPolicy()])
@pytest.mark.parametrize("minutes", [None, 1, 600])
def test_without_a_line_late_is_attended_and_left_early_a_part(minutes, policy):
    assert counts("late", minutes, policy) is Counts.WHOLE
    assert counts("left-early", minutes, policy) is Counts.PART


def test_minutes_that_nobody_noted_are_not_guessed():
    assert counts("late", None, POLICY) is Counts.WHOLE
    assert counts("left-early", None, POLICY) is Counts.PART


def test_no_grace_at_all_is_a_grace():
    assert counts("late", 1, ChargingPolicy(late_grace_minutes=0)) is Counts.PART


@pytest.mark.parametrize(
    ("attendance", "expected"),
    [
        ("present", Counts.WHOLE),
        ("left-wellbeing", Counts.PART),
        ("turned-away", Counts.NOTHING),
        ("absent", Counts.NOTHING),
        ("apologies", Counts.NOTHING),
    ],
)
def test_other_marks_count_by_themselves(attendance, expected):
    assert counts(attendance, None, POLICY) is expected


def test_a_part_of_one_session_is_part_attendance():
    marks = [{"attendance": "present", "minutes": None}, {"attendance": "late", "minutes": 16}]
    assert outcome(marks, POLICY) == "part-attended"
    assert outcome(marks, None) == "attended"


@pytest.mark.parametrize(("minutes", "words"), [(None, "Late"), (1, "Late, 1 minute"), (10, "Late, 10 minutes")])
def test_minutes_are_said(minutes, words):
    assert in_words("late", minutes) == words

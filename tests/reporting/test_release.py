"""What evaluation may be shown of parts whose whole is shown."""

from reporting.release import withheld


def test_four_answers_are_too_few_and_five_are_enough():
    assert withheld({"A": 4, "B": 4, "C": 5}) == {"A", "B"}
    assert withheld({"A": 5, "B": 0}) == set()


def test_one_small_part_takes_the_next_smallest_with_it_so_that_the_rest_does_not_give_it_back():
    assert withheld({"A": 3, "B": 20, "C": 7, "D": 0}) == {"A", "C"}


def test_small_parts_that_hide_each_other_take_nothing_with_them():
    assert withheld({"A": 3, "B": 2, "C": 7}) == {"A", "B"}


def test_a_small_part_alone_is_withheld():
    assert withheld({"A": 4}) == {"A"}

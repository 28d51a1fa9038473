import pytest

from people.names import match_key, sort_key


@pytest.mark.parametrize(
    "written",
    [
        "Bronglais Children’s Trust & Care",
        "BRONGLAIS CHILDREN'S TRUST AND CARE",
        " bronglais   childrens trust and care ",
        "Brônglais Children`s Trust, and Care.",
        "Bronglais\tChildren´s Trust-and-Care",
    ],
)
def test_a_name_is_the_same_in_any_case_accents_and_punctuation(written):
    assert match_key(written) == "bronglais childrens trust and care"


@pytest.mark.parametrize(
    ("one", "other"), [("NHS Trust East", "NHS Trust West"), ("St Mary 1", "St Mary 2"), ("Ælla", "Ella")]
)
def test_names_that_differ_in_a_letter_or_digit_differ(one, other):
    assert match_key(one) != match_key(other)


@pytest.mark.parametrize("nothing", ["", "  ", "—", "…!?", "'"])
def test_a_name_without_letters_or_digits_is_none(nothing):
    assert match_key(nothing) == ""


def test_people_sort_by_their_last_name_and_then_the_others():
    names = ["Zoë Adams", "Ann Marie O'Brien", "Ben Obrien", "Ánn Adams", "Cher"]
    assert sorted(names, key=sort_key) == ["Ánn Adams", "Zoë Adams", "Cher", "Ann Marie O'Brien", "Ben Obrien"]

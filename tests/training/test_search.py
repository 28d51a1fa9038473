"""Courses are found by words as people write them: misspelt, cut short, abbreviated, in any order."""

import pytest

from programme.demonstration.catalogue import COURSES
from training import search
from training.search import Entry

TITLES = {
    "WT1": "Working Together to Safeguard Children",
    "RHRT": "Right Help, Right Time",
    "EHA": "Early Help Assessment and Our Family Plan",
    "CSE": "Child Sexual Exploitation",
    "MS": "Modern Slavery",
    "NEG": "Neglect and the Graded Care Profile",
    "CT": "Counter Terrorism and Prevent",
    "SCR": "Learning from Serious Case Reviews",
    "DA": "Domestic Abuse: impact on children",
    "FGM": "Female Genital Mutilation",
    "FII": "Fabricated and Induced Illness",
    "VOC": "Voice and Lived Experience of the Child",
    "CPC": "Child Protection Conferences and Core Groups",
    "TTT": "Train the Trainers",
}
CODES = list(TITLES)


def catalogue():
    """The demonstration's: title, code and other names; topics and summary."""
    for key, (code, title) in enumerate(TITLES.items()):
        described = COURSES[code]
        yield Entry(key, title, code, described.other_names, " ".join((*described.topics, described.summary)))


def titled(*titles):
    return [Entry(key, title) for key, title in enumerate(titles)]


def codes(keys):
    return [CODES[key] for key in keys]


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("Modern Slavery", "MS"),
        ("slavery", "MS"),
        # abbreviations, in any case
        ("CSE", "CSE"),
        ("fgm", "FGM"),
        ("RHRT", "RHRT"),
        ("gcp2", "NEG"),
        ("NRM", "MS"),
        ("icpc", "CPC"),
        # what it was called before, or is called elsewhere
        ("female circumcision", "FGM"),
        ("trafficking", "MS"),
        ("domestic violence", "DA"),
        # a letter other, less, more; two in turn
        ("domestik abuse", "DA"),
        ("exploitaton", "CSE"),
        ("neglekt", "NEG"),
        ("sexaul exploitation", "CSE"),
        ("saefguard children", "WT1"),
        ("mutillation", "FGM"),
        ("rhtr", "RHRT"),
        ("fmg", "FGM"),
        # cut short, and both at once
        ("slav", "MS"),
        ("safegua", "WT1"),
        ("guard", "WT1"),
        ("terorris", "CT"),
        # in another order, with words that say nothing, with signs and accents
        ("abuse domestic", "DA"),
        ("training on neglect", "NEG"),
        ("the modern-slavery course", "MS"),
        ("“Domestic  abuse”!", "DA"),
        ("négléct", "NEG"),
        # what it is about
        ("harmful practices", "FGM"),
        ("county lines", "MS"),
    ],
)
def test_the_course_that_is_meant_comes_first(asked, first):
    assert codes(search.find(asked, catalogue()).matches)[:1] == [first]


def test_each_word_asked_for_must_be_there():
    assert codes(search.find("child", catalogue()).matches) != codes(search.find("child sexual", catalogue()).matches)
    assert codes(search.find("child sexual", catalogue()).matches) == ["CSE"]


def test_what_is_called_so_comes_before_what_is_about_it():
    found = search.find("neglect", [Entry(1, "Home visits", about="Seeing neglect early"), Entry(2, "Neglect")])
    assert found.matches == [2, 1]


def test_who_spells_a_word_right_does_not_get_another_that_looks_like_it():
    assert search.find("care", titled("Graded Care", "Serious Case Reviews")).matches == [0]


def test_three_letters_are_not_another_abbreviation():
    """CCE is criminal exploitation, which is not CSE; but it comes near, and is offered."""
    found = search.find("CCE", titled("Child Sexual Exploitation", "Neglect"))
    assert (found.matches, found.nearest) == ([], [0])


def test_initials_are_known_without_being_said():
    assert search.find("lscpr", titled("Neglect", "Local Safeguarding Child Practice Reviews")).matches == [1]


def test_without_a_match_the_nearest_are_offered_and_no_more_than_three():
    found = search.find("sexual abuse online", catalogue())
    assert found.matches == []
    assert "CSE" in codes(found.nearest)
    assert "DA" in codes(found.nearest)
    assert len(found.nearest) <= 3


@pytest.mark.parametrize("asked", ["", "   ", "qqqq", "🙂", "%%%", "<script>", "zzz zzz"])
def test_what_is_like_nothing_finds_nothing(asked):
    assert search.find(asked, titled("Neglect", "Modern Slavery")) == search.Found()


@pytest.mark.parametrize("asked", ["the", "Training for the"])
def test_a_word_that_says_nothing_counts_where_there_is_no_other(asked):
    assert search.find(asked, titled("Training for the Trainers", "Neglect")).matches == [0]


def test_an_empty_catalogue_has_nothing():
    assert search.find("neglect", []) == search.Found()


def test_those_that_are_as_good_keep_their_order():
    assert search.find("abuse", titled("Abuse, part two", "Abuse, part one")).matches == [0, 1]


def test_a_very_long_question_is_answered():
    assert search.find("neglect " * 5000, titled("Neglect")).matches == [0]


def test_what_is_kept_of_the_catalogue_is_never_older_than_the_catalogue():
    assert search.find("neglect", [Entry(1, "Neglect")]).matches == [1]
    assert search.find("neglect", [Entry(1, "Slavery")]).matches == []
    assert search.find("neglect", [Entry(2, "Neglect")]).matches == [2]

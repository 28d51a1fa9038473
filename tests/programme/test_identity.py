"""Who is who on one address."""

import pytest

from programme import identity
from programme.identity import Group


def persons(*names, known=()):
    keys = [identity.key(name) for name in names]
    return sorted(sorted(group.names) for group in identity.groups(keys, [identity.key(name) for name in known]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zoë Nowak", "ZOE NOWAK"),
        ("Jade Lewis", "Jade Lewis-Smith"),
        ("Jade Lewis", "Lewis, Jade"),
        ("Siân Roberts", "Sian Owen"),
        ("Catherine Shah", "Katherine Shah"),
    ],
)
def test_the_same_first_name_or_names_alike_are_one_person(one, other):
    assert identity.same_person(identity.key(one), identity.key(other))


def test_other_names_on_one_address_are_other_persons():
    assert persons("Jade Lewis", "Mo Khan", "Ann Lee") == [["ann lee"], ["jade lewis"], ["mo khan"]]


def test_names_that_are_each_like_a_third_are_one_person_in_any_order():
    names = ["Anne Lee", "Ann Leigh", "Ann Lee"]

    assert persons(*names) == persons(*reversed(names)) == [["ann lee", "ann leigh", "anne lee"]]
    # And again when Turnout knows the person by one of them.
    assert persons(*names, known=["Ann Leigh"]) == [["ann lee", "ann leigh", "anne lee"]]


def test_a_known_person_is_found_by_a_name_that_is_alike():
    assert identity.groups(["jade lewis"], ["mo khan", "jade lewes"]) == [Group({"jade lewis"}, known=1)]


def test_two_known_persons_stay_apart_however_alike():
    found = identity.groups(["sam carter", "sam carver"], ["sam carter", "sam carver"])

    assert {group.known: group.names for group in found} == {0: {"sam carter"}, 1: {"sam carver"}}

import pytest

from people import persons
from people.models import Person
from tests.factories import AgencyFactory, PersonFactory

pytestmark = pytest.mark.django_db


def test_who_has_the_name_and_the_address_is_found_whatever_the_spelling():
    known = PersonFactory(name="Siân O’Neill", email="sian@example.org")
    assert persons.find_or_add(name=" sian oneill ", email="Sian@Example.org", agency=AgencyFactory()) == known


def test_another_name_at_the_same_address_is_another_person():
    PersonFactory(name="Jade Lewis", email="office@example.org")
    added = persons.find_or_add(name="Sanjay  Lewis", email="office@example.org", agency=AgencyFactory())
    assert (added.name, added.email, Person.objects.filter(email="office@example.org").count()) == (
        "Sanjay Lewis",
        "office@example.org",
        2,
    )


def test_a_namesake_at_another_address_is_another_person():
    known = PersonFactory(name="Jade Lewis", email="jade@example.org")
    assert persons.find_or_add(name="Jade Lewis", email="jl@example.org", agency=known.agency) != known


def test_without_an_address_the_only_one_of_that_name_in_the_agency_is_found():
    known = PersonFactory(name="Jade Lewis")
    PersonFactory(name="Jade Lewis")
    assert persons.find_or_add(name="JADE LEWIS", agency=known.agency) == known


def test_without_an_address_of_two_of_that_name_neither_is_taken():
    agency = AgencyFactory()
    known = [PersonFactory(name="Jade Lewis", agency=agency) for _ in range(2)]
    added = persons.find_or_add(name="Jade Lewis", agency=agency)
    assert added not in known
    assert added.email == ""


def test_who_has_left_is_not_found():
    gone = PersonFactory(name="Jade Lewis", email="jade@example.org", left_on="2020-01-31")
    assert persons.find_or_add(name="Jade Lewis", email="jade@example.org", agency=gone.agency) != gone

import pytest

from people import agencies
from tests.factories import AgencyFactory, AgencyNameFactory

pytestmark = pytest.mark.django_db


def names(agency):
    return set(agency.names.values_list("name", flat=True))


@pytest.mark.parametrize("asked", ["Anytown City Council", "ANYTOWN  CITY COUNCIL", "acc", "The Council"])
def test_an_agency_is_found_by_any_of_its_names(asked):
    agency = AgencyFactory(name="Anytown City Council", short_name="ACC")
    agencies.save_names(agency=agency, also_known_as=["The Council"])
    assert agencies.find(asked) == agency


@pytest.mark.parametrize("asked", ["", "…", "Othertown City Council"])
def test_a_name_that_nobody_has_finds_nobody(asked):
    agencies.save_names(agency=AgencyFactory(name="Anytown City Council"))
    assert agencies.find(asked) is None


def test_finding_is_one_statement(django_assert_num_queries):
    AgencyNameFactory(name="ACC")
    with django_assert_num_queries(1):
        assert agencies.find("ACC").name


def test_names_follow_the_agencys_own_and_those_no_longer_used_go():
    agency = AgencyFactory(name="Anytown CCG", short_name="CCG")
    agencies.save_names(agency=agency, also_known_as=["Health"])
    agency.name, agency.short_name = "Anytown ICB", "ICB"
    agencies.save_names(agency=agency, also_known_as=["Anytown CCG", "  ", "icb"])
    assert names(agency) == {"Anytown ICB", "ICB", "Anytown CCG"}


def test_a_new_spelling_of_a_name_replaces_the_old_one():
    agency = AgencyFactory(name="Childrens Trust")
    agencies.save_names(agency=agency)
    agency.name = "Children’s Trust"
    agencies.save_names(agency=agency)
    assert names(agency) == {"Children’s Trust"}


def test_a_name_of_another_agency_is_refused_and_nothing_changed():
    other = AgencyFactory(name="Bright Start Nursery")
    agencies.save_names(agency=other)
    agency = AgencyFactory(name="Bright Start")
    agencies.save_names(agency=agency)
    with pytest.raises(agencies.NameTaken, match="Bright Start Nursery is a name of Bright Start Nursery"):
        agencies.save_names(agency=agency, also_known_as=["bright start NURSERY"])
    assert (names(agency), names(other)) == ({"Bright Start"}, {"Bright Start Nursery"})

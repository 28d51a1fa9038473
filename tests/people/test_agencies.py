import pytest

from people import agencies
from tests.factories import AgencyFactory, AgencyNameFactory, PersonFactory

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
    with pytest.raises(agencies.NameTaken, match="Bright Start Nursery already is known by that name"):
        agencies.save_names(agency=agency, also_known_as=["bright start NURSERY"])
    assert (names(agency), names(other)) == ({"Bright Start"}, {"Bright Start Nursery"})


def test_an_agency_added_is_found_by_its_names():
    agency = agencies.add(name="  Bright  Start ", type="early-years", short_name="BS", by=PersonFactory())
    assert (agency.name, agencies.find("bright start"), agencies.find("bs")) == ("Bright Start", agency, agency)


def test_a_name_that_another_agency_has_is_refused_in_words():
    council = agencies.add(name="Anytown Council", type="local-authority", by=PersonFactory())
    agencies.save_names(agency=council, also_known_as=["The Council"])
    for name in ("ANYTOWN COUNCIL", "the council"):
        with pytest.raises(agencies.NameTaken, match="Anytown Council already is known by that name"):
            agencies.add(name=name, type="other", by=PersonFactory())
    with pytest.raises(agencies.NameTaken):
        agencies.add_name(agency=AgencyFactory(), name="The council!", by=PersonFactory())


def test_the_name_of_an_agency_that_no_other_name_was_kept_for_is_taken_too():
    AgencyFactory(name="Anytown Council")
    with pytest.raises(agencies.NameTaken, match="Anytown Council already is known by that name"):
        agencies.add(name="Anytown Council", type="other", by=PersonFactory())


def test_a_name_without_letters_is_refused():
    with pytest.raises(agencies.NotAName):
        agencies.add(name="…", type="other", by=PersonFactory())
    with pytest.raises(agencies.NotAName):
        agencies.add_name(agency=AgencyFactory(), name="!!", by=PersonFactory())


def test_an_agency_that_is_called_otherwise_is_still_found_by_its_former_names():
    agency = agencies.add(name="Anytown CCG", short_name="CCG", type="health-commissioner", by=PersonFactory())
    agencies.add_name(agency=agency, name="Health", by=PersonFactory())
    facts = {"short_name": "ICB", "type": "health-commissioner", "is_statutory_partner": True}
    agencies.correct(agency=agency, name="Anytown ICB", by=PersonFactory(), **facts)
    assert {agencies.find(name) for name in ("Anytown ICB", "icb", "Anytown CCG", "ccg", "health")} == {agency}
    agency.refresh_from_db()
    assert (agency.name, agency.is_statutory_partner) == ("Anytown ICB", True)


def test_another_name_is_removed_and_then_free_for_another_agency():
    agency = agencies.add(name="Bright Start", short_name="BS", type="early-years", by=PersonFactory())
    name = agencies.add_name(agency=agency, name="The Nursery", by=PersonFactory())
    assert agencies.add_name(agency=agency, name="the nursery", by=PersonFactory()) == name
    agencies.remove_name(name=name, by=PersonFactory())
    assert agencies.find("The Nursery") is None
    for own in agency.names.all():
        with pytest.raises(agencies.OwnName):
            agencies.remove_name(name=own, by=PersonFactory())


def test_payer_and_billing_are_set_and_who_pays_for_itself_needs_an_address():
    school, trust = AgencyFactory(), AgencyFactory()
    facts = {"needs_purchase_order": True, "purchase_order": " PO-1 "}
    agencies.set_billing(agency=school, payer=trust, invoice_email="", by=PersonFactory(), **facts)
    school.refresh_from_db()
    assert (school.payer, school.needs_purchase_order, school.purchase_order) == (trust, True, "PO-1")
    with pytest.raises(agencies.PayerWithoutAddress):
        agencies.set_billing(agency=school, payer=school, invoice_email=" ", by=PersonFactory(), **facts)
    agencies.set_billing(agency=school, payer=school, invoice_email="Pay@Example.org", by=PersonFactory(), **facts)
    school.refresh_from_db()
    assert (school.payer, school.invoice_email) == (school, "pay@example.org")

"""Correcting a person's record, their line manager and their agency."""

import pytest
from django.utils import timezone

from people import accounts, corrections, refusals
from people.models import Person
from tests.factories import (
    AccountFactory,
    AgencyFactory,
    BookingFactory,
    PersonFactory,
    StaffGroupFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return PersonFactory(roles=["coordinator"])


def correct(person, by, **facts):
    facts = {"name": person.name, "email": person.email, "staff_group": person.staff_group} | facts
    return corrections.correct(person=person, by=by, **facts)


def test_name_address_and_staff_group_are_put_right_and_the_name_sorts_anew(coordinator):
    group = StaffGroupFactory()
    person = correct(
        PersonFactory(), coordinator, name="  Siân   O’Neill ", email=" SIAN@Example.org", staff_group=group
    )
    person.refresh_from_db()
    assert (person.name, person.sort_name, person.email) == ("Siân O’Neill", "oneill sian", "sian@example.org")
    assert person.staff_group == group


def test_a_name_without_letters_is_refused(coordinator):
    with pytest.raises(refusals.NotAName):
        correct(PersonFactory(), coordinator, name="…")


def test_with_another_address_a_person_leaves_the_account_and_is_found_by_the_new_one(coordinator):
    old, new = AccountFactory(), AccountFactory()
    person = PersonFactory(account=old, email=old.email)
    correct(person, coordinator, email=new.email)
    assert Person.objects.get(pk=person.pk).account is None
    epoch = old.epoch
    old.refresh_from_db()
    assert old.epoch == epoch + 1, "what was signed in as them ends"
    assert accounts.link(new) == [person]


def test_with_another_name_the_account_stays(coordinator):
    account = AccountFactory()
    person = PersonFactory(account=account, email=account.email)
    correct(person, coordinator, name="Jade Smith")
    assert Person.objects.get(pk=person.pk).account == account


def test_the_address_of_an_account_may_be_recorded_without_ending_it(coordinator):
    account = AccountFactory()
    person = PersonFactory(account=account, email="elsewhere@example.org")
    correct(person, coordinator, email=account.email)
    assert Person.objects.get(pk=person.pk).account == account


def test_a_coordinator_cannot_give_an_administrator_another_address(coordinator):
    administrator = PersonFactory(roles=["administrator"])
    with pytest.raises(refusals.AddressNeedsAnAdministrator, match="Ask an administrator"):
        correct(administrator, coordinator, email="mine@example.org")
    correct(administrator, coordinator, name="Noor Aziz-Khan")
    correct(administrator, PersonFactory(roles=["administrator"]), email="theirs@example.org")


def test_who_holds_a_staff_role_gets_no_address_that_others_use():
    administrator = PersonFactory(roles=["administrator"])
    shared = PersonFactory(email="office@example.org")
    finance = PersonFactory(roles=["finance-officer"])
    with pytest.raises(refusals.AddressIsShared, match="an address of their own"):
        correct(finance, administrator, email="office@example.org")
    corrections.correct(
        person=PersonFactory(), name="Ann", email=shared.email, staff_group=None, by=administrator
    )  # a practitioner may


def test_a_line_manager_is_somebody_else_who_is_here(coordinator):
    person, manager = PersonFactory(), PersonFactory()
    assert corrections.set_line_manager(person=person, manager=manager, by=coordinator).line_manager == manager
    assert corrections.set_line_manager(person=person, manager=None, by=coordinator).line_manager is None
    with pytest.raises(refusals.NobodyManagesThemselves):
        corrections.set_line_manager(person=person, manager=person, by=coordinator)
    with pytest.raises(refusals.HasLeft):
        corrections.set_line_manager(person=person, manager=PersonFactory(left_on=timezone.localdate()), by=coordinator)


def test_who_moves_keeps_bookings_under_the_former_agency_and_history_says_so(coordinator):
    booking = BookingFactory()
    person, former = booking.delegate, booking.agency
    new = AgencyFactory()
    corrections.move(person=person, agency=new, by=coordinator)
    booking.refresh_from_db()
    assert (Person.objects.get(pk=person.pk).agency, booking.agency) == (new, former)
    (entry,) = Person.history.rel.related_model.objects.filter(pgh_obj_id=person.pk)
    assert entry.agency_id == former.pk


def test_a_line_manager_of_the_former_agency_sees_the_bookings_no_more(coordinator):
    stays, new = PersonFactory(), AgencyFactory()
    goes = PersonFactory(agency=stays.agency, line_manager=stays)
    there = PersonFactory(line_manager=PersonFactory(agency=new))
    for person in (goes, there):
        corrections.move(person=person, agency=new, by=coordinator)
    assert Person.objects.get(pk=goes.pk).line_manager is None
    assert Person.objects.get(pk=there.pk).line_manager is not None


def test_who_has_left_or_is_there_already_is_not_moved(coordinator):
    person = PersonFactory()
    with pytest.raises(refusals.ThereAlready):
        corrections.move(person=person, agency=person.agency, by=coordinator)
    with pytest.raises(refusals.HasLeft):
        corrections.move(person=PersonFactory(left_on=timezone.localdate()), agency=AgencyFactory(), by=coordinator)


def test_what_one_puts_right_oneself_leaves_what_others_corrected_meanwhile():
    person = PersonFactory(name="Jade Lewis")
    stale = Person.objects.get(pk=person.pk)
    Person.objects.filter(pk=person.pk).update(email="new@example.org")
    corrections.correct_own(person=stale, name=" Jade  Smith", staff_group=None)
    person.refresh_from_db()
    assert (person.name, person.sort_name, person.email) == ("Jade Smith", "smith jade", "new@example.org")

"""Who is signed in, read in one statement, is the same as what the ORM reads in three."""

from datetime import timedelta

import pytest
from django.utils import timezone

from people import acting
from people.models import Account, RoleGrant
from tests.factories import AccountFactory, AgencyFactory, PersonFactory

pytestmark = pytest.mark.django_db


def both(account):
    """What acting reads, and what the ORM does."""
    return acting.account_with_persons(account.pk), Account.objects.get(pk=account.pk)


def test_the_account_and_its_persons_are_as_the_orm_reads_them(django_assert_num_queries):
    account = AccountFactory()
    people = [PersonFactory(account=account, name=name) for name in ("Zoe Young", "Ann Bell", "Siân Ó Dea")]
    with django_assert_num_queries(1):
        found = acting.account_with_persons(account.pk)
        names = [(person.name, person.agency.name, person.grants_in_force) for person in found.acting]
    read = Account.objects.get(pk=account.pk)
    assert names == [(person.name, person.agency.name, person.grants_in_force) for person in read.acting]
    assert [vars(person.agency) | {"_state": None} for person in found.acting] == [
        vars(person.agency) | {"_state": None} for person in read.acting
    ]
    assert {name for name, _, _ in names} == {person.name for person in people}
    fields = [field.attname for field in Account._meta.concrete_fields]
    assert [getattr(found, name) for name in fields] == [getattr(read, name) for name in fields]


def test_roles_of_today_come_with_the_person_and_no_others():
    today, agency = timezone.localdate(), AgencyFactory()
    person = PersonFactory(account=AccountFactory())
    RoleGrant.objects.create(person=person, role="coordinator", starts_on=today)
    RoleGrant.objects.create(person=person, role="agency-lead", agency=agency, ends_on=today)
    RoleGrant.objects.create(person=person, role="finance-officer", starts_on=today + timedelta(days=1))
    RoleGrant.objects.create(
        person=person, role="administrator", starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=1)
    )
    ours, orms = both(person.account)
    assert ours.acting[0].grants_in_force == {("coordinator", None), ("agency-lead", agency.pk)}
    assert orms.acting[0].grants_in_force == ours.acting[0].grants_in_force


def test_who_manages_somebody_who_is_here_is_known_for_it(django_assert_num_queries):
    manager, was_one = (PersonFactory(account=AccountFactory()) for _ in range(2))
    PersonFactory(line_manager=manager)
    PersonFactory(line_manager=was_one, left_on=timezone.localdate())
    for person, expected in ((manager, True), (was_one, False)):
        ours, orms = both(person.account)
        assert orms.acting[0].is_line_manager is expected
        with django_assert_num_queries(0):
            assert ours.acting[0].is_line_manager is expected


def test_who_has_left_does_not_act():
    account = AccountFactory()
    PersonFactory(account=account, left_on=timezone.localdate())
    ours, orms = both(account)
    assert ours.acting == orms.acting == []


def test_an_account_that_is_gone_is_none():
    account = AccountFactory()
    gone = account.pk
    account.delete()
    assert acting.account_with_persons(gone) is None


def test_a_closed_account_signs_nobody_in(client):
    account = AccountFactory()
    PersonFactory(account=account)
    client.force_login(account)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert client.get("/").status_code == 302

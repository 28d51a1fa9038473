"""Recording that somebody has left, and undoing it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from people import leaving, refusals
from people.models import Person
from tests.factories import AccountFactory, PersonFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def coordinator():
    return PersonFactory(roles=["coordinator"])


def test_who_leaves_acts_no_more_and_is_signed_out(coordinator):
    account = AccountFactory()
    person = PersonFactory(account=account)
    leaving.leave(person=person, left_on=TODAY(), by=coordinator)
    epoch = account.epoch
    account.refresh_from_db()
    assert (account.epoch, account.acting) == (epoch + 1, [])


def test_undone_they_are_as_they_were_with_their_roles():
    administrator = PersonFactory(roles=["administrator"])
    person = PersonFactory(account=AccountFactory(), roles=["coordinator"])
    leaving.leave(person=person, left_on=TODAY() - timedelta(days=9), by=administrator)
    leaving.undo(person=person, by=administrator)
    person = Person.objects.get(pk=person.pk)
    assert (person.left_on, person.roles, person.account is None) == (None, {"coordinator"}, False)


def test_who_has_left_does_not_leave_again_and_who_is_here_is_not_brought_back(coordinator):
    person = PersonFactory()
    with pytest.raises(refusals.NotLeft):
        leaving.undo(person=person, by=coordinator)
    leaving.leave(person=person, left_on=TODAY(), by=coordinator)
    with pytest.raises(refusals.HasLeft, match="already"):
        leaving.leave(person=person, left_on=TODAY(), by=coordinator)


def test_nobody_leaves_in_the_future(coordinator):
    with pytest.raises(refusals.WrongDay):
        leaving.leave(person=PersonFactory(), left_on=TODAY() + timedelta(days=1), by=coordinator)


def test_nobody_records_themselves_as_left():
    administrator = PersonFactory(roles=["administrator"])
    with pytest.raises(refusals.Oneself):
        leaving.leave(person=administrator, left_on=TODAY(), by=administrator)


def test_of_who_holds_a_staff_role_only_an_administrator_says_so(coordinator):
    finance = PersonFactory(roles=["finance-officer"])
    with pytest.raises(refusals.AddressNeedsAnAdministrator):
        leaving.leave(person=finance, left_on=TODAY(), by=coordinator)
    left = PersonFactory(roles=["finance-officer"], left_on=TODAY())
    with pytest.raises(refusals.AddressNeedsAnAdministrator):
        leaving.undo(person=left, by=coordinator)
    assert Person.objects.get(pk=left.pk).left_on is not None

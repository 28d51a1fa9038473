from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from outbox.models import Job
from outbox.progress import Progress
from people import accounts, tasks
from people.models import Account, Role
from tests.factories import AccountFactory, PersonFactory
from tests.joining_factories import JoiningFactory

pytestmark = pytest.mark.django_db


def test_a_person_known_by_the_address_is_linked_once():
    person, account = PersonFactory(email="jade@example.org"), AccountFactory(email="jade@example.org")
    assert accounts.link(account) == [person]
    person.refresh_from_db()
    assert person.account == account
    assert accounts.link(account) == []


def test_nobody_is_taken_from_another_account():
    other = AccountFactory()
    person = PersonFactory(email="jade@example.org", account=other)
    assert accounts.link(AccountFactory(email="jade@example.org")) == []
    person.refresh_from_db()
    assert person.account == other


def test_who_has_left_is_not_linked():
    PersonFactory(email="jade@example.org", left_on="2026-01-31")
    assert accounts.link(AccountFactory(email="jade@example.org")) == []


def test_all_who_share_a_mailbox_are_linked():
    persons = [PersonFactory(email="ward@example.org") for _ in range(3)]
    account = AccountFactory(email="ward@example.org")
    assert accounts.link(account) == persons
    later = PersonFactory(email="ward@example.org")
    assert accounts.link(account) == [later]


def test_a_colleague_in_the_same_mailbox_gets_no_staff_role():
    coordinator = PersonFactory(email="team@example.org", roles=[Role.COORDINATOR])
    colleague = PersonFactory(email="team@example.org")
    assert accounts.link(AccountFactory(email="team@example.org")) == [colleague]
    coordinator.refresh_from_db()
    assert coordinator.account is None


def test_nobody_joins_an_account_with_a_staff_role():
    account = AccountFactory(email="team@example.org")
    PersonFactory(email="team@example.org", account=account, roles=[Role.FINANCE_OFFICER])
    PersonFactory(email="team@example.org")
    assert accounts.link(account) == []


def test_a_person_with_a_staff_role_alone_is_linked():
    coordinator = PersonFactory(email="priya@example.org", roles=[Role.COORDINATOR])
    assert accounts.link(AccountFactory(email="priya@example.org")) == [coordinator]


def test_an_account_is_opened_with_its_address_verified():
    person = PersonFactory(email="jade@example.org")
    account = accounts.open_account(email="Jade@Example.org", password="three random words")
    assert account.check_password("three random words")
    assert EmailAddress.objects.get(user=account).verified
    person.refresh_from_db()
    assert person.account == account


def test_without_a_password_an_account_is_opened_for_codes():
    assert not accounts.open_account(email="jade@example.org").has_usable_password()


def test_a_new_address_is_that_of_the_persons_reached_at_the_old_one():
    account = AccountFactory(email="old@example.org")
    reached, elsewhere = (
        PersonFactory(email="old@example.org", account=account),
        PersonFactory(email="else@example.org", account=account),
    )
    accounts.change_email(account=account, old="Old@example.org", new="new@example.org")
    reached.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (reached.email, elsewhere.email) == ("new@example.org", "else@example.org")


# --- codes that nobody types ----------------------------------------------------------------------------------------
def asked_for_a_code(email, days):
    account = accounts.for_code(email)
    Account.objects.filter(pk=account.pk).update(created_at=timezone.now() - timedelta(days=days))
    return account


def forget():
    return tasks.forget(Job(), Progress(Job()))["forgotten"]


def test_an_account_whose_code_nobody_typed_goes_after_a_week():
    asked_for_a_code("typo@example.org", 8)
    lately = asked_for_a_code("lately@example.org", 6)
    assert forget() == 1
    assert forget() == 0
    assert list(Account.objects.all()) == [lately]
    assert EmailAddress.objects.get().user == lately


def test_whoever_signed_in_asked_to_join_or_is_somebody_here_stays():
    old = {"created_at": timezone.now() - timedelta(days=400)}
    PersonFactory(account=AccountFactory(**old))
    JoiningFactory(account=AccountFactory(**old))
    AccountFactory(last_login=timezone.now(), **old)
    EmailAddress.objects.create(user=AccountFactory(**old), email="shown@example.org", verified=True)
    AccountFactory(is_active=False, **old)
    assert forget() == 0
    assert Account.objects.count() == 5

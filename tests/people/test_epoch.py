"""Whatever ends a right counts the account's epoch up, whoever changes the rows: sessions hold the older count."""

from datetime import timedelta

import pytest
from django.utils import timezone

from people import accounts, roles
from people.models import Account, Person, RoleGrant
from tests.factories import PASSWORD, AccountFactory, AgencyFactory, PersonFactory
from tests.guards import check_now, sql, take_out

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
YESTERDAY = TODAY() - timedelta(days=1)


@pytest.fixture
def person():
    return PersonFactory(account=AccountFactory(), roles=["coordinator"])


def epoch(person):
    return Account.objects.get(pk=person.account_id).epoch


# Each by SQL, so that no code of ours need be gone through, with the trigger that counts.
LOSSES = {
    "role_deleted_ends_sessions": "delete from people_rolegrant where person_id = {person}",
    "role_ended_ends_sessions": "update people_rolegrant set starts_on = '2026-01-01', ends_on = '2026-01-02'",
    "person_gone_ends_sessions": "update people_person set left_on = current_date where id = {person}",
    "person_deleted_ends_sessions": "delete from people_person where id = {person}",
    "account_lost_ends_sessions": "update people_account set is_active = false where id = {account}",
}
MORE = [
    "update people_rolegrant set role = 'concerns' where person_id = {person}",
    "update people_rolegrant set starts_on = current_date + 7 where person_id = {person}",
    "update people_person set account_id = null where id = {person}",
    "update people_account set password = 'another' where id = {account}",
]


def lose(statement, person):
    if "delete from people_person" in statement:
        # Its grants go first and count too: what is asked here is what the person alone does.
        sql("update people_rolegrant set starts_on = current_date + 7 where person_id = %s", person.pk)
        sql("delete from people_rolegrant where person_id = %s", person.pk)
        sql("update people_account set epoch = epoch + 7 where id = %s", person.account_id)
    before = epoch(person)
    sql(statement.format(person=person.pk, account=person.account_id))
    return epoch(person) - before


@pytest.mark.parametrize("statement", [*LOSSES.values(), *MORE])
def test_what_is_lost_counts(person, statement):
    assert lose(statement, person) == 1


@pytest.mark.parametrize(("trigger", "statement"), LOSSES.items())
def test_nothing_else_would_count(person, trigger, statement):
    check_now()  # a table whose rows wait to be checked is not altered
    take_out(trigger)
    assert lose(statement, person) == 0


def test_a_person_moved_to_another_account_ends_the_sessions_of_the_one_they_leave(person):
    other = AccountFactory()
    assert lose(f"update people_person set account_id = {other.pk} where id = {{person}}", person) == 1
    other.refresh_from_db()
    assert other.epoch == 0


def test_what_is_given_or_over_long_since_counts_nothing(person):
    before = epoch(person)
    roles.give(person=person, role="finance-officer", by=PersonFactory(roles=["administrator"]))
    RoleGrant.objects.create(person=person, role="concerns", starts_on=YESTERDAY, ends_on=YESTERDAY)
    RoleGrant.objects.filter(role="concerns").update(ends_on=YESTERDAY - timedelta(days=0))
    RoleGrant.objects.filter(role="concerns").delete()
    RoleGrant.objects.create(person=person, role="concerns", starts_on=TODAY() + timedelta(days=7)).delete()
    RoleGrant.objects.filter(role="coordinator").update(ends_on=TODAY() + timedelta(days=7))
    Person.objects.filter(pk=person.pk).update(agency=AgencyFactory(), name="New Name")
    Account.objects.filter(pk=person.account_id).update(last_login=timezone.now())
    assert epoch(person) == before


def test_an_account_read_before_cannot_write_the_count_back(person):
    read = Account.objects.get(pk=person.account_id)
    roles.take(person=person, role="coordinator", by=None)
    read.email = "new@example.org"
    read.save()
    assert (epoch(person), read.epoch) == (1, 1)


def test_signing_out_everywhere_counts(person):
    accounts.sign_out_everywhere(account=person.account)
    assert epoch(person) == 1


def test_the_session_hash_holds_epoch_password_and_key(person, settings):
    account = Account.objects.get(pk=person.account_id)
    hashes = [account.get_session_auth_hash()]
    account.epoch += 1
    hashes.append(account.get_session_auth_hash())
    account.set_password(PASSWORD + "!")
    hashes.append(account.get_session_auth_hash())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10
    assert list(account.get_session_auth_fallback_hash()) == [hashes[-1]]
    hashes.append(account.get_session_auth_hash())
    assert len(set(hashes)) == 4

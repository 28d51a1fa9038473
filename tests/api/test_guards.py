"""What the database holds true of tokens, broken with SQL."""

import pytest

from api.models import Token
from tests.factories import AccountFactory, PersonFactory
from tests.guards import Breaks, refused_by, sql

pytestmark = pytest.mark.django_db

breaks = Breaks()


def a_token(**facts):
    person = PersonFactory(account=AccountFactory())
    given = {"name": "Trial", "scopes": ["read"], "digest": "0" * 64, "created_on": "2026-01-01", "epoch": 0}
    given |= {"expires_on": "2027-01-02", "person": person, "account": person.account}
    return Token.objects.create(**given | facts)


@breaks.by("token_expires_within_a_year")
def a_token_for_longer():
    a_token(expires_on="2027-01-03")


@breaks.by("token_scopes_are_known")
def a_token_for_everything():
    sql("update api_token set scopes = '{read,everything}' where id = %s", a_token().pk)


@breaks.by("token_keeps_only_a_digest")
def a_secret_that_is_kept():
    sql("update api_token set digest = 'turnout_secret' where id = %s", a_token().pk)


@breaks.by("token_name_is_used_once")
def two_tokens_of_one_name():
    first = a_token()
    a_token(person=first.person, account=first.account, digest="1" * 64)


@pytest.mark.parametrize("name", breaks.ways)
def test_it_is_refused_by_the_guard(name):
    breaks.is_refused(name)


@pytest.mark.parametrize("name", breaks.ways)
def test_without_the_guard_nothing_refuses_it(name):
    breaks.passes_without(name)


def test_a_token_is_for_something():
    with refused_by("token_scopes_are_known"):
        a_token(scopes=[])


def test_a_name_is_free_again_once_its_token_is_revoked():
    first = a_token(revoked_at="2026-02-01T00:00Z")
    a_token(person=first.person, account=first.account, digest="1" * 64)


def test_no_token_ends_before_it_is_made():
    with refused_by("token_expires_within_a_year"):
        a_token(expires_on="2025-12-31")

"""Tokens: who they let in, for what, until when, and what ends them."""

import hashlib
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from api import tokens
from api.models import Token
from people import roles
from people.models import Role
from tests.factories import AccountFactory, BookingFactory, EventFactory, PersonFactory, RoleGrantFactory

pytestmark = pytest.mark.django_db


def made(person, **facts):
    given = {"name": "Trial", "scopes": ["read"], "expires_on": timezone.localdate() + timedelta(days=30)}
    return tokens.make(account=person.account, by=person, **given | facts)


@pytest.fixture
def jade():
    return PersonFactory(account=AccountFactory(), name="Jade Lewis")


def test_a_token_lets_a_program_in_as_its_person(program):
    asking = program("coordinator", name="Casey", agency__name="Anytown Council")
    assert asking.read("me") == {
        "reference": asking.person.reference,
        "name": "Casey",
        "agency": "Anytown Council",
        "roles": ["coordinator"],
        "scopes": ["read", "book", "registers", "money", "report"],
        "expires_on": str(timezone.localdate() + timedelta(days=30)),
    }


def test_the_database_holds_a_digest_and_never_the_secret(jade):
    token, secret = made(jade)
    with connection.cursor() as cursor:
        cursor.execute("select t::text from api_token t")
        row = cursor.fetchone()[0]
    assert secret.startswith("turnout_")
    assert secret not in row
    assert secret.removeprefix("turnout_") not in row
    assert token.digest == hashlib.sha256(secret.encode()).hexdigest()


@pytest.mark.parametrize(
    "header", ["Bearer turnout_nobody", "Bearer ", "bearer", "Bearer \x7f\xe9", "Bearer " + "x" * 5000]
)
def test_what_is_no_token_lets_nobody_in(client, header):
    response = client.get("/api/v1/me", headers={"authorization": header})
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="turnout"'
    assert response["Content-Type"] == "application/problem+json"


def test_a_token_counts_before_the_cookie_that_came_with_it(client, program):
    client.force_login(AccountFactory(email="other@example.org"))
    asking = program(name="Jade Lewis")
    assert client.get("/api/v1/me", headers=asking.headers).json()["name"] == "Jade Lewis"


def test_a_bad_token_is_not_helped_by_a_cookie(client, jade):
    client.force_login(jade.account)
    assert client.get("/api/v1/me").status_code == 200
    assert client.get("/api/v1/me", headers={"authorization": "Bearer turnout_x"}).status_code == 401


# --- scopes ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("address", "scope"),
    [
        ("events", "read"),
        ("bookings", "read"),
        ("charges", "money"),
        ("invoices", "money"),
        ("report/2018-19", "report"),
    ],
)
def test_a_token_reads_what_its_scope_says_and_nothing_else(program, address, scope):
    others = [one for one in ("read", "book", "registers", "money", "report") if one != scope]
    assert program("coordinator", scopes=[scope]).get(address).status_code == 200
    refused = program("coordinator", scopes=others).get(address)
    assert refused.status_code == 403
    assert f"it lacks the scope “{scope}”" in refused.json()["detail"]


def test_a_token_for_reading_books_and_cancels_nothing(program):
    asking = program(scopes=["read"])
    booking = BookingFactory(delegate=asking.person)
    assert asking.post("bookings", {"event": EventFactory().reference}).status_code == 403
    assert asking.post(f"bookings/{booking.reference}/cancel").status_code == 403
    booking.refresh_from_db()
    assert booking.state == "confirmed"
    assert asking.person.bookings.count() == 1


def test_a_token_can_do_no_more_than_its_person(program):
    assert program("concerns").get("report/2018-19").status_code == 403


# --- what ends one ---------------------------------------------------------------------------------------------------
def test_a_token_lets_in_on_its_last_day_and_not_on_the_next(program):
    with time_machine.travel("2026-11-02 12:00"):
        asking = program()
    with time_machine.travel("2026-12-02 23:30"):
        assert asking.get("me").status_code == 200
    with time_machine.travel("2026-12-03 00:30"):
        assert asking.get("me").status_code == 401


def test_a_revoked_token_lets_nobody_in(program):
    asking = program()
    tokens.revoke(token=asking.person.tokens.get(), by=asking.person)
    assert asking.get("me").status_code == 401


def test_nobody_revokes_anothers_token(program, jade):
    asking = program()
    tokens.revoke(token=asking.person.tokens.get(), by=jade)
    assert asking.get("me").status_code == 200


def test_a_role_that_goes_ends_the_tokens_of_its_holder(program):
    asking = program("coordinator")
    roles.take(person=asking.person, role=Role.COORDINATOR, by=PersonFactory(roles=["administrator"]))
    assert asking.get("me").status_code == 401


def test_a_role_that_comes_counts_from_the_next_request_on(program):
    asking = program()
    assert asking.get("report/2018-19").status_code == 403
    RoleGrantFactory(person=asking.person)
    assert asking.get("report/2018-19").status_code == 200


def test_who_has_left_is_not_let_in(program):
    asking = program()
    asking.person.left_on = timezone.localdate()
    asking.person.save(update_fields=["left_on"])
    assert asking.get("me").status_code == 401


def test_an_account_that_is_closed_lets_nobody_in(program):
    asking = program()
    asking.person.account.is_active = False
    asking.person.account.save(update_fields=["is_active"])
    assert asking.get("me").status_code == 401


def test_a_new_password_ends_the_tokens(program):
    asking = program()
    asking.person.account.set_password("another long password")
    asking.person.account.save(update_fields=["password"])
    assert asking.get("me").status_code == 401


def test_a_person_who_has_another_account_now_is_not_let_in_by_the_old_ones_token(program):
    asking = program()
    Token.objects.update(epoch=1)
    asking.person.account = AccountFactory()
    asking.person.save(update_fields=["account"])
    assert asking.get("me").status_code == 401


# --- making one ------------------------------------------------------------------------------------------------------
def test_a_token_is_for_a_year_at_most(jade):
    today = timezone.localdate()
    made(jade, name="A year", expires_on=today + timedelta(days=366))
    for days in (367, -1):
        with pytest.raises(tokens.TokenRefused, match="a year at most"):
            made(jade, expires_on=today + timedelta(days=days))


def test_twenty_tokens_are_enough(jade):
    for number in range(tokens.MOST):
        made(jade, name=f"Token {number}")
    with pytest.raises(tokens.TokenRefused, match="20 tokens already"):
        made(jade)


def test_a_name_is_used_once_until_its_token_is_revoked(jade):
    token, _ = made(jade, name="Desk")
    with pytest.raises(tokens.TokenRefused, match="named “Desk” already"):
        made(jade, name="Desk")
    tokens.revoke(token=token, by=jade)
    made(jade, name="Desk")


# --- what is noted ---------------------------------------------------------------------------------------------------
def test_the_last_use_is_noted_by_the_day_in_one_statement_a_day(program, django_assert_num_queries):
    asking = program()
    with django_assert_num_queries(3):
        asking.get("me")
    with django_assert_num_queries(2):
        asking.get("me")
    assert asking.person.tokens.get().last_used_on == timezone.localdate()

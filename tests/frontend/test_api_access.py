"""The page of one's tokens, and the description of the API for people."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from api import tokens
from api.models import Token
from frontend.api_access import reading
from tests.factories import PersonFactory
from tests.signing_in import enter

pytestmark = pytest.mark.django_db

NEW = {"name": "Spreadsheet of the desk", "scopes": ["read", "book"], "days": "90"}


def address(view, *args):
    return reverse(f"api_access:{view}", args=args)


def made(person, name="Desk"):
    return tokens.make(account=person.account, by=person, name=name, scopes=["read"], expires_on=timezone.localdate())[
        0
    ]


def test_a_token_is_made_shown_once_and_works(client, sign_in):
    person = sign_in()
    enter(client, person.account)
    response = client.post(address("make_token"), NEW)
    page = response.content.decode()
    secret = page.partition('aria-label="The token">')[2].partition("<")[0]
    assert client.get("/api/v1/me", headers={"authorization": f"Bearer {secret}"}).json()["scopes"] == ["read", "book"]
    assert "no-store" in response["Cache-Control"]
    token = Token.objects.get()
    assert (token.person, token.name) == (person, "Spreadsheet of the desk")
    assert token.expires_on == timezone.localdate() + timedelta(days=90)
    assert secret not in client.get(address("tokens")).content.decode()


def test_who_signed_in_long_ago_shows_who_they_are_before_a_token_is_made(client, sign_in):
    person = sign_in()
    enter(client, person.account, seconds_ago=100_000)
    response = client.post(address("make_token"), NEW)
    assert response.status_code == 302
    assert Token.objects.count() == 0


def test_the_form_sent_twice_makes_one_token(client, sign_in):
    enter(client, sign_in().account)
    client.post(address("make_token"), NEW)
    page = client.post(address("make_token"), NEW).content.decode()
    assert "You have a token named “Spreadsheet of the desk” already." in page
    assert Token.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["all"]}, {"days": "3650"}, {"days": ""}])
def test_what_is_not_offered_makes_no_token(client, sign_in, wrong):
    enter(client, sign_in().account)
    assert "There is a problem" in client.post(address("make_token"), NEW | wrong).content.decode()
    assert Token.objects.count() == 0


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_of_tokens_takes_four_statements(client, sign_in, django_assert_num_queries, count):
    person = sign_in()
    for number in range(count):
        made(person, f"Token {number}")
    with django_assert_num_queries(4):
        page = client.get(address("tokens")).content.decode()
    assert page.count("Revoke<") == count


def test_a_name_is_shown_as_text(client, sign_in):
    made(sign_in(), "<script>alert(1)</script>")
    assert "&lt;script&gt;alert(1)" in client.get(address("tokens")).content.decode()


def test_a_token_is_revoked_after_a_look_and_not_by_the_look(client, sign_in):
    token = made(sign_in())
    client.get(address("revoke_token", token.reference))
    assert Token.objects.kept().exists()
    page = client.post(address("revoke_token", token.reference), follow=True).content.decode()
    assert "The token “Desk” lets nobody in any more." in page
    assert "You have no tokens" in page
    assert not Token.objects.kept().exists()


def test_anothers_token_is_not_there(client, sign_in):
    other = sign_in()
    token = made(other)
    sign_in(person=PersonFactory())
    assert client.get(address("revoke_token", token.reference)).status_code == 404
    assert client.post(address("revoke_token", token.reference)).status_code == 404
    assert Token.objects.kept().exists()


def test_the_account_menu_leads_to_the_tokens(client, sign_in):
    sign_in()
    assert f'href="{address("tokens")}">API access<' in client.get("/").content.decode()


# --- the description -------------------------------------------------------------------------------------------------
def test_every_operation_is_on_the_page_with_an_example(client):
    page = client.get("/api/").content.decode()
    operations = [one for group in reading.groups().values() for one in group]
    assert len(operations) == 17
    for one in operations:
        assert f'id="{one.key}"' in page
        assert one.path in page
        assert one.example.startswith('curl -H "Authorization: Bearer $TOKEN"')


def test_fields_are_told_in_words():
    (booking,) = (one for one in reading.groups()["Bookings"] if one.key == "read_booking")
    kinds = {field.name: field.kind for field in booking.answer}
    assert kinds["booked_at"] == "moment"
    assert kinds["placed_at"] == "moment, or null"
    assert kinds["cancelling.costs_now"] == "sum, as text, or null"
    assert kinds["state"] == "one of waiting, requested, offered, confirmed, cancelled"
    assert kinds["outcome"].endswith("event-cancelled, or null")
    assert kinds["event.course_title"] == "text"


def test_only_who_is_signed_in_is_offered_to_try_it(client, sign_in):
    assert "Try it in this browser" not in client.get("/api/").content.decode()
    sign_in()
    assert "Try it in this browser" in client.get("/api/").content.decode()

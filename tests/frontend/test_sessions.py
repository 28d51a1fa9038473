"""How long a sign-in lasts, and what each answer says to browsers about cookies, caches and where things come from."""

import pytest
import time_machine
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache

from frontend.sessions import WRITE_EVERY
from people import accounts
from tests.factories import PASSWORD, AccountFactory, PersonFactory
from tests.signing_in import enter

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.frontend.urls")]
MINUTE, HOUR, DAY = 60, 3600, 86_400


@pytest.fixture(autouse=True)
def nobody_tried_before():
    cache.clear()  # allauth counts tries there


@pytest.fixture
def clock():
    with time_machine.travel("2026-11-25 09:00:00Z", tick=False) as clock:
        yield clock


def signed_in(client, *roles, remember=False):
    person = PersonFactory(email="jade@example.org", roles=roles)
    accounts.open_account(email=person.email, password=PASSWORD)
    login = {"login": person.email, "password": PASSWORD} | ({"remember": "on"} if remember else {})
    assert client.post("/accounts/login/", login).url == "/"


def is_in(client):
    return client.get("/gallery/").status_code == 200


@pytest.mark.parametrize(
    ("roles", "remember", "away", "stays"),
    [
        (["coordinator"], False, 59 * MINUTE, True),
        (["coordinator"], False, 66 * MINUTE, False),
        (["coordinator"], True, 66 * MINUTE, False),
        (["agency-lead"], False, 11 * HOUR, True),
        ([], False, 11 * HOUR, True),
        ([], False, 13 * HOUR, False),
        ([], True, 13 * DAY, True),
        ([], True, 15 * DAY, False),
    ],
)
def test_who_has_been_away_for_too_long_is_signed_out(client, clock, roles, remember, away, stays):
    signed_in(client, *roles, remember=remember)
    assert is_in(client)
    clock.shift(away)
    assert is_in(client) is stays


@pytest.mark.parametrize(("roles", "remember", "hours"), [(["finance-officer"], True, 12), ([], True, 14 * 24)])
def test_however_busy_a_sign_in_ends(client, clock, roles, remember, hours):
    signed_in(client, *roles, remember=remember)
    step = 45 * MINUTE if roles else 20 * HOUR
    for _ in range(hours * HOUR // step):
        assert is_in(client)
        clock.shift(step)
    clock.shift(step)
    assert not is_in(client)


def test_it_is_said_why_and_one_comes_back_to_the_page(client, clock):
    signed_in(client, "coordinator")
    assert is_in(client)
    clock.shift(2 * HOUR)
    response = client.get("/gallery/?page=2", follow=True)
    assert "You were signed out, as it is a while" in response.content.decode()
    assert response.request["QUERY_STRING"] == "next=%2Fgallery%2F%3Fpage%3D2"


def test_a_click_is_noted_once_in_five_minutes(client, clock, django_assert_num_queries):
    person = PersonFactory(account=AccountFactory())
    enter(client, person.account)
    written = lambda: Session.objects.get().get_decoded()["seen_at"]  # noqa: E731
    first = written()
    clock.shift(WRITE_EVERY)
    client.get("/gallery/")
    assert written() == first
    clock.shift(1)
    client.get("/gallery/")
    assert written() == first + WRITE_EVERY + 1


def test_the_key_of_a_session_changes_at_sign_in_and_is_gone_at_sign_out(client):
    PersonFactory(email="jade@example.org")
    accounts.open_account(email="jade@example.org")
    response = client.post("/accounts/login/", {"login": "jade@example.org", "by_code": "yes"})
    before = client.session.session_key
    client.post(response.url, {"code": mail.outbox[-1].subject.split()[0]})
    assert is_in(client)
    after = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    assert before != after
    client.post("/accounts/logout/")
    client.cookies[django_settings.SESSION_COOKIE_NAME] = after
    assert not is_in(client)


# --- What each answer says -------------------------------------------------------------------------------------------

POLICY = {
    "default-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "img-src": "'self'",
}


@pytest.mark.parametrize("address", ["/accounts/login/", "/gallery/", "/nowhere/", "/forbidden/", "/brand.css"])
def test_every_answer_says_that_nothing_comes_from_elsewhere(client, address):
    enter(client, PersonFactory(account=AccountFactory()).account)
    headers = client.get(address).headers
    assert dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; ")) == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "geolocation=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("address", ["/gallery/", "/forbidden/", "/nowhere/", "/accounts/second-step/"])
def test_nothing_for_somebody_stays_in_a_cache(client, address):
    enter(client, PersonFactory(account=AccountFactory()).account)
    assert "no-store" in client.get(address).headers["Cache-Control"]


def test_scripts_and_other_sites_do_not_get_at_the_cookies(client):
    signed_in(client)
    client.get("/accounts/email/")
    for name in (django_settings.SESSION_COOKIE_NAME, django_settings.CSRF_COOKIE_NAME):
        assert client.cookies[name]["httponly"] is True
        assert client.cookies[name]["samesite"] == "Lax"

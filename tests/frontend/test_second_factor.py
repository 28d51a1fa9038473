"""The second step at sign-in: setting it up, showing it, having to have one, and losing it."""

import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import Client

from people import accounts, second_factor
from people.models import Role
from tests.factories import PASSWORD, PartnershipFactory, PersonFactory
from tests.signing_in import enter

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.frontend.urls")]
NOON = "2026-11-25 12:00:00Z"
SECURITY = "/accounts/second-step/"


@pytest.fixture(autouse=True)
def nobody_tried_before():
    cache.clear()  # tries and spent codes are counted there


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def demanded(settings):
    settings.SECOND_FACTOR_DEMANDED = True


@pytest.fixture
def jade():
    PartnershipFactory(name="Anytown Partnership")
    person = PersonFactory(email="jade@example.org", name="Jade Lewis", roles=[Role.COORDINATOR])
    accounts.open_account(email="jade@example.org", password=PASSWORD)
    person.refresh_from_db()
    return person


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def sign_in(client, **more):
    return client.post("/accounts/login/", {"login": "jade@example.org", "password": PASSWORD, **more})


def code_of(secret, at=0):
    import time

    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + at))


def set_up(client):
    """Set an authenticator app up; the secret in it."""
    secret = client.get(f"{SECURITY}totp/activate/").context["form"].secret
    response = client.post(f"{SECURITY}totp/activate/", {"code": code_of(secret)})
    assert response.url == f"{SECURITY}recovery-codes/"
    return secret


@pytest.fixture
def app(client, jade, clock):
    """Jade's authenticator app: the secret in it. She is signed out again, and its first code is over."""
    enter(client, jade.account)
    secret = set_up(client)
    client.logout()
    clock.shift(120)
    return secret


# --- Setting it up ---------------------------------------------------------------------------------------------------


def test_the_page_shows_a_picture_and_the_same_key_as_text(client, jade):
    enter(client, jade.account)
    response = client.get(f"{SECURITY}totp/activate/")
    page = response.content.decode()
    assert '<svg role="img" aria-label="Picture to scan with your app"' in page
    assert "data:" not in page
    assert "style=" not in page
    secret = response.context["form"].secret
    assert " ".join(re.findall("....", secret)) in text_of(response)
    assert f"secret={secret}&issuer=Anytown%20Partnership" in response.context["totp_url"]


def test_a_wrong_code_sets_nothing_up_and_keeps_the_key(client, jade):
    enter(client, jade.account)
    secret = client.get(f"{SECURITY}totp/activate/").context["form"].secret
    response = client.post(f"{SECURITY}totp/activate/", {"code": "000000"})
    assert "The code is not right" in text_of(response)
    assert response.context["form"].secret == secret
    assert not Authenticator.objects.exists()


def test_the_key_is_not_readable_in_the_tables(app, settings):
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert app not in kept
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10
    client = Client()
    sign_in(client)
    assert client.post(f"{SECURITY}authenticate/", {"code": code_of(app)}).url == "/"


@pytest.mark.django_db(transaction=True)
def test_setting_one_up_is_told_by_mail_and_ends_the_other_sessions_not_this(client, jade):
    elsewhere = Client()
    for device in (client, elsewhere):
        enter(device, jade.account)
    set_up(client)
    assert client.get("/gallery/").status_code == 200
    assert elsewhere.get("/gallery/").status_code == 302
    assert mail.outbox[-1].subject == "An authenticator app was set up"
    assert "It was done on Wednesday 25 November 2026, midday." in mail.outbox[-1].body


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_is_down_does_not_undo_what_was_set_up(client, jade, monkeypatch):
    def down(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", down)
    enter(client, jade.account)
    set_up(client)
    assert "The authenticator app is set up." in text_of(client.get(f"{SECURITY}recovery-codes/"))


# --- Showing it ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", [{}, {"by_code": "yes"}])
def test_neither_password_nor_email_code_lets_one_in_without_it(client, app, way):
    response = sign_in(client, **way)
    if way:
        code = re.search(r"^(\S+) is your code", mail.outbox[-1].subject)[1]
        response = client.post(response.url, {"code": code})
    assert response.url == f"{SECURITY}authenticate/"
    assert client.get("/gallery/").url.startswith("/accounts/login/")
    assert client.post(response.url, {"code": code_of(app)}).url == "/"
    assert client.get("/gallery/").status_code == 200


def test_the_page_that_one_wanted_is_kept_over_the_second_step(client, app):
    sign_in(client, next="/programme/")
    assert client.post(f"{SECURITY}authenticate/", {"code": code_of(app)}).url == "/programme/"


@pytest.mark.parametrize(("at", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_taken_half_a_minute_early_or_late(client, app, at, taken):
    sign_in(client)
    response = client.post(f"{SECURITY}authenticate/", {"code": code_of(app, at)})
    assert (response.status_code == 302) is taken


def test_a_code_is_taken_once_as_long_as_it_lives(client, app, clock):
    code = code_of(app, 1)
    sign_in(client)
    assert client.post(f"{SECURITY}authenticate/", {"code": code}).url == "/"
    clock.shift(59)  # allauth has forgotten it by now, and still takes it
    thief = Client()
    sign_in(thief)
    assert "The code is not right" in text_of(thief.post(f"{SECURITY}authenticate/", {"code": code}))
    assert thief.get("/gallery/").status_code == 302


def test_codes_cannot_be_guessed(client, app):
    sign_in(client)
    for _ in range(5):
        client.post(f"{SECURITY}authenticate/", {"code": "000000"})
    assert "too many tries" in text_of(client.post(f"{SECURITY}authenticate/", {"code": code_of(app)}))


def test_a_recovery_code_lets_one_in_once(client, app, jade):
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    sign_in(client)
    assert client.post(f"{SECURITY}authenticate/", {"code": code}).url == "/"
    client.logout()
    cache.clear()
    sign_in(client)
    assert client.post(f"{SECURITY}authenticate/", {"code": code}).status_code == 200


def test_who_is_asked_again_may_use_the_app(client, app, jade):
    enter(client, jade.account, seconds_ago=3600)
    response = client.get("/sensitive/", follow=True)
    assert "Use authenticator app or code" in text_of(response)
    asked = client.post(f"{SECURITY}reauthenticate/", {"code": code_of(app), "next": "/sensitive/"})
    assert asked.url == "/sensitive/"
    assert client.get("/sensitive/").status_code == 200


# --- Having to have one ----------------------------------------------------------------------------------------------


def test_staff_without_one_are_sent_to_set_one_up_before_any_other_page(client, jade, demanded):
    enter(client, jade.account)
    assert client.get("/gallery/?page=2").url == f"{SECURITY}?next=/gallery/%3Fpage%3D2"
    assert client.post("/gallery/").status_code == 302
    assert "Before you go on, set up a second step" in text_of(client.get(SECURITY))
    set_up(client)
    assert client.get("/gallery/").status_code == 200


def test_the_way_there_is_open_and_so_is_the_way_out(client, jade, demanded):
    enter(client, jade.account)
    for address in (f"{SECURITY}totp/activate/", f"{SECURITY}webauthn/add/", "/accounts/logout/", "/brand.css"):
        assert client.get(address).status_code == 200
    for address in ("/accounts/email/", "/accounts/password/change/", "/", "/programme/", "/bookings/"):
        assert client.get(address).url.startswith(SECURITY)


def test_api_calls_of_staff_without_one_are_refused(client, jade, demanded):
    enter(client, jade.account)
    response = client.get("/api/v1/anything")
    assert response.status_code == 403
    assert response.json()["detail"] == "Set up a second step for your sign-in first."


def test_practitioners_go_on_without_one(client, demanded):
    person = PersonFactory(email="jade@example.org")
    account = accounts.open_account(email="jade@example.org", password=PASSWORD)
    enter(client, account)
    assert client.get("/gallery/").wsgi_request.person == person
    assert client.get("/gallery/").status_code == 200


def test_nobody_takes_off_their_last_one_while_it_is_demanded(client, app, jade, demanded):
    enter(client, jade.account)
    page = client.get(f"{SECURITY}totp/deactivate/")
    assert "this is your only one" in text_of(page)
    client.post(f"{SECURITY}totp/deactivate/")
    assert Authenticator.objects.filter(type="totp").exists()
    key = Authenticator.objects.create(user=jade.account, type="webauthn", data={"name": "My passkey"})
    client.post(f"{SECURITY}totp/deactivate/")
    assert not Authenticator.objects.filter(type="totp").exists()
    response = client.post(f"{SECURITY}webauthn/keys/{key.pk}/remove/", follow=True)
    assert "this is your only one" in text_of(response)
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_where_it_is_not_demanded_one_may_take_it_off(client, app, jade):
    enter(client, jade.account)
    client.post(f"{SECURITY}totp/deactivate/")
    assert not Authenticator.objects.exists()


def test_nobody_touches_anothers_key(client, jade):
    key = Authenticator.objects.create(user=jade.account, type="webauthn", data={"name": "My passkey"})
    other = PersonFactory(email="sam@example.org")
    enter(client, accounts.open_account(email=other.email, password=PASSWORD))
    for action in ("edit", "remove"):
        assert client.get(f"{SECURITY}webauthn/keys/{key.pk}/{action}/").status_code == 404
        assert client.post(f"{SECURITY}webauthn/keys/{key.pk}/{action}/", {"name": "Mine"}).status_code == 404


def test_who_lost_theirs_is_let_in_to_set_up_another_after_a_reset(client, app, jade, demanded):
    second_factor.reset(person=jade, by=PersonFactory(roles=["administrator"]))
    sign_in(client)
    assert client.get("/").url == f"{SECURITY}?next=/"
    set_up(client)
    assert client.get("/").status_code == 200

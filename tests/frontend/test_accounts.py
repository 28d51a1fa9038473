import re
from smtplib import SMTPServerDisconnected

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache

from people import accounts
from people.models import Account, Person
from tests.factories import PASSWORD, AccountFactory, PartnershipFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_tried_before():
    cache.clear()  # allauth counts tries there


@pytest.fixture
def jade():
    person = PersonFactory(email="jade@example.org", name="Jade Lewis")
    accounts.open_account(email="jade@example.org", password=PASSWORD)
    person.refresh_from_db()
    return person


def code():
    """The code in the newest mail."""
    return re.search(r"^(\S+) is your code", mail.outbox[-1].subject)[1]


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def sign_in(client, email="jade@example.org", password=PASSWORD, **more):
    return client.post("/accounts/login/", {"login": email, "password": password, **more})


# --- Password --------------------------------------------------------------------------------------------------------


def test_a_password_signs_in(client, jade):
    response = sign_in(client)
    assert (response.status_code, response.url) == (302, "/")
    response = client.get("/")
    assert response.wsgi_request.person == jade
    assert "Successfully" not in text_of(response)


def test_one_comes_back_to_the_page_one_wanted(client, jade):
    assert 'name="next" value="/programme/"' in client.get("/accounts/login/?next=/programme/").content.decode()
    assert sign_in(client, next="/programme/").url == "/programme/"


@pytest.mark.parametrize("asked", ["//evil.example", "https://evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_one_is_sent_to_no_other_site(client, jade, asked):
    assert sign_in(client, next=asked).url == "/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, jade):
    wrong = text_of(sign_in(client, password="something else"))
    unknown = text_of(sign_in(client, email="nobody@example.org"))
    assert "The email address or the password is not right" in wrong
    assert wrong == unknown


def test_what_is_left_out_is_asked_for(client):
    page = text_of(client.post("/accounts/login/", {}))
    assert "Enter your email address" in page
    assert "Enter your password, or ask for a code" in page
    assert "<title>Error: Sign in" in client.post("/accounts/login/", {}).content.decode()


@pytest.mark.parametrize("page", ["login/code", "password/reset"])
def test_a_code_without_an_address_asks_for_one(client, page):
    assert "Enter your email address" in text_of(client.post(f"/accounts/{page}/", {}))


def test_after_six_wrong_tries_the_right_password_waits_too(client, jade):
    for _ in range(6):
        sign_in(client, password="something else")
    assert "too many tries" in text_of(sign_in(client))


def test_a_closed_account_is_told(client, jade):
    Account.objects.update(is_active=False)
    login = {"login": "jade@example.org", "password": PASSWORD}
    assert "This account is closed" in text_of(client.post("/accounts/login/", login, follow=True))
    assert client.get("/").status_code == 302


def test_signing_in_links_a_person_who_came_later(client):
    accounts.open_account(email="later@example.org", password=PASSWORD)
    person = PersonFactory(email="later@example.org")
    sign_in(client, email="later@example.org")
    person.refresh_from_db()
    assert person.account.email == "later@example.org"


def test_an_address_that_nobody_has_confirmed_gets_nobodys_person(client):
    person = PersonFactory(email="unsure@example.org")
    client.force_login(AccountFactory(email="unsure@example.org"))
    client.post("/join/")
    person.refresh_from_db()
    assert person.account is None


# --- Code ------------------------------------------------------------------------------------------------------------


def test_a_code_signs_in_from_the_same_page(client, jade):
    PartnershipFactory(name="Children's Partnership")
    response = client.post("/accounts/login/", {"login": "Jade@example.org", "by_code": "yes", "next": "/programme/"})
    assert response.url == "/accounts/login/code/confirm/?next=%2Fprogramme%2F"
    assert mail.outbox[0].to == ["jade@example.org"]
    assert "Children's Partnership, training" in mail.outbox[0].body
    assert "jade@example.org" in text_of(client.get(response.url))
    assert client.post(response.url, {"code": code().lower(), "next": "/programme/"}).url == "/programme/"
    assert client.get("/").wsgi_request.person == jade


def test_a_password_that_the_browser_filled_in_does_not_hinder_a_code(client, jade):
    sign_in(client, password="filled in by the browser", by_code="yes")
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(("door", "field"), [("/accounts/login/", "login"), ("/accounts/login/code/", "email")])
def test_a_code_for_a_new_address_gets_the_same_page_and_lets_its_owner_join(client, jade, door, field):
    client.get("/accounts/login/")
    known = client.post(door, {field: "jade@example.org", "by_code": "yes"}, follow=True)
    client.logout()
    client.get("/accounts/login/")
    new = client.post(door, {field: "nobody@example.org", "by_code": "yes"}, follow=True)
    assert text_of(known).replace("jade@", "nobody@") == text_of(new)
    assert client.post("/accounts/login/code/confirm/", {"code": code()}, follow=True).redirect_chain[-1][0] == (
        "/join/?next=/"
    )


def test_a_code_is_over_after_three_wrong_tries(client, jade):
    confirm = client.post("/accounts/login/", {"login": "jade@example.org", "by_code": "yes"}).url
    for _ in range(2):
        assert "The code is not right" in text_of(client.post(confirm, {"code": "WRONG"}))
    response = client.post(confirm, {"code": "WRONG"}, follow=True)
    assert "too many tries" in text_of(response)
    client.post(confirm, {"code": code()})
    assert client.get("/").url.startswith("/accounts/login/")


def test_a_code_works_only_where_it_was_asked_for(client, jade):
    from django.test import Client

    client.post("/accounts/login/", {"login": "jade@example.org", "by_code": "yes"})
    elsewhere = Client()
    elsewhere.post("/accounts/login/", {"login": "nobody@example.org", "by_code": "yes"})
    elsewhere.post("/accounts/login/code/confirm/", {"code": re.search(r"^(\S+) is", mail.outbox[0].subject)[1]})
    assert elsewhere.get("/").url.startswith("/accounts/login/")


def test_a_new_code_can_be_asked_for(client, jade):
    confirm = client.post("/accounts/login/", {"login": "jade@example.org", "by_code": "yes"}).url
    assert "Send a new code" in text_of(client.get(confirm))
    client.post(confirm, {"action": "resend"})
    assert len(mail.outbox) == 2
    client.post(confirm, {"code": code()})
    assert client.get("/").wsgi_request.person == jade


@pytest.mark.parametrize(("ticked", "kept"), [({}, True), ({"remember": "on"}, False)])
@pytest.mark.parametrize("way", [{"password": PASSWORD}, {"by_code": "yes"}])
def test_a_sign_in_ends_with_the_browser_unless_asked_to_stay(client, jade, way, ticked, kept):
    response = client.post("/accounts/login/", {"login": "jade@example.org"} | way | ticked)
    if "by_code" in way:
        client.post(response.url, {"code": code()})
    assert client.get("/").status_code == 200
    assert client.session.get_expire_at_browser_close() is kept


def test_a_mail_server_that_is_down_is_told_and_is_no_fault(client, jade, monkeypatch, caplog):
    def down(*args, **kwargs):
        raise SMTPServerDisconnected

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", down)
    response = client.post("/accounts/login/", {"login": "jade@example.org", "by_code": "yes"}, follow=True)
    assert response.status_code == 200
    assert "We could not send the email just now." in text_of(response)
    response = client.post("/accounts/password/reset/", {"email": "jade@example.org"}, follow=True)
    assert "We could not send the email just now." in text_of(response)
    assert "jade@example.org" not in caplog.text


def test_mail_never_takes_its_addresses_from_the_request(client, jade, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.post("/accounts/login/", {"login": "nobody@example.org", "by_code": "yes"}, headers={"host": "evil.example"})
    assert "evil.example" not in mail.outbox[0].body


# --- A first sign-in -------------------------------------------------------------------------------------------------


def test_signing_up_confirms_the_address_and_finds_the_person(client):
    person = PersonFactory(email="new@example.org")
    response = client.post("/accounts/signup/", {"email": "New@Example.org", "password1": "three random words"})
    assert response.url == "/accounts/confirm-email/"
    person.refresh_from_db()
    assert person.account is None  # not before the address is shown to be theirs
    assert client.post(response.url, {"code": code()}).url == "/"
    assert client.get("/").wsgi_request.person == person


def test_signing_up_gives_no_role_and_takes_nothing_else(client):
    posted = {"email": "new@example.org", "password1": "three random words", "role": "coordinator", "is_staff": "on"}
    client.post("/accounts/signup/", posted)
    client.post("/accounts/confirm-email/", {"code": code()})
    assert Person.objects.count() == 0
    assert client.get("/").url == "/join/?next=/"


def test_signing_up_again_says_so_by_mail_only(client, jade):
    response = client.post("/accounts/signup/", {"email": "jade@example.org", "password1": "three random words"})
    assert response.url == "/accounts/confirm-email/"
    assert mail.outbox[0].subject == "You have a sign-in already"
    assert Account.objects.count() == 1


@pytest.mark.parametrize("password", ["short", "password123", "new@example.org"])
def test_a_password_that_is_easily_guessed_is_refused(client, password):
    client.post("/accounts/signup/", {"email": "new@example.org", "password1": password})
    assert Account.objects.count() == 0


# --- Keeping it ------------------------------------------------------------------------------------------------------


def test_a_forgotten_password_is_replaced_by_code(client, jade):
    response = client.post("/accounts/password/reset/", {"email": "jade@example.org"})
    assert response.url == "/accounts/password/reset/confirm/"
    response = client.post(response.url, {"code": code()})
    assert response.url == "/accounts/password/reset/complete/"
    response = client.post(response.url, {"password1": "a quite new password"})
    assert "Your password is changed" in text_of(client.get(response.url))
    assert sign_in(client, password="a quite new password").status_code == 302


def test_a_forgotten_password_of_nobody_gets_the_same_page(client):
    response = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert response.url == "/accounts/password/reset/confirm/"


def test_changing_the_password_asks_for_the_old_one(client, jade):
    sign_in(client)
    change = {"oldpassword": "something else", "password1": "a quite new password"}
    page = text_of(client.post("/accounts/password/change/", change))
    assert "The current password is not right" in page
    response = client.post("/accounts/password/change/", change | {"oldpassword": PASSWORD}, follow=True)
    assert "Your password is changed." in text_of(response)
    assert jade.account.__class__.objects.get().check_password("a quite new password")


def test_who_signs_in_by_code_may_choose_a_password(client):
    account = accounts.open_account(email="code@example.org")
    client.force_login(account)
    assert client.get("/accounts/password/change/").url == "/accounts/password/set/"
    client.post("/accounts/password/set/", {"password1": "three random words"})
    account.refresh_from_db()
    assert account.check_password("three random words")


def test_a_new_address_counts_when_its_code_is_typed(client, jade):
    sign_in(client)
    response = client.post("/accounts/email/", {"email": "jade.new@example.org", "action_add": ""})
    assert mail.outbox[0].to == ["jade.new@example.org"]
    jade.refresh_from_db()
    assert (jade.email, jade.account.email) == ("jade@example.org", "jade@example.org")
    client.post(response.url, {"code": code()})
    jade.account.refresh_from_db()
    jade.refresh_from_db()
    assert (jade.email, jade.account.email) == ("jade.new@example.org", "jade.new@example.org")
    assert EmailAddress.objects.get(user=jade.account).email == "jade.new@example.org"


def test_signing_out_takes_a_press_of_a_button(client, jade):
    sign_in(client)
    assert "Sign out" in text_of(client.get("/accounts/logout/"))
    assert client.get("/").status_code == 200
    assert "You are signed out." in text_of(client.post("/accounts/logout/", follow=True))
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    "address",
    ["/accounts/inactive/", "/accounts/login/code/", "/accounts/password/reset/", "/accounts/signup/"],
)
def test_every_page_for_visitors_is_in_our_layout_and_words(client, address):
    page = client.get(address).content.decode()
    assert "app-head" in page
    assert "govuk-heading-l" in page


def test_too_many_requests_have_a_page(client, jade, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client.get("/accounts/login/")
    sign_in(client)
    response = sign_in(client)
    assert response.status_code == 429
    assert "Too many tries" in text_of(response)

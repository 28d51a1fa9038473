from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from frontend.access import require
from people import roles
from people.models import Role
from tests.factories import PASSWORD, AccountFactory, AgencyFactory, PersonFactory
from tests.signing_in import enter

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.frontend.urls")]


@pytest.fixture(autouse=True)
def nobody_tried_before():
    cache.clear()  # allauth counts tries there


def test_a_visitor_is_sent_to_sign_in_and_back(client):
    response = client.get("/gallery/?page=2")
    assert response.status_code == 302
    assert response.url == "/accounts/login/?next=/gallery/%3Fpage%3D2"


def test_an_account_of_one_person_acts_as_that_person(client):
    person = PersonFactory(account=AccountFactory(), agency=AgencyFactory(name="West Midlands Police"))
    client.force_login(person.account)
    response = client.get("/gallery/")
    assert response.status_code == 200
    assert response.wsgi_request.person == person


def test_a_page_for_somebody_is_kept_by_no_cache(client):
    client.force_login(PersonFactory(account=AccountFactory()).account)
    assert client.get("/gallery/").headers["Cache-Control"] == "private, no-store"


def test_an_account_without_a_person_is_told_what_to_do(client):
    client.force_login(AccountFactory(email="nobody@example.org"))
    response = client.get("/gallery/", follow=True)
    assert response.redirect_chain == [("/join/?next=/gallery/", 302)]
    assert "nobody@example.org" in response.content.decode()


def test_of_several_who_share_a_mailbox_one_is_chosen_and_kept(client):
    account = AccountFactory()
    alice, bola = PersonFactory(account=account, name="Alice"), PersonFactory(account=account, name="Bola")
    client.force_login(account)
    response = client.get("/gallery/", follow=True)
    assert response.redirect_chain == [("/who-are-you/?next=/gallery/", 302)]
    assert "Alice, " in response.content.decode()

    response = client.post("/who-are-you/", {"person": bola.reference, "next": "/gallery/"}, follow=True)
    assert response.redirect_chain == [("/gallery/", 302)]
    assert response.wsgi_request.person == bola

    client.post("/who-are-you/", {"person": alice.reference})
    assert client.get("/gallery/").wsgi_request.person == alice


def test_nobody_chooses_a_person_of_another_account(client):
    account, stranger = AccountFactory(), PersonFactory(account=AccountFactory())
    PersonFactory(account=account)
    PersonFactory(account=account)
    client.force_login(account)
    response = client.post("/who-are-you/", {"person": stranger.reference})
    assert "Select your name" in response.content.decode()
    assert client.get("/gallery/").status_code == 302

    session = client.session
    session["person"] = stranger.reference
    session.save()
    assert client.get("/gallery/").status_code == 302


@pytest.mark.parametrize("asked", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"])
@pytest.mark.parametrize("door", ["/who-are-you/"])
def test_the_doors_lead_to_no_other_site(client, door, asked):
    client.force_login(PersonFactory(account=AccountFactory()).account)
    assert client.get(door, {"next": asked}).url == "/"


def test_who_has_left_is_let_in_no_more(client):
    person = PersonFactory(account=AccountFactory())
    client.force_login(person.account)
    assert client.get("/gallery/").status_code == 200
    person.left_on = timezone.localdate()
    person.save()
    assert client.get("/gallery/").status_code == 302


def test_a_closed_account_is_out_at_the_next_request(client):
    person = PersonFactory(account=AccountFactory())
    client.force_login(person.account)
    person.account.is_active = False
    person.account.save()
    assert client.get("/gallery/").url.startswith("/accounts/login/")


def test_a_role_counts_from_the_next_request_on_and_its_end_ends_what_was_signed_in(client):
    person = PersonFactory(account=AccountFactory(), roles=[Role.COORDINATOR])
    client.force_login(person.account)
    assert client.get("/gallery/").wsgi_request.person.roles == {Role.COORDINATOR}
    yesterday = timezone.localdate() - timedelta(days=1)
    person.roles_held.update(starts_on=yesterday, ends_on=yesterday)
    assert client.get("/gallery/").url.startswith("/accounts/login/")
    client.force_login(person.account.__class__.objects.get())
    assert client.get("/gallery/").wsgi_request.person.roles == set()


def test_roles_come_with_the_person(client, django_assert_num_queries):
    person = PersonFactory(account=AccountFactory(), roles=[Role.COORDINATOR, Role.AGENCY_LEAD])
    client.force_login(person.account)
    found = client.get("/gallery/").wsgi_request.person
    with django_assert_num_queries(0):
        assert found.roles == {Role.COORDINATOR, Role.AGENCY_LEAD}
        assert found.led_agencies == {person.agency_id}
        assert found.agency.name


def test_require_refuses_with_who_can():
    require(True, who="A coordinator")
    with pytest.raises(PermissionDenied, match="A coordinator"):
        require(False, who="A coordinator")


# --- Sessions end ----------------------------------------------------------------------------------------------------


@pytest.fixture
def person():
    return PersonFactory(account=AccountFactory(), roles=[Role.COORDINATOR])


@pytest.fixture
def two_devices(client, person):
    other = Client()
    for device in (client, other):
        enter(device, person.account)
        assert device.get("/gallery/").status_code == 200
    return client, other


def test_a_role_taken_ends_every_session_at_the_next_request(two_devices, person):
    roles.take(person=person, role=Role.COORDINATOR, by=None)
    assert [device.get("/gallery/").status_code for device in two_devices] == [302, 302]


def test_signing_out_everywhere_ends_every_session(two_devices):
    here, elsewhere = two_devices
    response = here.post("/sign-out-everywhere/", follow=True)
    assert "You are signed out here and everywhere else." in response.content.decode()
    assert elsewhere.get("/gallery/").url.startswith("/accounts/login/")


def test_who_changes_their_password_stays_signed_in_and_the_other_devices_do_not(two_devices):
    here, elsewhere = two_devices
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "a quite new password"})
    assert here.get("/gallery/").status_code == 200
    assert elsewhere.get("/gallery/").status_code == 302


# --- Asked again -----------------------------------------------------------------------------------------------------

LONG_AGO = 3600


def test_who_signed_in_just_now_is_not_asked_again(client, person):
    enter(client, person.account)
    assert client.get("/sensitive/").status_code == 200
    assert client.post("/sensitive/").status_code == 200


def test_who_signed_in_long_ago_is_asked_and_comes_back(client, person):
    enter(client, person.account, seconds_ago=LONG_AGO)
    asked = client.get("/sensitive/?page=2")
    assert asked.url == "/accounts/reauthenticate/?next=/sensitive/%3Fpage%3D2"
    response = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/sensitive/?page=2"})
    assert response.url == "/sensitive/?page=2"
    assert client.get(response.url).status_code == 200


def test_what_was_posted_is_said_to_be_unsaved_and_one_comes_back_to_its_form(client, person):
    enter(client, person.account, seconds_ago=LONG_AGO)
    referer = {"referer": "http://testserver/gallery/?page=3"}
    response = client.post("/sensitive/", {"name": "Jade"}, headers=referer, follow=True)
    page = response.content.decode()
    assert "Nothing is saved yet. Show that it is you, and then do it again." in page
    assert 'name="next" value="http://testserver/gallery/?page=3"' in page
    response = client.post("/sensitive/", {"name": "Jade"}, headers={"referer": "https://evil.example/"})
    assert response.url == "/accounts/reauthenticate/?next=/sensitive/"


def test_who_signs_in_by_codes_is_asked_to_sign_in_anew(client, person):
    person.account.set_unusable_password()
    person.account.save()
    enter(client, person.account, seconds_ago=LONG_AGO)
    response = client.get("/sensitive/", follow=True)
    assert "Sign out, and in again by code." in response.content.decode()
    assert client.get("/gallery/").status_code == 200  # nothing happens by looking
    response = client.post("/accounts/logout/", {"next": response.context["redirect_field_value"]})
    assert response.url == "/accounts/login/?next=/sensitive/"


@pytest.mark.parametrize("has_password", [True, False])
def test_changing_the_address_asks_again(client, person, has_password):
    if not has_password:
        person.account.set_unusable_password()
        person.account.save()
    enter(client, person.account, seconds_ago=LONG_AGO)
    door = "reauthenticate" if has_password else "logout"
    response = client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    assert response.url.startswith(f"/accounts/{door}/?next=/")
    enter(client, person.account)
    response = client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    assert response.url == "/accounts/confirm-email/"

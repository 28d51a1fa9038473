from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from frontend.access import require
from people.models import Role
from tests.factories import AccountFactory, AgencyFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.frontend.urls")]


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
    assert response.redirect_chain == [("/not-known/?next=/gallery/", 302)]
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
@pytest.mark.parametrize("door", ["/who-are-you/", "/not-known/"])
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


def test_a_role_counts_from_the_next_request_on_and_ends_so(client):
    person = PersonFactory(account=AccountFactory(), roles=[Role.COORDINATOR])
    client.force_login(person.account)
    assert client.get("/gallery/").wsgi_request.person.roles == {Role.COORDINATOR}
    yesterday = timezone.localdate() - timedelta(days=1)
    person.roles_held.update(starts_on=yesterday, ends_on=yesterday)
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

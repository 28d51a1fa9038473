"""Joining page by page: by a code alone, by an invitation, or by a coordinator's decision; and what nobody may do."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from outbox.models import Message
from people import joining
from people.models import Account, AgencyDomain, Joining, Person, Role
from tests.factories import (
    AccountFactory,
    AgencyFactory,
    PartnershipFactory,
    PersonFactory,
    StaffGroupFactory,
)
from tests.frontend.joining import said, show_address, text_of, verified
from tests.joining_factories import AgencyDomainFactory, InvitationFactory, JoiningFactory
from tests.signing_in import enter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_tried_before():
    cache.clear()  # allauth counts tries there
    PartnershipFactory()


# --- By one's address ------------------------------------------------------------------------------------------------


def test_who_has_an_address_of_an_agencys_own_is_in_three_pages_after_the_sign_in_page(client, council):
    group = StaffGroupFactory(name="Midwife")
    response = show_address(client, "Nadia@Anytown.gov.uk", "/programme/")
    assert response.redirect_chain[-1] == ("/join/?next=/programme/", 302)
    page = response.content.decode()
    assert f'<option value="{council.reference}" selected' in page
    assert "nadia@anytown.gov.uk is new here" in text_of(response)
    response = client.post("/join/", said(council, staff_group=group.pk, next="/programme/"), follow=True)
    assert response.redirect_chain == [("/programme/", 302)]
    assert "You are in, Nadia New: you book for Anytown Council." in text_of(response)
    person = Person.objects.get()
    assert (person.name, person.email, person.agency, person.staff_group) == (
        "Nadia New",
        "nadia@anytown.gov.uk",
        council,
        group,
    )
    assert response.wsgi_request.person == person
    assert Message.objects.get().template == "joined"


def test_a_domain_of_several_proposes_them_first_and_decides_nothing(client):
    agencies = [AgencyFactory(name=name) for name in ("Ward A", "Ward B")]
    for agency in agencies:
        AgencyDomainFactory(agency=agency, domain="trust.example")
    AgencyFactory(name="Another")
    page = show_address(client, "nadia@trust.example").content.decode()
    assert "Those at the top of the list are proposed by your address, at trust.example" in page
    choices = page.partition('name="agency"')[2].partition("</select>")[0]
    assert "".join(re.findall(r">([^<]+)</option>", choices)) == "".join(
        ["Choose your agency", "Ward A", "Ward B", "It is not in this list", "Another"]
    )
    assert " selected" not in choices.replace('value="" selected', "")
    response = client.post("/join/", said(agencies[0]), follow=True)
    assert "You have asked to join" in text_of(response)
    assert not Person.objects.exists()


@pytest.mark.parametrize("domain", ["nhs.net", "gmail.com"])
def test_an_address_that_anybody_may_have_decides_nothing_even_where_one_agency_has_it(client, domain):
    agency = AgencyDomainFactory(domain=domain).agency
    show_address(client, f"nadia@{domain}")
    client.post("/join/", said(agency))
    assert not Person.objects.exists()
    assert Joining.objects.get().agency == agency


def test_another_agency_than_the_addresss_own_waits_for_a_coordinator(client, council):
    show_address(client, "nadia@anytown.gov.uk")
    response = client.post("/join/", said(AgencyFactory(name="Hospital")), follow=True)
    assert "Your address does not tell us by itself that you work there" in text_of(response)
    assert client.get("/programme/").url.startswith("/join/")  # nothing is shown, nothing can be booked
    assert Message.objects.get().template == "joining_received"


def test_an_agency_that_is_not_in_the_list_is_named(client):
    show_address(client, "nadia@nursery.example")
    assert "Enter the name of your agency" in text_of(client.post("/join/", said("other")))
    response = client.post("/join/", said("other", agency_name="Little Nursery"), follow=True)
    assert "Little Nursery" in text_of(response)


def test_what_is_left_out_is_asked_for(client, council):
    show_address(client, "nadia@elsewhere.example")
    page = text_of(client.post("/join/", {}))
    assert "Enter your full name" in page
    assert "Select your agency" in page
    assert not Joining.objects.exists()


def test_role_and_staff_and_person_that_are_posted_are_ignored(client, council):
    other = PersonFactory(roles=[Role.COORDINATOR])
    show_address(client, "nadia@anytown.gov.uk")
    more = {"role": "coordinator", "roles": "coordinator", "is_staff": "on", "person": other.reference, "account": "1"}
    client.post("/join/", said(council, email=other.email, reference=other.reference, **more))
    person = Person.objects.get(name="Nadia New")
    assert (person.roles, person.email, person.line_manager) == (frozenset(), "nadia@anytown.gov.uk", None)
    assert other.roles == {"coordinator"}


def test_who_has_not_shown_the_address_to_be_theirs_joins_nothing(client, council):
    client.force_login(AccountFactory(email="nadia@anytown.gov.uk"))
    assert client.post("/join/", said(council)).status_code == 403
    assert not Person.objects.exists()


def test_somebody_who_was_added_meanwhile_is_found(client, council):
    show_address(client, "nadia@anytown.gov.uk")
    person = PersonFactory(email="nadia@anytown.gov.uk", name="Nadia Naidoo")
    assert client.post("/join/", {"next": "/programme/"}).url == "/programme/"
    assert client.get("/programme/").wsgi_request.person == person


def test_staff_join_nothing_at_their_address(client, sign_in):
    sign_in(Role.COORDINATOR)
    assert client.get("/join/").status_code == 403


def test_the_page_takes_as_many_statements_for_many_agencies(client, council, django_assert_num_queries):
    client.force_login(verified("nadia@anytown.gov.uk"))
    with django_assert_num_queries(7):
        client.get("/join/")
    AgencyFactory.create_batch(50)
    StaffGroupFactory.create_batch(20)
    with django_assert_num_queries(7):
        client.get("/join/")


# --- A code for whoever asks -----------------------------------------------------------------------------------------


def test_known_and_new_addresses_get_the_same_page_and_the_same_mail(client):
    PersonFactory(email="jade@example.org", account=verified("jade@example.org"))
    shown = []
    for email in ("jade@example.org", "nobody@example.org"):
        browser = Client()
        browser.get("/accounts/login/")
        response = browser.post("/accounts/login/", {"login": email, "by_code": "yes"}, follow=True)
        shown.append(text_of(response).replace(email, ""))
    assert shown[0] == shown[1]
    assert {re.sub(r"^\S+", "", one.subject) for one in mail.outbox} == {" is your code to sign in"}


def test_a_password_chosen_by_whoever_could_not_show_the_address_is_gone_when_its_owner_comes(client, council):
    thief = Client()
    thief.post("/accounts/signup/", {"email": "nadia@anytown.gov.uk", "password1": "three random words"})
    show_address(client, "nadia@anytown.gov.uk")
    client.post("/join/", said(council))
    assert client.get("/").status_code == 200
    thief = Client()
    thief.post("/accounts/login/", {"login": "nadia@anytown.gov.uk", "password": "three random words"})
    assert thief.get("/").status_code == 302


def test_a_code_for_a_closed_account_lets_nobody_in(client):
    AccountFactory(email="closed@example.org", is_active=False)
    client.post("/accounts/login/", {"login": "closed@example.org", "by_code": "yes"})
    assert mail.outbox[-1].subject == "No sign-in with this address yet"
    assert Account.objects.count() == 1


# --- A shared mailbox ------------------------------------------------------------------------------------------------


def test_a_colleague_at_the_same_address_joins_under_their_own_name(client, council):
    account = verified("ward@anytown.gov.uk", name="Alice Ward", agency=council)
    enter(client, account)
    page = text_of(client.get("/join/"))
    assert "ward@anytown.gov.uk is the address of Alice Ward" in page
    client.post("/join/", said(council) | {"name": "ALICE  WARD"})
    assert Person.objects.count() == 1
    client.post("/join/", said(council) | {"name": "Bola Ade"})
    assert client.get("/").wsgi_request.person.name == "Bola Ade"
    assert list(account.persons.order_by("name").values_list("name", flat=True)) == ["Alice Ward", "Bola Ade"]


def test_of_who_shares_a_mailbox_nothing_is_shown_before_the_code(client):
    for name in ("Alice Ward", "Bola Ade"):
        PersonFactory(name=name, email="ward@example.org")
    before = text_of(client.post("/accounts/login/", {"login": "ward@example.org", "by_code": "yes"}, follow=True))
    before += mail.outbox[-1].body
    assert "Alice" not in before
    assert "Bola" not in before
    after = show_address(client, "ward@example.org")
    assert after.redirect_chain[-1] == ("/who-are-you/?next=/", 302)
    assert "Alice Ward" in text_of(after)
    assert "Join under your own name" in text_of(after)


# --- A coordinator decides -------------------------------------------------------------------------------------------


def test_a_coordinator_lets_in_who_waits_with_what_is_put_right(client, sign_in):
    agency = AgencyFactory(name="Little Nursery")
    asked = JoiningFactory(name="nadia new", agency=None, agency_name="the nursery", wanted="/programme/")
    sign_in(Role.COORDINATOR)
    assert "Let nadia new in" in text_of(client.get("/"))
    assert "the nursery Not in the list" in text_of(client.get("/join/requests/?state=waiting"))
    page = f"/join/requests/{asked.reference}/"
    assert "the nursery (not in the list)" in text_of(client.get(page))
    response = client.post(page, {"name": "Nadia New", "agency": agency.pk}, follow=True)
    assert "Nadia New is in, and is told by email." in text_of(response)
    person = Person.objects.get(name="Nadia New")
    assert (person.account, person.agency, person.email) == (asked.account, agency, asked.account.email)
    assert Message.objects.get(template="joined").to == asked.account.email
    assert "joined on" in text_of(client.get(page))
    assert "Nadia New" in text_of(client.get("/join/requests/?state=decided"))


def test_a_coordinator_declines_and_says_why_and_they_may_ask_again(client, sign_in):
    asked = JoiningFactory(account=verified("nadia@example.org"))
    sign_in(Role.COORDINATOR)
    page = f"/join/requests/{asked.reference}/"
    assert "Enter why they cannot join" in text_of(client.post(page, {"reason": ""}))
    client.post(page, {"reason": "We only train people of our county."})
    assert "Somebody has decided" in text_of(client.post(page, {"name": "N N", "agency": asked.agency.pk}))
    assert not Person.objects.filter(account=asked.account).exists()
    assert Message.objects.get(template="joining_declined").to == "nadia@example.org"
    newcomer = Client()
    newcomer.force_login(asked.account)
    response = newcomer.get("/join/")
    assert "We only train people of our county." in text_of(response)
    newcomer.post("/join/", said(asked.agency))
    assert Joining.objects.waiting().get().account == asked.account


def test_who_may_be_the_same_person_is_shown(client, sign_in):
    known = PersonFactory(name="Nadia New", email="", agency__name="Hospital")
    asked = JoiningFactory(name="NADIA NEW")
    sign_in(Role.COORDINATOR)
    assert f"{known.name} , Hospital, no address" in text_of(client.get(f"/join/requests/{asked.reference}/"))


def test_the_lists_take_as_many_statements_for_many_rows(client, sign_in, django_assert_num_queries):
    sign_in(Role.COORDINATOR)
    JoiningFactory()
    InvitationFactory()
    for _ in range(2):
        for page, statements in (("/join/requests/", 5), ("/join/invitations/", 5)):
            with django_assert_num_queries(statements):
                client.get(page)
        JoiningFactory.create_batch(49)
        InvitationFactory.create_batch(49)


def test_deciding_takes_eight_statements(client, sign_in, django_assert_num_queries):
    asked = JoiningFactory(name="Nadia New")
    sign_in(Role.COORDINATOR)
    for _ in range(2):
        with django_assert_num_queries(8):
            client.get(f"/join/requests/{asked.reference}/")
        PersonFactory.create_batch(10, name="Nadia New")


def test_deciding_asks_again_who_it_is(client, sign_in):
    person = sign_in(Role.COORDINATOR)
    enter(client, person.account, seconds_ago=3600)
    asked = JoiningFactory()
    response = client.post(f"/join/requests/{asked.reference}/", {"name": "Nadia", "agency": asked.agency.pk})
    assert response.url.startswith("/accounts/reauthenticate/")
    assert Joining.objects.waiting().exists()


# --- What an agency's addresses end in -------------------------------------------------------------------------------


def test_a_coordinator_says_what_an_agencys_addresses_end_in(client, sign_in):
    agency = AgencyFactory()
    sign_in(Role.COORDINATOR)
    page = f"/agencies/{agency.reference}/domains/add/"
    assert "like anytown.gov.uk" in text_of(client.post(page, {"domain": "not a domain"}))
    client.post(page, {"domain": "@Anytown.gov.uk"})
    client.post(page, {"domain": "someone@nhs.net"})
    shown = text_of(client.get(f"/agencies/{agency.reference}/"))
    assert "@anytown.gov.uk" in shown
    assert "@nhs.net Shared: proposes only" in shown
    row = AgencyDomain.objects.get(domain="nhs.net")
    client.post(f"/agencies/{agency.reference}/domains/{row.pk}/remove/")
    assert list(agency.domains.values_list("domain", flat=True)) == ["anytown.gov.uk"]


def test_a_flood_of_requests_is_refused(client, council):
    account = verified("nadia@elsewhere.example")
    client.force_login(account)
    for _ in range(joining.MOST_A_DAY):
        JoiningFactory(account=account, decided_at=timezone.now(), decided_by=PersonFactory(), reason="No")
    assert "more than anybody needs" in text_of(client.post("/join/", said(council)))

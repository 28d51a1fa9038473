"""Invitations page by page: made, used by whom they are for and by nobody else, sent again and withdrawn."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from outbox.models import Message
from people import invitations
from people.models import Invitation, Person, Role
from tests.factories import AgencyFactory, PartnershipFactory, PersonFactory, StaffGroupFactory
from tests.frontend.joining import code, said, show_address, text_of, verified
from tests.joining_factories import InvitationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_tried_before():
    cache.clear()  # allauth counts tries there
    PartnershipFactory()


@pytest.fixture
def lead(sign_in):
    return sign_in(Role.AGENCY_LEAD, name="Tariq Mahmood")


def test_an_agency_lead_invites_and_who_is_invited_is_in_whatever_their_address(client, lead):
    group = StaffGroupFactory(name="Midwife")
    response = client.post(
        "/join/invitations/invite/",
        {"name": "Nadia New", "email": "Nadia@gmail.com", "agency": lead.agency.pk, "staff_group": group.pk},
        follow=True,
    )
    assert "Nadia New is invited by email" in text_of(response)
    invitation = Invitation.objects.get()
    message = Message.objects.get()
    assert (message.template, message.to) == ("invited", "nadia@gmail.com")

    newcomer = Client()
    link = f"/join/invited/{invitations.token(invitation)}/"
    page = text_of(newcomer.get(link))
    assert "Nadia" not in page
    assert "nadia@gmail.com" not in page
    confirm = newcomer.post(link).url
    response = newcomer.post(confirm, {"code": code(), "next": confirm.partition("next=")[2]}, follow=True)
    newcomer.get(f"/join/?invitation={invitation.reference}")
    elsewhere = AgencyFactory()
    posted = said(elsewhere, invitation=invitation.reference, staff_group=group.pk)
    newcomer.post("/join/", posted)
    person = Person.objects.get(name="Nadia New")
    assert (person.agency, person.staff_group) == (lead.agency, group)  # the agency that was posted is not theirs
    invitation.refresh_from_db()
    assert invitation.person == person
    assert Client().get(link).status_code == 404  # used
    assert "See Nadia New" in text_of(client.get("/join/invitations/"))


def test_an_invitation_shows_nothing_to_another_address_and_does_nothing(client):
    invitation = InvitationFactory(name="Nadia New", agency__name="Hospital")
    client.force_login(verified("other@example.org"))
    link = f"/join/invited/{invitations.token(invitation)}/"
    for response in (client.get(link), client.post(link)):
        assert response.status_code == 404
        assert "Hospital" not in text_of(response)
        assert "Nadia" not in text_of(response)
    page = text_of(client.get(f"/join/?invitation={invitation.reference}"))
    assert "Nadia" not in page
    assert "Select your agency" in text_of(client.post("/join/", {"name": "X Y", "invitation": invitation.reference}))
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


@pytest.mark.parametrize("how", ["ended", "withdrawn", "altered", "another signature"])
def test_a_link_that_is_over_or_made_up_leads_nowhere(client, how):
    invitation = InvitationFactory(ended=how == "ended")
    token = invitations.token(invitation)
    if how == "withdrawn":
        invitations.withdraw(invitation=invitation, by=invitation.invited_by)
    token = {"altered": token[:-1], "another signature": "X" + token}.get(how, token)
    assert client.get(f"/join/invited/{token}/").status_code == 404
    assert client.post(f"/join/invited/{token}/").status_code == 404
    assert mail.outbox == []


def test_who_signs_in_without_the_link_finds_the_invitation_and_may_refuse_it(client, council):
    InvitationFactory(email="nadia@anytown.gov.uk", name="Nadia New", agency__name="Hospital")
    page = text_of(show_address(client, "nadia@anytown.gov.uk"))
    assert "invited you to join for Hospital" in page
    assert "Select your agency" not in page
    client.get("/join/?invitation=none")
    client.post("/join/", said(council, invitation="none"))
    assert Person.objects.get(name="Nadia New").agency == council


def test_an_agency_lead_invites_to_their_own_agency_only(client, lead):
    posted = {"name": "Nadia New", "email": "nadia@example.org", "agency": AgencyFactory().pk}
    assert "Select" in text_of(client.post("/join/invitations/invite/", posted))
    InvitationFactory(name="Somebody Else's")
    assert "Somebody Else" not in text_of(client.get("/join/invitations/"))
    assert Invitation.objects.count() == 1


def test_inviting_tells_the_same_of_who_is_known_elsewhere(client, lead):
    PersonFactory(name="Nadia New", email="nadia@example.org")
    for email in ("nadia@example.org", "nobody@example.org"):
        posted = {"name": "Nadia New", "email": email, "agency": lead.agency.pk}
        assert "is invited by email" in text_of(client.post("/join/invitations/invite/", posted, follow=True))


def test_an_invitation_is_sent_again_and_withdrawn(client, lead):
    invitation = InvitationFactory(agency=lead.agency, invited_by=lead, ended=True)
    assert "Over" in text_of(client.get("/join/invitations/"))
    client.post(f"/join/invitations/{invitation.reference}/send-again/")
    invitation.refresh_from_db()
    assert invitation.is_open(timezone.now())
    assert Message.objects.get().key == f"invited:{invitation.reference}:2"
    response = client.post(f"/join/invitations/{invitation.reference}/withdraw/", follow=True)
    assert "is withdrawn" in text_of(response)
    response = client.post(f"/join/invitations/{invitation.reference}/send-again/", follow=True)
    assert "is withdrawn already" in text_of(response)


def test_who_waits_for_a_coordinator_may_use_an_invitation(client):
    show_address(client, "nadia@gmail.com")
    client.post("/join/", said(AgencyFactory()))
    assert "You have asked to join" in text_of(client.get("/join/"))
    invitation = InvitationFactory(email="nadia@gmail.com", agency__name="Hospital")
    assert "invited you to join for Hospital" in text_of(client.get("/join/"))
    client.post("/join/", said(invitation=invitation.reference))
    assert Person.objects.get(name="Nadia New").agency == invitation.agency

import pytest

from outbox import templates
from outbox.models import Message
from people import domains, invitations, joining, refusals
from people.models import Invitation, Joining, Person, Role
from tests.factories import AccountFactory, AgencyFactory, PartnershipFactory, PersonFactory
from tests.joining_factories import AgencyDomainFactory, InvitationFactory, JoiningFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    return AgencyDomainFactory(agency__name="Anytown Council", domain="anytown.gov.uk").agency


def join(agency, email="nadia@anytown.gov.uk", account=None, **more):
    account = account or AccountFactory(email=email)
    return joining.join(account=account, agency=agency, **{"name": "Nadia New"} | more)


# --- What decides ----------------------------------------------------------------------------------------------------


def test_a_domain_decides_where_one_agency_has_it_and_is_not_one_that_anybody_may_have(council):
    assert domains.decides("Nadia@ANYTOWN.gov.uk", council)
    assert not domains.decides("nadia@anytown.gov.uk", AgencyFactory())
    assert not domains.decides("nadia@sub.anytown.gov.uk", council)
    assert not domains.decides("nadia@elsewhere.example", council)
    AgencyDomainFactory(domain="anytown.gov.uk")
    assert not domains.decides("nadia@anytown.gov.uk", council)
    assert not domains.decides("nadia@nhs.net", AgencyDomainFactory(domain="nhs.net").agency)


@pytest.mark.parametrize("name", ["Nadia Former", "Nadia New"])
def test_who_has_left_does_not_let_themselves_in_again_under_whatever_name(council, name):
    PersonFactory(name="Nadia Former", email="nadia@anytown.gov.uk", agency=council, left_on="2026-01-31")
    assert join(council, name=name).is_waiting


def test_who_is_known_by_this_name_and_address_under_another_account_waits(council):
    PersonFactory(name="Nadia New", email="nadia@anytown.gov.uk", account=AccountFactory())
    asked = join(council)
    assert asked.is_waiting
    with pytest.raises(refusals.KnownAlready, match="Change that first"):
        joining.accept(joining=asked, name="Nadia New", agency=council, staff_group=None, by=PersonFactory())


def test_an_invitation_lets_in_whatever_the_address_and_is_answered():
    invitation = InvitationFactory(email="nadia@gmail.com")
    asked = join(None, "nadia@gmail.com", invitation=invitation)
    invitation.refresh_from_db()
    assert (asked.person.agency, invitation.person) == (invitation.agency, asked.person)
    with pytest.raises(refusals.DecidedAlready):
        join(None, account=asked.account, invitation=invitation, name="Somebody Else")


def test_an_invitation_lets_in_who_waits_already():
    asked = join(AgencyFactory(), "nadia@gmail.com", wanted="/programme/")
    invitation = InvitationFactory(email="nadia@gmail.com")
    again = join(None, account=asked.account, invitation=invitation)
    assert (again.pk, again.person.agency, again.wanted) == (asked.pk, invitation.agency, "/programme/")
    assert Joining.objects.count() == 1


@pytest.mark.parametrize("how", ["another address", "over", "withdrawn"])
def test_an_invitation_that_is_not_open_for_the_address_lets_nobody_in(how):
    invitation = InvitationFactory(email="nadia@gmail.com", ended=how == "over")
    if how == "withdrawn":
        invitations.withdraw(invitation=invitation, by=invitation.invited_by)
    with pytest.raises(refusals.DecidedAlready):
        join(None, "x@gmail.com" if how == "another address" else "nadia@gmail.com", invitation=invitation)
    assert not Joining.objects.exists()


def test_who_is_let_in_otherwise_has_answered_the_invitation_of_the_same_agency_and_name(council):
    same = InvitationFactory(agency=council, email="nadia@anytown.gov.uk", name="NADIA NEW")
    other = InvitationFactory(agency=council, email="nadia@anytown.gov.uk", name="Bola Ade")
    join(council)
    assert list(Invitation.objects.unanswered()) == [other]
    same.refresh_from_db()
    assert same.person.name == "Nadia New"


# --- Joining ---------------------------------------------------------------------------------------------------------


def test_nobody_joins_twice_nor_without_a_name_nor_beside_staff(council):
    account = join(council).account
    with pytest.raises(refusals.KnownAlready):
        join(council, account=account, name=" nadia  NEW ")
    with pytest.raises(refusals.NotAName):
        join(council, account=account, name="--")
    waiting = join(AgencyFactory(), "other@elsewhere.example").account
    with pytest.raises(refusals.ThereAlready):
        join(council, account=waiting, name="Somebody Else")
    coordinator = PersonFactory(account=AccountFactory(), roles=[Role.COORDINATOR])
    with pytest.raises(refusals.AddressIsShared):
        join(coordinator.agency, account=coordinator.account)


def test_a_staff_member_whose_account_is_not_theirs_yet_is_no_way_in(council):
    coordinator = PersonFactory(name="Nadia New", email="team@anytown.gov.uk", agency=council, roles=[Role.COORDINATOR])
    account = AccountFactory(email="team@anytown.gov.uk")
    PersonFactory(email="team@anytown.gov.uk", account=account, agency=council)
    asked = join(council, account=account)
    assert asked.is_waiting
    with pytest.raises(refusals.AddressIsShared):
        joining.accept(joining=asked, name="Nadia New", agency=council, staff_group=None, by=PersonFactory())
    coordinator.refresh_from_db()
    assert coordinator.account is None


def test_the_line_manager_is_the_one_colleague_at_that_address(council):
    manager = PersonFactory(email="helen@anytown.gov.uk", agency=council)
    PersonFactory(email="elsewhere@example.org")
    assert join(council, line_manager_email="Helen@Anytown.gov.uk").person.line_manager == manager
    assert join(council, "b@anytown.gov.uk", line_manager_email="elsewhere@example.org").person.line_manager is None
    PersonFactory(email="helen@anytown.gov.uk", agency=council)
    assert join(council, "c@anytown.gov.uk", line_manager_email="helen@anytown.gov.uk").person.line_manager is None


def test_a_line_manager_who_is_recorded_stays(council):
    asked = JoiningFactory(name="Nadia New", agency=council, line_manager_email="helen@anytown.gov.uk")
    PersonFactory(email="helen@anytown.gov.uk", agency=council)
    manager = PersonFactory(agency=council)
    known = PersonFactory(name="Nadia New", email=asked.account.email, agency=council, line_manager=manager)
    joining.accept(joining=asked, name="Nadia New", agency=council, staff_group=None, by=PersonFactory())
    known.refresh_from_db()
    assert known.line_manager == manager


def test_a_line_manager_who_joins_later_is_theirs(council):
    early = join(council, line_manager_email="helen@anytown.gov.uk").person
    manager = join(council, "helen@anytown.gov.uk", name="Helen Okafor").person
    early.refresh_from_db()
    assert early.line_manager == manager


# --- Deciding --------------------------------------------------------------------------------------------------------


def test_who_a_coordinator_recorded_meanwhile_is_who_is_let_in(council):
    asked = JoiningFactory(name="Nadia New", agency=council)
    known = PersonFactory(name="NADIA NEW", email=asked.account.email, agency=council)
    joining.accept(joining=asked, name="Nadia New", agency=council, staff_group=None, by=PersonFactory())
    known.refresh_from_db()
    assert (known.account, Person.objects.filter(agency=council).count()) == (asked.account, 1)


def test_who_has_left_is_let_in_after_that_is_undone(council):
    asked = JoiningFactory(name="Nadia New", agency=council)
    PersonFactory(name="Nadia New", email=asked.account.email, agency=council, left_on="2026-01-31")
    with pytest.raises(refusals.KnownAlready, match="recorded as having left"):
        joining.accept(joining=asked, name="Nadia New", agency=council, staff_group=None, by=PersonFactory())


def test_one_decision_counts():
    asked, by = JoiningFactory(), PersonFactory()
    joining.decline(joining=asked, reason="No", by=by)
    with pytest.raises(refusals.DecidedAlready):
        joining.accept(joining=asked, name="Nadia", agency=asked.agency, staff_group=None, by=by)
    with pytest.raises(refusals.DecidedAlready):
        joining.decline(joining=asked, reason="No", by=by)


# --- Inviting --------------------------------------------------------------------------------------------------------


def invite(by, **more):
    facts = {"name": "Nadia New", "email": "Nadia@example.org", "agency": by.agency}
    return invitations.invite(by=by, **facts | more)


def test_who_is_in_the_list_or_invited_already_is_not_invited():
    lead = PersonFactory()
    PersonFactory(name="Nadia New", email="nadia@example.org", agency=lead.agency)
    with pytest.raises(refusals.KnownAlready):
        invite(lead)
    with pytest.raises(refusals.NotAName):
        invite(lead, name="?")
    invite(lead, email="other@example.org")
    with pytest.raises(refusals.ThereAlready):
        invite(lead, email="OTHER@example.org")


def test_an_invitation_is_not_sent_without_end(monkeypatch):
    invitation = InvitationFactory(sent=invitations.MOST_SENT)
    with pytest.raises(refusals.TooOften):
        invitations.send_again(invitation=invitation, by=invitation.invited_by)
    monkeypatch.setattr(invitations, "MOST_A_DAY", 5)
    with pytest.raises(refusals.TooOften):
        invite(invitation.invited_by)


# --- What is written -------------------------------------------------------------------------------------------------


def test_the_messages_name_the_person_and_what_comes_next(council):
    PartnershipFactory(training_email="training@anytown.example")
    joined = join(council, wanted="/programme/")
    waits = join(AgencyFactory(name="Hospital"), "b@elsewhere.example")
    texts = {one.template: templates.make(one.template, one.reference).body for one in Message.objects.all()}
    assert "http://localhost:8000/programme/" in texts["joined"]
    assert "for Hospital" in texts["joining_received"]
    joining.decline(joining=waits, reason="We only train people of our county.", by=joined.person)
    texts["joining_declined"] = templates.make("joining_declined", waits.reference).body
    assert "We only train people of our county." in texts["joining_declined"]
    assert all("Dear Nadia New," in text for text in texts.values())
    with pytest.raises(templates.NoLongerNeeded):
        templates.make("joining_received", waits.reference)


def test_an_invitation_on_its_way_is_dropped_when_it_is_withdrawn():
    invitation = InvitationFactory()
    text = templates.make("invited", invitation.reference).body
    assert f"/join/invited/{invitations.token(invitation)}/" in text
    invitations.withdraw(invitation=invitation, by=invitation.invited_by)
    with pytest.raises(templates.NoLongerNeeded):
        templates.make("invited", invitation.reference)

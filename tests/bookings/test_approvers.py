"""Who is asked to approve, whom that reaches, and who may decide."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings import approvers, permissions, refusals
from bookings.approvers import Approver, Recipient
from bookings.models import Approval
from tests.bookings.factories import ApprovalFactory, DeputyFactory, staff
from tests.factories import AgencyFactory, PersonFactory
from tests.joining_factories import AgencyDomainFactory

pytestmark = pytest.mark.django_db
UNKNOWN = "do not know this address"


@pytest.fixture
def delegate():
    return staff(email="jade@anytown.example")


@pytest.fixture
def manager(delegate):
    return delegate.line_manager


def find(delegate, email, name=""):
    return approvers.find(delegate=delegate, email=email, name=name)


def reached(approval):
    return {(one.email, one.reference) for one in approvers.recipients(approval)}


# --- who is asked ---------------------------------------------------------------------------------------------------
def test_the_line_manager_is_asked(delegate, manager):
    assert approvers.usual(delegate) == Approver(person=manager)


@pytest.mark.parametrize("facts", [{"left_on": "2026-01-01"}, {"email": ""}, {"email": "jade@anytown.example"}])
def test_but_not_one_who_has_left_or_whose_mail_somebody_else_reads(delegate, manager, facts):
    type(manager).objects.filter(pk=manager.pk).update(**facts)
    manager.refresh_from_db()
    assert approvers.usual(delegate) == Approver()


def test_nobody_by_name_for_who_has_no_line_manager():
    assert approvers.usual(PersonFactory()) == Approver()


def test_a_colleague_is_found_by_their_exact_address(delegate):
    colleague = PersonFactory(agency=delegate.agency, email="ann@anytown.example")
    assert find(delegate, " Ann@Anytown.example ") == Approver(person=colleague)


def test_of_several_at_one_address_the_name_says_who(delegate):
    ann, _ = (PersonFactory(agency=delegate.agency, email="ward@x.example", name=name) for name in ("Ann Lee", "Bo"))
    with pytest.raises(refusals.NobodyToAsk, match="Several people share"):
        find(delegate, "ward@x.example")
    assert find(delegate, "ward@x.example", "ann  LEE") == Approver(person=ann)


def test_an_unknown_address_is_asked_where_it_is_of_the_agency(delegate):
    AgencyDomainFactory(agency=delegate.agency, domain="anytown.example")
    assert find(delegate, "new@anytown.example") == Approver(email="new@anytown.example")


def test_else_not(delegate):
    AgencyDomainFactory(domain="elsewhere.example")
    with pytest.raises(refusals.NobodyToAsk, match=UNKNOWN):
        find(delegate, "new@elsewhere.example")


def test_nor_where_anybody_has_such_an_address(delegate):
    AgencyDomainFactory(agency=delegate.agency, domain="gmail.com")
    with pytest.raises(refusals.NobodyToAsk, match=UNKNOWN):
        find(delegate, "jade.private@gmail.com")


def test_nor_who_has_left(delegate):
    AgencyDomainFactory(agency=delegate.agency, domain="anytown.example")
    PersonFactory(agency=delegate.agency, email="old@anytown.example", left_on=timezone.localdate())
    with pytest.raises(refusals.NobodyToAsk, match=UNKNOWN):
        find(delegate, "old@anytown.example")


def test_nobody_approves_from_their_own_mailbox(delegate):
    with pytest.raises(refusals.NobodyToAsk, match="your own address"):
        find(delegate, "JADE@anytown.example")


# --- whom it reaches ------------------------------------------------------------------------------------------------
def test_who_was_asked_and_their_deputy(delegate, manager):
    deputy = DeputyFactory(manager=manager).deputy
    approval = ApprovalFactory(booking__delegate=delegate)
    assert reached(approval) == {(manager.email, manager.reference), (deputy.email, deputy.reference)}


def test_the_delegate_is_not_asked_as_the_deputy(delegate, manager):
    DeputyFactory(manager=manager, deputy=delegate)
    assert reached(ApprovalFactory(booking__delegate=delegate)) == {(manager.email, manager.reference)}


def test_an_address():
    approval = ApprovalFactory(asked=None, email="new@anytown.example")
    assert approvers.recipients(approval) == [Recipient("new@anytown.example")]


def test_without_anybody_the_leads_of_the_agency():
    delegate = PersonFactory()
    lead = PersonFactory(agency=delegate.agency, roles=["agency-lead"])
    PersonFactory(roles=["agency-lead"])
    PersonFactory(roles=["coordinator"])
    assert reached(ApprovalFactory(booking__delegate=delegate)) == {(lead.email, lead.reference)}


def test_and_without_a_lead_the_coordinators():
    coordinator = PersonFactory(roles=["coordinator"])
    PersonFactory(roles=["coordinator"], left_on=timezone.localdate())
    assert reached(ApprovalFactory(booking__delegate=PersonFactory())) == {(coordinator.email, coordinator.reference)}


def test_when_who_was_asked_has_left_it_reaches_the_lead(delegate, manager):
    approval = ApprovalFactory(booking__delegate=delegate)
    type(manager).objects.filter(pk=manager.pk).update(left_on=timezone.localdate())
    lead = PersonFactory(agency=delegate.agency, roles=["agency-lead"])
    assert reached(approval) == {(lead.email, lead.reference)}


# --- who may decide -------------------------------------------------------------------------------------------------
def people(delegate, manager):
    tomorrow, yesterday = (timezone.localdate() + timedelta(days=days) for days in (1, -1))
    return {
        "line manager": lambda: manager,
        "deputy": lambda: DeputyFactory(manager=manager).deputy,
        "agency lead": lambda: PersonFactory(agency=delegate.agency, roles=["agency-lead"]),
        "coordinator": lambda: PersonFactory(roles=["coordinator"]),
        "delegate": lambda: delegate,
        "colleague": lambda: PersonFactory(agency=delegate.agency),
        "deputy of tomorrow": lambda: DeputyFactory(manager=manager, starts_on=tomorrow).deputy,
        "deputy of yesterday": lambda: DeputyFactory(manager=manager, starts_on=yesterday, ends_on=yesterday).deputy,
        "deputy taken back": lambda: DeputyFactory(manager=manager, revoked_at=timezone.now()).deputy,
        "deputy moved away": lambda: (
            DeputyFactory(manager=manager, deputy=PersonFactory(agency=AgencyFactory())).deputy
        ),
        "deputy of another": lambda: DeputyFactory().deputy,
        "lead elsewhere": lambda: PersonFactory(roles=["agency-lead"]),
        "finance officer": lambda: PersonFactory(roles=["finance-officer"]),
        "administrator": lambda: PersonFactory(roles=["administrator"]),
    }


@pytest.mark.parametrize("who", list(people(None, None)))
def test_who_may_decide(delegate, manager, who):
    approval = ApprovalFactory(booking__delegate=delegate)
    ApprovalFactory()  # of somebody else
    person = people(delegate, manager)[who]()
    may = who in {"line manager", "deputy", "agency lead", "coordinator"}
    assert permissions.may_decide(person, approval) == may
    assert (approval in Approval.objects.visible_to(person)) == may
    assert approvers.may_answer(person.reference, approval) == (may, person)


def test_a_coordinator_does_not_decide_about_their_own_request():
    approval = ApprovalFactory(booking__delegate=PersonFactory(roles=["coordinator"]))
    assert not permissions.may_decide(approval.booking.delegate, approval)


def test_who_has_left_answers_no_link(delegate, manager):
    approval = ApprovalFactory(booking__delegate=delegate)
    type(manager).objects.filter(pk=manager.pk).update(left_on=timezone.localdate())
    assert approvers.may_answer(manager.reference, approval) == (False, None)


def test_a_link_without_a_person_is_for_a_request_that_was_sent_to_an_address(delegate):
    assert approvers.may_answer("", ApprovalFactory(booking__delegate=delegate)) == (False, None)
    assert approvers.may_answer("", ApprovalFactory(asked=None, email="new@anytown.example")) == (True, None)

"""Each truth about joining that the database holds, broken once with SQL."""

import pytest
from django.utils import timezone

from tests.factories import PersonFactory
from tests.guards import Breaks, refused_by, sql
from tests.joining_factories import AgencyDomainFactory, InvitationFactory, JoiningFactory

pytestmark = pytest.mark.django_db
breaks = Breaks()


@breaks.by("agency_domain_is_said_once")
def a_domain_twice():
    agency = AgencyDomainFactory(domain="anytown.gov.uk").agency
    AgencyDomainFactory(agency=agency, domain="anytown.gov.uk")


@breaks.by("agency_domain_is_in_lower_case")
def a_domain_in_capitals():
    sql("update people_agencydomain set domain = 'Anytown.gov.uk' where id = %s", AgencyDomainFactory().pk)


@breaks.by("joining_names_an_agency")
def a_joining_of_nowhere():
    sql("update people_joining set agency_id = null where id = %s", JoiningFactory().pk)


@breaks.by("joining_line_manager_email_is_in_lower_case")
def a_line_manager_in_capitals():
    sql("update people_joining set line_manager_email = 'Helen@example.org' where id = %s", JoiningFactory().pk)


@breaks.by("joining_waits_or_made_a_person_or_was_declined_with_a_reason")
def a_joining_declined_without_a_reason():
    sql("update people_joining set decided_at = now() where id = %s", JoiningFactory().pk)


@breaks.by("joining_waits_once_an_account")
def a_second_joining_that_waits():
    JoiningFactory(account=JoiningFactory().account)


@breaks.by("invitation_has_an_address_in_lower_case")
def an_invitation_to_nowhere():
    sql("update people_invitation set email = '' where id = %s", InvitationFactory().pk)


@breaks.by("invitation_ends_after_it_is_made")
def an_invitation_over_at_once():
    sql("update people_invitation set ends_at = invited_at where id = %s", InvitationFactory().pk)


@breaks.by("invitation_is_accepted_by_a_person_and_not_withdrawn")
def an_invitation_accepted_by_nobody():
    sql("update people_invitation set accepted_at = now() where id = %s", InvitationFactory().pk)


@breaks.by("invitation_is_withdrawn_by_somebody")
def an_invitation_withdrawn_by_nobody():
    sql("update people_invitation set withdrawn_at = now() where id = %s", InvitationFactory().pk)


@breaks.by("invitation_is_made_once")
def an_invitation_twice():
    first = InvitationFactory()
    InvitationFactory(agency=first.agency, email=first.email, name=first.name)


@pytest.mark.parametrize("name", breaks.ways)
def test_the_database_refuses(name):
    breaks.is_refused(name)


@pytest.mark.parametrize("name", breaks.ways)
def test_nothing_else_would_refuse(name):
    breaks.passes_without(name)


@pytest.mark.parametrize(
    ("facts", "is_allowed"),
    [
        ({"person": True}, True),
        ({"person": True, "by": True}, True),
        ({"reason": "No", "by": True}, True),
        ({"reason": "No"}, False),
        ({"reason": "No", "person": True, "by": True}, False),
    ],
)
def test_what_came_of_a_request_is_one_thing(facts, is_allowed):
    person = PersonFactory() if facts.get("person") else None
    by = PersonFactory() if facts.get("by") else None
    decided = {"decided_at": timezone.now(), "person": person, "decided_by": by, "reason": facts.get("reason", "")}
    if is_allowed:
        JoiningFactory(**decided)
    else:
        with refused_by("joining_waits_or_made_a_person_or_was_declined_with_a_reason"):
            JoiningFactory(**decided)


def test_an_invitation_that_is_accepted_is_not_withdrawn_too():
    person = PersonFactory()
    with refused_by("invitation_is_accepted_by_a_person_and_not_withdrawn"):
        InvitationFactory(accepted_at=timezone.now(), person=person, withdrawn_at=timezone.now(), withdrawn_by=person)

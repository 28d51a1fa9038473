from datetime import timedelta

import pytest
from django.utils import timezone

from people.models import Person, Role
from people.permissions import (
    RIGHTS,
    STAFF_ROLES,
    Right,
    may,
    may_change_access,
    may_give,
    may_manage,
    may_see_people,
)
from tests.factories import AgencyFactory, PersonFactory, RoleGrantFactory

# roles.md, column by column: each right, and the roles that have it over all rows of its kind.
TABLE = {
    # programme, courses
    "read_programme": "coordinator subgroup-member",
    "change_programme": "coordinator",
    # others' bookings
    "see_bookings": "coordinator",
    "change_bookings": "coordinator",
    # registers
    "see_registers": "coordinator",
    "mark_registers": "coordinator",
    "close_registers": "coordinator",
    # charges, invoices, payments
    "see_charges": "coordinator finance-officer",
    "decide_charges": "finance-officer",
    "see_invoices": "coordinator finance-officer",
    "issue_invoices": "finance-officer",
    "see_money_totals": "coordinator finance-officer subgroup-member",
    # evaluation
    "see_evaluation_results": "coordinator subgroup-member",
    "read_evaluation_texts": "coordinator",
    # report
    "see_report": "coordinator subgroup-member",
    "see_report_bookings": "coordinator",
    "see_report_money": "coordinator finance-officer",
    "publish_report": "coordinator",
    "see_own_agency": "agency-lead",
    # people, agencies, roles
    "change_people": "coordinator administrator",
    "change_billing": "coordinator finance-officer",
    "give_roles": "administrator",
    # settings, policies
    "see_policies": "coordinator finance-officer administrator",
    "change_policies": "finance-officer administrator",
    # what everybody took out
    "see_exports": "coordinator administrator",
    "see_agencies": "coordinator finance-officer subgroup-member administrator",
    "change_agencies": "coordinator",
    "see_background": "coordinator administrator",
}


def test_every_right_is_in_the_table_and_every_role_has_its_rights():
    assert {right.value for right in Right} == set(TABLE)
    assert set(RIGHTS) == set(Role)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("right", Right)
def test_a_role_gives_the_rights_of_the_table_and_no_others(role, right):
    assert (right in RIGHTS[role]) == (role.value in TABLE[right.value].split())


@pytest.mark.django_db
def test_somebody_without_a_role_may_nothing_of_it():
    assert not any(may(PersonFactory(), right) for right in Right)


@pytest.mark.django_db
def test_what_a_person_may_is_the_sum_of_their_roles():
    person = PersonFactory(roles=["subgroup-member", "finance-officer"])
    assert may(person, Right.SEE_EVALUATION_RESULTS)
    assert may(person, Right.ISSUE_INVOICES)
    assert not may(person, Right.SEE_BOOKINGS)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("starts", "ends", "holds"),
    [(0, None, True), (1, None, False), (-9, 0, True), (-9, -1, False), (0, 0, True), (-1, 1, True)],
)
def test_a_role_counts_from_its_first_day_to_its_last(starts, ends, holds):
    today = timezone.localdate()
    person = RoleGrantFactory(
        starts_on=today + timedelta(days=starts), ends_on=None if ends is None else today + timedelta(days=ends)
    ).person
    assert may(person, Right.CHANGE_PROGRAMME) == holds


@pytest.mark.django_db
def test_a_lead_leads_the_agencies_of_their_grants_and_not_their_own_by_itself():
    person = PersonFactory(roles=["coordinator"])
    led, other = AgencyFactory(), AgencyFactory()
    for agency in (led, other):
        RoleGrantFactory(person=person, role="agency-lead", agency=agency)
    assert person.led_agencies == {led.pk, other.pk}


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("giver", Role)
def test_staff_roles_are_given_by_administrators_and_leads_by_coordinators_too(giver, role):
    givers = {"administrator"} | ({"coordinator"} if role == Role.AGENCY_LEAD else set())
    assert may_give(PersonFactory(roles=[giver]), role) == (giver in givers)
    assert (role in STAFF_ROLES) == (role != Role.AGENCY_LEAD)


@pytest.mark.django_db
def test_a_lead_manages_their_agencys_people_but_no_access_of_who_holds_a_role_that_is_not_theirs_to_give():
    lead = PersonFactory(roles=["agency-lead"])
    colleague, stranger = PersonFactory(agency=lead.agency), PersonFactory()
    officer = PersonFactory(agency=lead.agency, roles=["finance-officer"])
    assert [may_manage(lead, whom) for whom in (colleague, stranger, officer)] == [True, False, True]
    assert [may_change_access(lead, whom) for whom in (colleague, stranger, officer)] == [True, False, False]


@pytest.mark.django_db
@pytest.mark.parametrize("starts_in", [0, 7])
def test_only_an_administrator_changes_the_access_of_who_holds_a_staff_role_now_or_later(starts_in):
    begins = timezone.localdate() + timedelta(days=starts_in)
    whom = RoleGrantFactory(role="administrator", starts_on=begins).person
    assert not may_change_access(PersonFactory(roles=["coordinator"]), whom)
    assert may_change_access(PersonFactory(roles=["administrator"]), whom)


@pytest.mark.django_db
def test_people_are_seen_by_coordinators_administrators_and_leads_of_their_own_agency():
    lead = PersonFactory(roles=["agency-lead"])
    stranger = PersonFactory()
    seen = {
        role: set(Person.objects.visible_to(PersonFactory(roles=[role]))) for role in Role if role != Role.AGENCY_LEAD
    }
    for role, people in seen.items():
        assert (stranger in people) == (role in ("coordinator", "administrator"))
    assert set(Person.objects.visible_to(lead)) == {lead}
    assert not may_see_people(stranger)

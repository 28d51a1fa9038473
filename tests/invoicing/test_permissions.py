"""Who may decide charges and issue invoices."""

import pytest

from invoicing import permissions
from people.models import Role
from tests.factories import BookingFactory, ChargeFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [None, *Role.values])
def test_finance_officers_alone_decide_and_issue(role):
    person = PersonFactory(roles=[role] if role else [])
    may = {permissions.may_confirm(person), permissions.may_waive(person), permissions.may_raise(person)}
    assert may == {role == Role.FINANCE_OFFICER}


@pytest.mark.parametrize("role", [None, *Role.values])
def test_finance_officers_and_coordinators_see_all(role):
    person = PersonFactory(roles=[role] if role else [])
    sees = {permissions.may_see_all_charges(person), permissions.may_see_all_invoices(person)}
    assert sees == {role in (Role.FINANCE_OFFICER, Role.COORDINATOR)}


def test_a_charge_is_disputed_by_whom_it_is_about_their_manager_or_their_agencys_lead():
    manager = PersonFactory()
    delegate = PersonFactory(line_manager=manager)
    charge = ChargeFactory(booking=BookingFactory(delegate=delegate))
    lead = PersonFactory(agency=delegate.agency, roles=[Role.AGENCY_LEAD])
    colleague = PersonFactory(agency=delegate.agency)
    other_lead = PersonFactory(roles=[Role.AGENCY_LEAD])
    officer = PersonFactory(roles=[Role.FINANCE_OFFICER])
    may = {person: permissions.may_dispute(person, charge) for person in (delegate, manager, lead)}
    may_not = {person: permissions.may_dispute(person, charge) for person in (colleague, other_lead, officer)}
    assert set(may.values()) == {True}
    assert set(may_not.values()) == {False}

"""Who may see the report, open it and see its money."""

import pytest

from people.models import Role
from reporting import permissions
from reporting.definitions import CutKind
from tests.factories import AgencyFactory, PersonFactory

pytestmark = pytest.mark.django_db

# Role: sees the report, opens bookings with names, sees sums of money, opens the charges behind them.
TABLE = {
    None: (False, False, False, False),
    Role.AGENCY_LEAD: (False, False, False, False),
    Role.COORDINATOR: (True, True, True, True),
    Role.FINANCE_OFFICER: (False, False, True, True),
    Role.SUBGROUP_MEMBER: (True, False, True, False),
    Role.CONCERNS: (False, False, False, False),
    Role.ADMINISTRATOR: (False, False, False, False),
}


@pytest.mark.parametrize("role", TABLE)
def test_each_role_sees_what_the_table_of_roles_says(role):
    person = PersonFactory(roles=[role] if role else [])
    asked = (
        permissions.may_see_report,
        permissions.may_open_bookings,
        permissions.may_see_money,
        permissions.may_open_charges,
    )
    assert tuple(may(person) for may in asked) == TABLE[role]


def test_an_agency_lead_sees_their_own_agency_s_row_with_its_money_and_no_other():
    lead, other = PersonFactory(roles=[Role.AGENCY_LEAD]), AgencyFactory()
    assert permissions.agencies_whose_row_is_open(lead) == {lead.agency_id}
    assert permissions.may_see_cut(lead, CutKind.AGENCY, lead.agency_id)
    assert not permissions.may_see_cut(lead, CutKind.AGENCY, other.pk)
    assert not permissions.may_see_cut(lead, CutKind.ALL)
    assert permissions.may_see_figure(lead, "invoiced_amount", of_agency=lead.agency_id)
    assert permissions.may_see_figure(lead, "booked", of_agency=lead.agency_id)
    assert not permissions.may_see_figure(lead, "invoiced_amount", of_agency=other.pk)
    assert not permissions.may_see_figure(lead, "booked")


def test_finance_sees_the_money_and_nothing_else_of_the_report():
    officer = PersonFactory(roles=[Role.FINANCE_OFFICER])
    assert permissions.may_see_figure(officer, "charges_waived")
    assert not permissions.may_see_figure(officer, "utilisation")
    assert not permissions.may_see_figure(officer, "mean_after")


def test_the_sub_group_sees_every_figure_of_every_cut():
    member = PersonFactory(roles=[Role.SUBGROUP_MEMBER])
    assert permissions.may_see_cut(member, CutKind.COURSE)
    for figure in ("utilisation", "mean_after", "invoiced_amount"):
        assert permissions.may_see_figure(member, figure)

"""Who may do what: the role table. Each app's permissions.py asks it about its own rows.

A person's rights are the sum of their roles'. Line manager, trainer of an event and delegate are relations, not roles:
the apps' visible_to() and may_*() add what follows from them.
"""

from enum import StrEnum, auto
from typing import TYPE_CHECKING

from people.models import Role

if TYPE_CHECKING:
    from people.models import Person


class Right(StrEnum):
    """Something that a role allows over all rows of its kind."""

    READ_PROGRAMME = auto()  # drafts and in-house events included
    CHANGE_PROGRAMME = auto()
    SEE_BOOKINGS = auto()
    CHANGE_BOOKINGS = auto()
    SEE_REGISTERS = auto()
    MARK_REGISTERS = auto()
    CLOSE_REGISTERS = auto()
    SEE_CHARGES = auto()
    DECIDE_CHARGES = auto()
    SEE_INVOICES = auto()
    ISSUE_INVOICES = auto()
    SEE_MONEY_TOTALS = auto()
    SEE_EVALUATION_RESULTS = auto()
    READ_EVALUATION_TEXTS = auto()  # what delegates wrote, before anybody has looked at it
    SEE_REPORT = auto()  # every figure, down to the event
    SEE_REPORT_BOOKINGS = auto()  # and from the event down to the booking, with names
    SEE_REPORT_MONEY = auto()
    PUBLISH_REPORT = auto()
    SEE_OWN_AGENCY = auto()  # bookings, charges, invoices and report rows of the agency the role is bound to
    CHANGE_PEOPLE = auto()
    CHANGE_BILLING = auto()
    GIVE_ROLES = auto()
    SEE_EXPORTS = auto()  # who took which list out, of everybody
    SEE_AGENCIES = auto()
    CHANGE_AGENCIES = auto()  # their names and types; payers and billing are CHANGE_BILLING
    SEE_POLICIES = auto()  # charging policy, exemptions and closing days, past and to come
    CHANGE_POLICIES = auto()
    SEE_BACKGROUND = auto()  # messages sent and waiting, and background work


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.AGENCY_LEAD: frozenset({Right.SEE_OWN_AGENCY}),
    Role.COORDINATOR: frozenset(
        {
            Right.READ_PROGRAMME,
            Right.CHANGE_PROGRAMME,
            Right.SEE_BOOKINGS,
            Right.CHANGE_BOOKINGS,
            Right.SEE_REGISTERS,
            Right.MARK_REGISTERS,
            Right.CLOSE_REGISTERS,
            Right.SEE_CHARGES,
            Right.SEE_INVOICES,
            Right.SEE_EVALUATION_RESULTS,
            Right.READ_EVALUATION_TEXTS,
            Right.SEE_MONEY_TOTALS,
            Right.SEE_REPORT,
            Right.SEE_REPORT_BOOKINGS,
            Right.SEE_REPORT_MONEY,
            Right.PUBLISH_REPORT,
            Right.CHANGE_PEOPLE,
            Right.CHANGE_BILLING,
            Right.SEE_EXPORTS,
            Right.SEE_AGENCIES,
            Right.CHANGE_AGENCIES,
            Right.SEE_POLICIES,
            Right.SEE_BACKGROUND,
        }
    ),
    Role.FINANCE_OFFICER: frozenset(
        {
            Right.SEE_CHARGES,
            Right.DECIDE_CHARGES,
            Right.SEE_INVOICES,
            Right.ISSUE_INVOICES,
            Right.SEE_MONEY_TOTALS,
            Right.SEE_REPORT_MONEY,
            Right.CHANGE_BILLING,
            Right.SEE_AGENCIES,
            Right.SEE_POLICIES,
            Right.CHANGE_POLICIES,
        }
    ),
    Role.SUBGROUP_MEMBER: frozenset(
        {
            Right.READ_PROGRAMME,
            Right.SEE_MONEY_TOTALS,
            Right.SEE_EVALUATION_RESULTS,
            Right.SEE_REPORT,
            Right.SEE_AGENCIES,
        }
    ),
    Role.CONCERNS: frozenset(),
    Role.ADMINISTRATOR: frozenset(
        {
            Right.CHANGE_PEOPLE,
            Right.GIVE_ROLES,
            Right.SEE_AGENCIES,
            Right.SEE_BACKGROUND,
            Right.SEE_EXPORTS,
            Right.SEE_POLICIES,
            Right.CHANGE_POLICIES,
        }
    ),
}

# Who works for the partnership: these roles are given by an administrator, and hold one person an account.
STAFF_ROLES = frozenset(
    {Role.COORDINATOR, Role.FINANCE_OFFICER, Role.SUBGROUP_MEMBER, Role.CONCERNS, Role.ADMINISTRATOR}
)


def may(person: "Person", right: Right) -> bool:
    """Whether any role that the person holds today gives the right."""
    return any(right in RIGHTS[Role(role)] for role in person.roles)


def may_give(person: "Person", role: Role) -> bool:
    """Whether the person may give others the role, and take it: a staff role is an administrator's to give."""
    return may(person, Right.GIVE_ROLES if role in STAFF_ROLES else Right.CHANGE_PEOPLE)


def may_reset_second_factor(person: "Person") -> bool:
    """Whether the person may take the factors off the account of somebody who has lost theirs."""
    return may(person, Right.GIVE_ROLES)


def may_see_people(person: "Person") -> bool:
    """Coordinators and administrators all, agency leads their agency's: Person.objects.visible_to()."""
    return may(person, Right.CHANGE_PEOPLE) or bool(person.led_agencies)


def may_correct(person: "Person") -> bool:
    """Change anybody's name, staff group and agency."""
    return may(person, Right.CHANGE_PEOPLE)


def may_manage(person: "Person", whom: "Person") -> bool:
    """Say who somebody's line manager is and that they have left: agency leads too, of their agency's people."""
    return may(person, Right.CHANGE_PEOPLE) or whom.agency_id in person.led_agencies


def may_change_access(person: "Person", whom: "Person") -> bool:
    """Change the address that somebody signs in by, and whether they do at all: who could give them their roles.

    Else a coordinator could take an administrator's place by giving their record an address of their own. Reads all
    grants of theirs that have not ended.
    """
    return may_manage(person, whom) and all(may_give(person, role) for role in whom.roles_to_come)


def may_merge(person: "Person", *records: "Person") -> bool:
    """Make records of one person one: who keeps all people, and of who holds a role whoever could give it."""
    return may(person, Right.CHANGE_PEOPLE) and all(may_change_access(person, one) for one in records)

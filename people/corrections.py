"""Correcting what is recorded of a person: name, address, staff group, line manager and agency."""

import logging

from django.db import transaction

from people import refusals
from people.models import Account, Agency, Person, StaffGroup
from people.names import match_key
from people.permissions import STAFF_ROLES, may_change_access

log = logging.getLogger(__name__)


@transaction.atomic
def correct(
    *,
    person: Person,
    name: str,
    email: str,
    staff_group: StaffGroup | None,
    by: Person,
    is_off_lists: bool | None = None,
) -> Person:
    """Put name, address and staff group right, and whether printed lists name them (None: as it is).

    Raises PersonRefused.

    Who gets another address leaves the account that they signed in by, as that was found by the former one; they are
    found again when somebody signs in who has shown that the new address is theirs.
    """
    person = lock(person)
    name, email = " ".join(name.split()), email.strip().lower()
    if not match_key(name):
        raise refusals.NotAName("Enter a name with letters in it.")
    if email != person.email:
        _refuse_address(person, email, by)
        if person.account and person.account.email != email:
            person.account = None
    person.name, person.email, person.staff_group = name, email, staff_group
    person.is_off_lists = person.is_off_lists if is_off_lists is None else is_off_lists
    person.save(update_fields=["name", "sort_name", "email", "staff_group", "account", "is_off_lists"])
    log.info("The record of %s was corrected by %s.", person.reference, by.reference)
    return person


@transaction.atomic
def correct_own(
    *, person: Person, name: str, staff_group: StaffGroup | None, is_off_lists: bool | None = None
) -> Person:
    """What people put right about themselves; the rest stays as others have it by now. Raises PersonRefused."""
    person = lock(person)
    name = " ".join(name.split())
    if not match_key(name):
        raise refusals.NotAName("Enter a name with letters in it.")
    person.name, person.staff_group = name, staff_group
    person.is_off_lists = person.is_off_lists if is_off_lists is None else is_off_lists
    person.save(update_fields=["name", "sort_name", "staff_group", "is_off_lists"])
    log.info("%s corrected their own record.", person.reference)
    return person


@transaction.atomic
def set_line_manager(*, person: Person, manager: Person | None, by: Person) -> Person:
    """Say who sees and answers for the person's bookings from now on; None: nobody does. Raises PersonRefused."""
    person = lock(person)
    if manager == person:
        raise refusals.NobodyManagesThemselves(f"{person} cannot be their own line manager.")
    if manager and manager.left_on:
        raise refusals.HasLeft(f"{manager} has left.")
    person.line_manager = manager
    person.save(update_fields=["line_manager"])
    log.info("The line manager of %s was changed by %s.", person.reference, by.reference)
    return person


@transaction.atomic
def move(*, person: Person, agency: Agency, by: Person) -> Person:
    """Have the person belong to another agency from now on. Bookings keep the agency that they were made for.

    A line manager of the former agency sees the person's bookings no more. Raises PersonRefused.
    """
    person = lock(person)
    if person.left_on:
        raise refusals.HasLeft(f"{person} has left.")
    if person.agency_id == agency.pk:
        raise refusals.ThereAlready(f"{person} is with {agency} already.")
    person.agency = agency
    if person.line_manager and person.line_manager.agency_id != agency.pk:
        person.line_manager = None
    person.save(update_fields=["agency", "line_manager"])
    log.info("%s was moved to agency %s by %s.", person.reference, agency.reference, by.reference)
    return person


def lock(person: Person) -> Person:
    """The person, whom nobody else changes until this transaction ends. The account first, as roles.give() does."""
    Account.objects.select_for_update(no_key=True).filter(persons=person).first()
    rows = Person.objects.select_for_update(no_key=True, of=["self"])
    return rows.select_related("agency", "account", "line_manager").get(pk=person.pk)


def _refuse_address(person: Person, email: str, by: Person) -> None:
    if not may_change_access(by, person):
        raise refusals.AddressNeedsAnAdministrator(
            f"{person} holds a role that is not yours to give. Ask an administrator to change the address."
        )
    if not person.roles_to_come & STAFF_ROLES:
        return
    if not email:
        raise refusals.NoAddress(f"{person} holds a staff role and needs an address of their own.")
    if Person.objects.employed().filter(email=email).exclude(pk=person.pk).exists():
        raise refusals.AddressIsShared(
            f"{person} holds a staff role and needs an address of their own. Others are reached by {email} too."
        )

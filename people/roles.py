"""Giving roles to people and taking them away; from the next request on it counts."""

import logging
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from people.models import Account, Agency, Person, Role, RoleGrant
from people.permissions import STAFF_ROLES

log = logging.getLogger(__name__)


class RoleRefused(Exception):
    """Nobody's roles were changed; the words are for whoever asked."""


class GivenToOneself(RoleRefused):
    """It takes two persons (roles.md)."""


class AgencyMissing(RoleRefused):
    """A lead leads one agency, and other roles none."""


class SharesAMailbox(RoleRefused):
    """Whoever else reads the mailbox would hold the role too (architecture.md)."""


class HeldAlready(RoleRefused):
    """There is nothing to give."""


class LastAdministrator(RoleRefused):
    """Nobody would be left who can give roles."""


class HasLeft(RoleRefused):
    """A role is for somebody who works here or in the partnership."""


@transaction.atomic
def give(
    *,
    person: Person,
    role: Role,
    by: Person | None,
    agency: Agency | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> RoleGrant:
    """Let the person hold the role, of the agency if it is that of a lead; ends_on is the last day.

    by=None is for setting up a new Turnout, where nobody has a role yet. Raises RoleRefused.
    """
    # Who joins the account waits for this, so that a staff role and a shared mailbox never come together.
    if person.account_id:
        Account.objects.select_for_update(no_key=True).get(pk=person.account_id)
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    refuse(person, role, by, agency)
    dates = {"starts_on": starts_on or timezone.localdate(), "ends_on": ends_on}
    return RoleGrant.objects.create(person=person, role=role, agency=agency, given_by=by, **dates)


def refuse(person: Person, role: Role, by: Person | None, agency: Agency | None) -> None:
    """Raise what stands in the way, if anything does."""
    if by == person:
        raise GivenToOneself("Nobody can give a role to themselves. Ask another administrator.")
    if (role == Role.AGENCY_LEAD) != (agency is not None):
        raise AgencyMissing("A training lead leads one agency; no other role is bound to one.")
    if person.left_on:
        raise HasLeft(f"{person} has left.")
    if role in STAFF_ROLES and person.account_id and Person.objects.filter(account=person.account_id).count() > 1:
        raise SharesAMailbox(f"{person} shares the mailbox {person.email} and needs an address of their own for this.")
    if person.roles_held.filter(role=role, agency=agency, ends_on=None).exists():
        raise HeldAlready(f"{person} has that role already.")


@transaction.atomic
def take(*, person: Person, role: Role, by: Person | None, agency: Agency | None = None) -> int:
    """End the person's role at once; how many grants of it that ended. Called again it ends none.

    The last day is yesterday; a grant that was to begin today or later goes, and its history stays. Raises
    LastAdministrator.
    """
    # As give() does, and in its order: the database counts the account's epoch up when a role ends.
    if person.account_id:
        Account.objects.select_for_update(no_key=True).get(pk=person.account_id)
    today = timezone.localdate()
    if role == Role.ADMINISTRATOR:
        _refuse_the_last(person)
    grants = person.roles_held.filter(role=role, agency=agency).exclude(ends_on__lt=today)
    gone, _ = grants.filter(starts_on__gte=today).delete()
    ended = gone + grants.update(ends_on=today - timedelta(days=1))
    if ended:
        # The history says what ended and when, and the log by whom.
        log.info("Role %s of %s was taken by %s.", role, person.reference, by.reference if by else "set-up")
    return ended


def _refuse_the_last(person: Person) -> None:
    # Whoever takes the role of another at the same moment waits here, and counts what is left.
    grants = list(RoleGrant.objects.select_for_update(no_key=True).filter(role=Role.ADMINISTRATOR).order_by("pk"))
    holders = {grant.person_id for grant in grants if grant.is_in_force(timezone.localdate())}
    here = set(Person.objects.employed().filter(pk__in=holders).values_list("pk", flat=True))
    if here == {person.pk}:
        raise LastAdministrator(f"{person} is the only administrator. Give somebody else the role first.")

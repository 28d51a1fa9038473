"""Joining: who shows an address says who they are, and is in at once where that is certain; else a coordinator decides.

What is certain, and why nobody is in before, is told in docs/decisions/0021-joining.md.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from outbox import messages
from people import accounts, domains, persons, refusals
from people.models import Account, Agency, Invitation, Joining, Person, StaffGroup
from people.names import match_key
from people.permissions import STAFF_ROLES

log = logging.getLogger(__name__)

# Who shares a mailbox with many may need some; who is curious needs no more.
MOST_A_DAY = 10


@transaction.atomic
def join(
    *,
    account: Account,
    name: str,
    agency: Agency | None,
    agency_name: str = "",
    staff_group: StaffGroup | None = None,
    line_manager_email: str = "",
    wanted: str = "",
    invitation: Invitation | None = None,
) -> Joining:
    """Let somebody in, or have them wait for a coordinator; the account's address has been shown to be theirs.

    With an invitation, which must be open and for this address, the agency is the invitation's, and it vouches for
    them, also for who waits already. Raises PersonRefused.
    """
    account = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    if invitation:
        invitation = _locked(invitation, account)
        agency, agency_name = invitation.agency, ""
    _refuse(account, name)
    waiting = account.joinings.waiting().first()
    if waiting and not invitation:
        raise refusals.ThereAlready("You have asked already, and the training team will decide.")
    asked = waiting or Joining(account=account, wanted=wanted)
    asked.name, asked.staff_group = " ".join(name.split()), staff_group
    asked.agency, asked.agency_name = agency, "" if agency else agency_name.strip()
    asked.line_manager_email = line_manager_email.strip().lower()
    asked.save()
    if agency and _is_certain(account, name, agency, invitation):
        _let_in(asked, agency, by=None, invitation=invitation)
    else:
        _tell(asked, "joining_received")
    log.info("Joining %s: %s.", asked.reference, "waits" if asked.is_waiting else "in")
    return asked


@transaction.atomic
def accept(*, joining: Joining, name: str, agency: Agency, staff_group: StaffGroup | None, by: Person) -> Joining:
    """Let in who waits, with what was put right: as who they are known to be, or somebody new. Raises PersonRefused."""
    joining = _lock(joining)
    if not match_key(name):
        raise refusals.NotAName("Enter a name with letters in it.")
    joining.name = " ".join(name.split())
    joining.agency, joining.agency_name, joining.staff_group = agency, "", staff_group
    left = Person.objects.filter(email=joining.account.email, left_on__isnull=False)
    if any(match_key(person.name) == match_key(name) for person in left):
        raise refusals.KnownAlready(
            f"{joining.name} was here before and is recorded as having left. Undo that first, then let them in."
        )
    _let_in(joining, agency, by=by)
    log.info("Joining %s was accepted by %s.", joining.reference, by.reference)
    return joining


@transaction.atomic
def decline(*, joining: Joining, reason: str, by: Person) -> Joining:
    """Do not let in who waits; they are told why, and may ask again. Raises PersonRefused."""
    joining = _lock(joining)
    joining.decided_at, joining.decided_by, joining.reason = timezone.now(), by, reason.strip()
    joining.save(update_fields=["decided_at", "decided_by", "reason"])
    _tell(joining, "joining_declined")
    log.info("Joining %s was declined by %s.", joining.reference, by.reference)
    return joining


def _locked(invitation: Invitation, account: Account) -> Invitation:
    rows = Invitation.objects.select_for_update(no_key=True, of=["self"]).select_related("agency")
    found = rows.open().filter(pk=invitation.pk, email=account.email).first()
    if found is None:
        raise refusals.DecidedAlready("This invitation is used, withdrawn or over.")
    return found


def _lock(joining: Joining) -> Joining:
    # The account first, as join() does.
    account = Account.objects.select_for_update(no_key=True).get(pk=joining.account_id)
    joining = Joining.objects.select_for_update(no_key=True).get(pk=joining.pk)
    if not joining.is_waiting:
        raise refusals.DecidedAlready(f"Somebody has decided about {joining} already.")
    joining.account = account
    return joining


def _refuse(account: Account, name: str) -> None:
    if not match_key(name):
        raise refusals.NotAName("Enter your name with letters in it.")
    here = list(Person.objects.employed().with_grants().filter(account=account))
    if any(person.roles & STAFF_ROLES for person in here):
        raise refusals.AddressIsShared(
            "Who works for the partnership has an address of their own, and shares it with nobody."
        )
    if any(match_key(person.name) == match_key(name) for person in here):
        raise refusals.KnownAlready("You have joined already: there is somebody of this name at this address.")
    if account.joinings.filter(asked_at__gt=timezone.now() - timedelta(days=1)).count() >= MOST_A_DAY:
        raise refusals.TooOften("That is more than anybody needs in a day. Write to the training team.")


def _is_certain(account: Account, name: str, agency: Agency, invitation: Invitation | None) -> bool:
    """Whether they are in at once: invited, or with an address of the agency's own that nobody had who has left.

    Who has left does not let themselves in again, under whatever name; and who somebody is whom we know by this name
    and address, but under another account, only a coordinator can say.
    """
    there = Person.objects.filter(email=account.email)
    if any(match_key(person.name) == match_key(name) for person in there):
        return False
    if invitation:
        return True
    return not there.filter(left_on__isnull=False).exists() and domains.decides(account.email, agency)


def _let_in(joining: Joining, agency: Agency, by: Person | None, invitation: Invitation | None = None) -> None:
    joining.person = person = _person(joining, agency)
    joining.decided_at, joining.decided_by = timezone.now(), by
    joining.save()
    for one in agency.invitations.unanswered().filter(email=joining.account.email):
        if one == invitation or match_key(one.name) == match_key(joining.name):
            one.accepted_at, one.person = joining.decided_at, person
            one.save(update_fields=["accepted_at", "person"])
    _set_managers(joining, person)
    _tell(joining, "joined")


def _person(joining: Joining, agency: Agency) -> Person:
    """Who joined: somebody whom a coordinator recorded meanwhile, or somebody new."""
    account = joining.account
    person = persons.find_or_add(name=joining.name, agency=agency, email=account.email)
    if person.agency_id != agency.pk:
        raise refusals.KnownAlready(
            f"{person} is recorded with this address under {person.agency}. Change that first, if they have moved."
        )
    person.staff_group = joining.staff_group or person.staff_group
    person.save(update_fields=["staff_group"])
    accounts.link(account)
    person.refresh_from_db(fields=["account"])
    if person.account_id != account.pk:
        raise refusals.AddressIsShared(
            f"{person} is signed in by another address, or shares this one with somebody who holds a staff role."
        )
    return person


def _set_managers(joining: Joining, person: Person) -> None:
    """Whom the person named is their line manager, if that is one colleague; and they are of those who named them."""
    colleagues = Person.objects.employed().filter(agency=person.agency_id)
    found = list(colleagues.filter(email=joining.line_manager_email).exclude(pk=person.pk).exclude(email="")[:2])
    if len(found) == 1 and person.line_manager_id is None:
        person.line_manager = found[0]
        person.save(update_fields=["line_manager"])
    if colleagues.filter(email=person.email).count() == 1:
        named_by = Joining.objects.filter(line_manager_email=person.email, person__isnull=False).values("person")
        colleagues.filter(pk__in=named_by, line_manager=None).exclude(pk=person.pk).update(line_manager=person)


def _tell(joining: Joining, template: str) -> None:
    messages.post(
        key=f"{template.replace('_', '-')}:{joining.reference}",
        template=template,
        to=joining.account.email,
        reference=joining.reference,
    )

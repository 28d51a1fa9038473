"""Making two records of one person one, and undoing it. Nothing is deleted: the record that goes leads to the other.

Bookings on one event, and the events' locks, are bookings/merging.py, which is what pages call.
"""

import logging
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from people import merges, refusals
from people.merges import Rule
from people.models import Account, Merge, Person
from people.permissions import STAFF_ROLES, may_merge

log = logging.getLogger(__name__)

# What may be taken from the record that goes. With the address goes the sign-in, which was shown to be its reader's.
FIELDS = ("name", "email", "agency", "staff_group", "line_manager")


@transaction.atomic
def merge(
    *, kept: Person, gone: Person, take: Collection[str], by: Person, others: dict[str, Any] | None = None
) -> Merge:
    """Have one record become part of the other: all that is about the person goes to the one kept.

    take: which of FIELDS are to be as they are in the record that goes; the two exchange those, so that neither value
    is lost. What others keep to undo by is kept with it. Raises PersonRefused.
    """
    kept, gone = lock(kept, gone)
    refuse(kept, gone, by)
    before = {"kept": kept.account_id, "gone": gone.account_id, "left_on": gone.left_on and gone.left_on.isoformat()}
    moved = {label: _move(rule, gone, kept) for label, rule in merges.MOVES.items()}
    exchanged = [name for name in FIELDS if name in take]
    _exchange(kept, gone, exchanged)
    accounts = [one for one in (kept.account, gone.account) if one is not None]
    kept.account = next((one for one in accounts if one.email == kept.email), None)
    _refuse_shared(kept, gone)
    # Who asked to be kept off lists stays off them, also if it is undone.
    kept.is_off_lists = kept.is_off_lists or gone.is_off_lists
    gone.account, gone.left_on, gone.merged_into = None, gone.left_on or timezone.localdate(), kept
    gone.save()
    kept.save()
    log.info("%s became part of %s by %s.", gone.reference, kept.reference, by.reference)
    return Merge.objects.create(
        kept=kept,
        gone=gone,
        by=by,
        moved={label: keys for label, keys in moved.items() if keys},
        exchanged=exchanged,
        before=before,
        others=others or {},
    )


@transaction.atomic
def undo(*, merge: Merge, by: Person) -> list[str]:
    """Have the two be two again, with all that each had; what was changed since stays with the one kept.

    Returns what could not be put back, each in words. Raises PersonRefused.
    """
    kept, gone = lock(merge.kept, merge.gone, merge.before["kept"], merge.before["gone"])
    merge = Merge.objects.select_for_update(no_key=True).get(pk=merge.pk)
    _refuse_undoing(merge, kept, gone, by)
    gone.merged_into = None
    gone.save(update_fields=["merged_into"])  # before anything goes back: nobody is booked as a merged record
    left = []
    for label, keys in merge.moved.items():
        rule = merges.MOVES[label]
        missing = len(keys) - _move_back(rule, keys, kept, gone)
        if missing:
            left.append(f"{missing} of the kind “{rule.noun}”, changed since")
    gone.left_on = date.fromisoformat(day) if (day := merge.before["left_on"]) else None
    _exchange(kept, gone, merge.exchanged)
    left += _accounts_back(merge, kept, gone)
    kept.save()
    gone.save()
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save(update_fields=["undone_at", "undone_by"])
    log.info("The merge of %s into %s was undone by %s.", gone.reference, kept.reference, by.reference)
    return left


def refuse(kept: Person, gone: Person, by: Person) -> None:
    """Raise what stands in the way, if anything does."""
    if not may_merge(by, kept, gone):
        raise refusals.AddressNeedsAnAdministrator(
            "One of the two holds a role that is not yours to give. Ask an administrator to merge them."
        )
    if by in (kept, gone):
        raise refusals.Oneself("Nobody merges their own record. Ask somebody else to.")
    for one in (kept, gone):
        if one.merged_into_id:
            raise refusals.MergedAlready(f"{one} is part of another record already.")
    if kept.left_on and not gone.left_on:
        raise refusals.HasLeft(f"{kept.name} is recorded as having left. Let the other record stay.")
    if kept.pk == gone.line_manager_id or gone.pk == kept.line_manager_id:
        raise refusals.NobodyManagesThemselves(
            "One of the two is the line manager of the other. If they are one person, change that first."
        )


def lock(kept: Person, gone: Person, *accounts: int | None) -> tuple[Person, Person]:
    """Both, whom nobody else changes until this ends: accounts, then persons, each in the order of their ids."""
    pair = [kept.pk, gone.pk]
    theirs = Q(pk__in=Person.objects.filter(pk__in=pair).values("account")) | Q(pk__in=[pk for pk in accounts if pk])
    list(Account.objects.select_for_update(no_key=True).filter(theirs).order_by("pk"))
    rows = Person.objects.select_for_update(no_key=True, of=["self"]).filter(pk__in=pair).order_by("pk")
    found = {one.pk: one for one in rows.select_related("agency", "staff_group", "line_manager", "account")}
    return found[kept.pk], found[gone.pk]


def _move(rule: Rule, gone: Person, kept: Person) -> list[int]:
    stay = rule.left_behind(gone, kept).values_list("pk", flat=True)
    keys = sorted(set(rule.rows(gone).values_list("pk", flat=True)) - set(stay))
    rule.model._default_manager.filter(pk__in=keys).update(**{rule.name: kept})
    return keys


def _move_back(rule: Rule, keys: list[int], kept: Person, gone: Person) -> int:
    """How many went back: those that are still the kept one's, each unless the database refuses it."""
    back = 0
    for row in rule.rows(kept).filter(pk__in=keys):
        try:
            with transaction.atomic():
                back += rule.rows(kept).filter(pk=row.pk).update(**{rule.name: gone})
        except IntegrityError:
            log.info("%s %s could not go back.", rule.label, row.pk)
    return back


def _exchange(kept: Person, gone: Person, names: Collection[str]) -> None:
    for name in names:
        mine, theirs = getattr(kept, name), getattr(gone, name)
        setattr(kept, name, theirs)
        setattr(gone, name, mine)


def _refuse_shared(kept: Person, gone: Person) -> None:
    """Whoever has a staff role by now has an address that nobody else reads."""
    if not _holds_a_staff_role(kept):
        return
    others = Person.objects.employed().filter(email=kept.email).exclude(pk__in=[kept.pk, gone.pk])
    if not kept.email or others.exists():
        raise refusals.AddressIsShared(
            f"{kept} holds a staff role and needs an address of their own. Choose the other, or correct it first."
        )


def _refuse_undoing(merge: Merge, kept: Person, gone: Person, by: Person) -> None:
    if merge.undone_at:
        raise refusals.ThereAlready("This was undone already.")
    if not may_merge(by, kept, gone):
        raise refusals.AddressNeedsAnAdministrator(
            f"{kept} holds a role that is not yours to give. Ask an administrator."
        )
    if by == kept:
        raise refusals.Oneself("Nobody takes their own record apart. Ask somebody else to.")
    if kept.merged_into_id:
        raise refusals.MergedAlready(f"{kept} became part of another record since. Undo that first.")


def _accounts_back(merge: Merge, kept: Person, gone: Person) -> list[str]:
    """Each signs in again as before, where the account is still there and nobody else came to sign in by it."""
    left = []
    for one, was in ((kept, merge.before["kept"]), (gone, merge.before["gone"])):
        account = Account.objects.filter(pk=was, email=one.email).first() if was else None
        others = account.persons.exclude(pk__in=[kept.pk, gone.pk]).exists() if account else False
        is_free = account is not None and not (others and _holds_a_staff_role(one))
        one.account = account if is_free else None
        if was and not is_free:
            left.append(f"the sign-in of {one}, who signs in again by code")
    return left


def _holds_a_staff_role(person: Person) -> bool:
    """By the rows as they are now: what was read before may have gone to or from somebody."""
    return bool(Person.objects.get(pk=person.pk).roles_to_come & STAFF_ROLES)

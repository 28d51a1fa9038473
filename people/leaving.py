"""Recording that somebody has left, and that they have not."""

import logging
from datetime import date

from django.db import transaction
from django.utils import timezone

from people import corrections, refusals
from people.models import Person
from people.permissions import may_change_access

log = logging.getLogger(__name__)


@transaction.atomic
def leave(*, person: Person, left_on: date, by: Person) -> Person:
    """Record the day on which the person left. From now on they act no more, and nobody can book for them.

    What is signed in as them ends (by trigger). Roles stay as they were given, and mean nothing meanwhile. Raises
    PersonRefused.
    """
    person = corrections.lock(person)
    if person.left_on:
        raise refusals.HasLeft(f"{person} is recorded as having left on {_day(person.left_on)} already.")
    if person == by:
        raise refusals.Oneself("Nobody records themselves as having left. Ask somebody else to.")
    if left_on > timezone.localdate():
        raise refusals.WrongDay("The day on which they left cannot lie in the future.")
    _refuse_roles(person, by)
    person.left_on = left_on
    person.save(update_fields=["left_on"])
    log.info("%s was recorded as having left by %s.", person.reference, by.reference)
    return person


@transaction.atomic
def undo(*, person: Person, by: Person) -> Person:
    """They have not left, or are back: account and roles count again. Raises PersonRefused."""
    person = corrections.lock(person)
    if person.merged_into_id:
        raise refusals.MergedAlready(f"{person} became part of another record. Undo that instead.")
    if not person.left_on:
        raise refusals.NotLeft(f"{person} is not recorded as having left.")
    _refuse_roles(person, by)
    person.left_on = None
    person.save(update_fields=["left_on"])
    log.info("%s was recorded as not having left by %s.", person.reference, by.reference)
    return person


def _refuse_roles(person: Person, by: Person) -> None:
    if not may_change_access(by, person):
        raise refusals.AddressNeedsAnAdministrator(
            f"{person} holds a role that is not yours to give or take. Ask an administrator."
        )


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"

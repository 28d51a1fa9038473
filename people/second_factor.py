"""The second factor at sign-in: of whom it is demanded, who has one, and what is done when one is lost."""

import logging

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from outbox import messages
from people import accounts
from people.models import Account, Person
from people.permissions import STAFF_ROLES

log = logging.getLogger(__name__)

# What takes the place of a lost factor is none itself.
KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class ResetRefused(Exception):
    """The factors stay; the words are for whoever asked."""


class OnesOwn(ResetRefused):
    """A second person must have seen who asks."""


class NothingToReset(ResetRefused):
    """There is no factor."""


def factors() -> QuerySet[Authenticator]:
    found: QuerySet[Authenticator] = Authenticator.objects.filter(type__in=KINDS)
    return found


def is_demanded_of(person: Person) -> bool:
    """Who works for the partnership sees others' data: a password that was guessed or given away must not be enough."""
    return settings.SECOND_FACTOR_DEMANDED and bool(person.roles & STAFF_ROLES)


def is_missing(person: Person) -> bool:
    """Whether the person must set a factor up before anything else. API tokens ask too."""
    if not is_demanded_of(person):
        return False
    # As people/acting.py reads it with the person.
    known: bool | None = person.__dict__.get("has_second_factor")
    return not (factors().filter(user=person.account_id).exists() if known is None else known)


def may_be_removed(factor: Authenticator) -> bool:
    """Whether the factor is not the last of an account of which one is demanded."""
    if factors().filter(user=factor.user_id).exclude(pk=factor.pk).exists():
        return True
    return not any(map(is_demanded_of, Person.objects.employed().with_grants().filter(account=factor.user_id)))


@transaction.atomic
def reset(*, person: Person, by: Person) -> None:
    """Take all factors and recovery codes off the person's account, whose device is lost; every session of it ends.

    The person is told by mail, and sets up a new factor at the next sign-in. Raises ResetRefused.
    """
    if person == by:
        raise OnesOwn("Nobody can reset their own second step. Ask another administrator.")
    account = Account.objects.select_for_update(no_key=True).filter(persons=person).first()
    if account is None or not Authenticator.objects.filter(user=account).delete()[0]:
        raise NothingToReset(f"{person} has no second step at sign-in.")
    accounts.sign_out_everywhere(account=account)
    key = f"second-factor-reset:{person.reference}:{account.epoch}"
    messages.post(key=key, template="second_factor_reset", to=account.email, reference=person.reference)
    log.info("The second factor of %s was reset by %s.", person.reference, by.reference)

"""Accounts and the persons they sign in: linked by an e-mail address that has been shown to be theirs."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from people.models import Account, Person
from people.permissions import STAFF_ROLES

# How long an account waits for the code that was sent.
UNPROVEN = timedelta(days=7)


@transaction.atomic
def open_account(*, email: str, password: str | None = None) -> Account:
    """An account whose address is known to be right, linked to its persons. Without a password: codes only."""
    account = Account.objects.create_user(email, password)
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    link(account)
    return account


@transaction.atomic
def for_code(email: str) -> Account | None:
    """The account that a code sent to the address signs in to, which is made if there is none; None if it is closed.

    Whoever chose a password for an address that was never shown to be theirs does not keep it: else they would be in
    as soon as its owner is.
    """
    account, is_new = Account.objects.get_or_create(email=email.strip().lower())
    if not account.is_active:
        return None
    if is_new:
        EmailAddress.objects.create(user=account, email=account.email, verified=False, primary=True)
    if account.has_usable_password() and not EmailAddress.objects.filter(user=account, verified=True).exists():
        account.set_unusable_password()
        account.save(update_fields=["password"])
    return account


def forget_unproven() -> int:
    """Delete the accounts whose code nobody has typed in a week, and say how many. Safe to repeat.

    Nobody ever signed in to these, no address of theirs was shown to be anybody's, and no person or request hangs on
    them. A closed account stays, so that it stays closed.
    """
    unproven = Account.objects.filter(
        is_active=True, last_login=None, persons=None, joinings=None, created_at__lt=timezone.now() - UNPROVEN
    ).exclude(emailaddress__verified=True)
    return unproven.delete()[1].get(Account._meta.label, 0)


@transaction.atomic
def link(account: Account) -> list[Person]:
    """Give the account the persons with its address who have none, and return those. Safe to repeat.

    Call it only when the address has been verified. An account with a staff role holds one person (architecture.md):
    else a colleague who reads the same mailbox would hold the role too. So of several, those with a staff role wait for
    an administrator to give them an address of their own, and nobody joins an account that has one.
    """
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    here = list(Person.objects.with_grants().filter(account=account))
    if any(map(_is_staff, here)):
        return []
    found = list(Person.objects.employed().with_grants().filter(account=None, email=account.email).order_by("id"))
    if len(here) + len(found) > 1:
        found = [person for person in found if not _is_staff(person)]
    Person.objects.filter(pk__in=[person.pk for person in found]).update(account=account)
    return found


@transaction.atomic
def change_email(*, account: Account, old: str, new: str) -> None:
    """Persons reached at the account's old address are reached at its new one from now on."""
    Person.objects.filter(account=account, email=old.lower()).update(email=new.lower())


def sign_out_everywhere(*, account: Account) -> None:
    """End all that is signed in to the account, wherever it is."""
    Account.objects.filter(pk=account.pk).update(epoch=F("epoch") + 1)


def _is_staff(person: Person) -> bool:
    return bool(person.roles & STAFF_ROLES)

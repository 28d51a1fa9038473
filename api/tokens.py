"""Making a token, taking it back, and finding who a secret lets in."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils import timezone

from api.models import LONGEST, Scope, Token
from people import second_factor
from people.models import Account, Person

# So that a secret left somewhere is recognised for what it is, by people and by scanners of code.
PREFIX = "turnout_"
MOST = 20


class TokenRefused(Exception):
    """No token was made; the sentence says why."""


@transaction.atomic
def make(*, account: Account, by: Person, name: str, scopes: Collection[str], expires_on: date) -> tuple[Token, str]:
    """A token for the person who asks, and its secret, which nobody can read again. Raises TokenRefused."""
    today = timezone.localdate()
    if not today <= expires_on <= today + LONGEST:
        raise TokenRefused("A token can be used for a year at most. Choose an earlier last day, from today on.")
    # Of two at once the second waits here, and counts the first.
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    if by.tokens.current(today).count() >= MOST:
        raise TokenRefused(f"You have {MOST} tokens already. Revoke one that you do not use.")
    if by.tokens.kept().filter(name=name).exists():
        raise TokenRefused(f"You have a token named “{name}” already. Give this one another name, or revoke that one.")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        person=by,
        account=account,
        epoch=account.epoch,
        name=name,
        scopes=[scope for scope in Scope.values if scope in scopes],
        digest=digest(secret),
        expires_on=expires_on,
    )
    return token, secret


def revoke(*, token: Token, by: Person) -> None:
    """Take a token back: the next request with it is refused. A second call changes nothing."""
    Token.objects.visible_to(by).filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())


def enter(secret: str) -> tuple[Token, Person] | None:
    """The token with this secret and the person it acts for, roles and agency read; None where it lets nobody in.

    In two statements, and one more on a day's first use, which it notes.
    """
    today = timezone.localdate()
    found = Token.objects.current(today).select_related("account").filter(digest=digest(secret)).first()
    if found is None or not _account_stands(found):
        return None
    # Who has left, or acts under another account now, is not let in by what they made before.
    persons = Person.objects.employed().with_grants().select_related("agency")
    person = persons.filter(pk=found.person_id, account=found.account_id).first()
    if person is None or second_factor.is_missing(person):
        return None
    if found.last_used_on != today:
        Token.objects.filter(pk=found.pk).update(last_used_on=today)
    return found, person


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _account_stands(token: Token) -> bool:
    return token.account.is_active and token.epoch == token.account.epoch

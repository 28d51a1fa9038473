"""Checking oneself in: a code that stands on the room's screen and changes, and the mark that the clock makes.

The code is made from the session and the half minute, by a key of ours: nothing is stored. The one before is taken too,
for who was still typing. Who has shown a code has a ticket for some minutes, in which to say who they are.
"""

import time
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from bookings import attendance, refusals, register
from bookings.models import Booking, Mark
from people.models import Person
from people.references import ALPHABET
from training.models import Session

SECONDS, LENGTH = 30, 6
TICKET_SECONDS = 300
SALT = "bookings.check-in"


def code(session: Session, *, ago: int = 0) -> str:
    """The code of this half minute, or of so many before."""
    window = int(time.time()) // SECONDS - ago
    drawn = salted_hmac(SALT, f"{session.pk}:{window}", algorithm="sha256").digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in drawn[:LENGTH])


def seconds_left() -> int:
    """Until the code changes."""
    return SECONDS - int(time.time()) % SECONDS


def is_code(session: Session, typed: str) -> bool:
    typed = "".join(typed.split()).upper()
    return any(constant_time_compare(typed, code(session, ago=ago)) for ago in (0, 1))


def ticket(session: Session) -> str:
    """For who has shown a code."""
    return signing.TimestampSigner(salt=SALT).sign(str(session.pk))


def is_ticket(session: Session, shown: str) -> bool:
    try:
        return signing.TimestampSigner(salt=SALT).unsign(shown, max_age=TICKET_SECONDS) == str(session.pk)
    except signing.BadSignature:
        return False


def address(session: Session, number: int) -> str:
    """What the QR code says."""
    path = reverse("registers:check_in", args=[session.event.reference, number])
    return f"{settings.SITE_URL}{path}?code={code(session)}"


@transaction.atomic
def check_in(*, session: Session, booking: Booking, by: Person) -> Mark | None:
    """Mark a delegate as here, by their own hand: present, or late by the clock; again changes nothing.

    On the session's day until it ends or is handed in. Raises RegisterRefused.
    """
    now = timezone.now()
    if not is_open(session, now):
        raise refusals.RegisterNotOpenYet("You can check in on the day, until the session ends. Ask the trainer.")
    if register.is_handed_in(session):
        raise refusals.RegisterClosed("The register is handed in already. Ask the trainer to put you on it.")
    marked, minutes = attendance.by_the_clock(session, now, booking.policy)
    try:
        return register.mark(session=session, booking=booking, attendance=marked, minutes=minutes, by=by, seen=None)
    except refusals.MarkedOtherwise as refusal:
        if refusal.found.attendance in attendance.IN_THE_ROOM:
            return refusal.found
        raise refusals.RegisterClosed("You are marked as not here. Ask the trainer to put that right.") from refusal


def is_open(session: Session, now: datetime) -> bool:
    return timezone.localdate(session.starts_at) == timezone.localdate(now) and now <= session.ends_at

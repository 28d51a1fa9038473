"""Reminding who makes up a session of it: when it is and how it is joined, as of an event that they had booked."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from bookings import reminders
from bookings.models import Booking, MakeUp
from bookings.reminders import DAYS_BEFORE
from outbox import messages
from outbox.models import Message
from people import persons
from training.models import Event

SOON = "session_made_up_soon"


@transaction.atomic
def remind(now: datetime | None = None) -> int:
    """Post what is due, at the settings' times; returns how many. Safe twice: a message's key says which and whose."""
    now = now or timezone.now()
    names = [] if reminders.is_night(now) else [name for name in DAYS_BEFORE if name in settings.REMINDERS]
    found = [(name, one) for name in names for one in _to_remind(name, now) if _is_due(name, one, now)]
    messages.post_each(
        template=SOON,
        messages=[(f"{_key(name)}{one.pk}", one.mailbox, f"{one.pk}:{one.booking.reference}") for name, one in found],
    )
    return len(found)


def _is_due(name: str, one: MakeUp, now: datetime) -> bool:
    """Who was told later than it opens has just read it all."""
    if one.session is None or (name == "joining_instructions" and not reminders.says_how_to_join(one.event)):
        return False
    window = reminders.days_before(one.session.starts_at, DAYS_BEFORE[name])
    return window is not None and window.includes(now) and one.arranged_at < window.opens


def _to_remind(name: str, now: datetime) -> QuerySet[Any]:
    """Those of a session within as many days that are not reminded yet, each with mailbox, where their mail goes."""
    there = Message.objects.filter(key=Concat(Value(_key(name)), Cast(OuterRef("pk"), CharField())))
    first = now + (DAYS_BEFORE[name] + 1) * reminders.DAY
    found = MakeUp.objects.live().filter(
        ~Exists(there), event__state=Event.State.PUBLISHED, session__starts_at__gt=now, session__starts_at__lt=first,
        booking__state=Booking.State.CONFIRMED, booking__delegate__left_on=None,
    )  # fmt: skip
    reached: QuerySet[Any] = found.annotate(mailbox=persons.mailbox("booking__delegate")).exclude(mailbox="")
    sure = reached.exclude(event__certainty=Event.Certainty.HELD)
    return sure.select_related("booking", "event__course", "session")


def _key(name: str) -> str:
    return f"{name}:make-up:"

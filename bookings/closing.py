"""Registers that close by themselves: some working days after they were handed in, where nothing differs.

What a coordinator has to look at stays open: somebody unmarked, a head count that the marks do not bear out, or a
register that was opened again.
"""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from bookings import register, working_days
from bookings.attendance import IN_THE_ROOM
from bookings.models import Register, SentMark
from bookings.refusals import RegisterRefused
from training.models import Event, Session

# A device sends a mark for 48 hours at most.
NONCES_KEPT = timedelta(days=7)


def close_by_themselves() -> int:
    """Close what may close by itself; returns how many events that were. Again closes no more.

    REGISTERS_CLOSE_AFTER whole working days lie between the day handed in and today; None: nothing closes by itself.
    """
    days = settings.REGISTERS_CLOSE_AFTER
    if days is None:
        return 0
    closing, today = working_days.closing_days(), timezone.localdate()
    return sum(_close_unless_anything_differs(event, days, closing, today) for event in _handed_in())


def forget_nonces() -> int:
    """Forget which marks devices sent, once none can be sent again; returns how many."""
    deleted, _ = SentMark.objects.filter(taken_at__lt=timezone.now() - NONCES_KEPT).delete()
    return deleted


def _handed_in() -> list[Event]:
    """Events that are over, with all registers handed in, none ever opened again, and one not closed."""
    sessions = Session.objects.filter(event=OuterRef("pk"))
    waits = sessions.filter(Q(register=None) | Q(register__handed_in_at=None) | Q(register__reopened_at__isnull=False))
    is_open = sessions.filter(register__closed_at=None)
    return list(Event.objects.delivered().filter(~Exists(waits), Exists(is_open)).order_by("pk"))


@transaction.atomic
def _close_unless_anything_differs(event: Event, days: int, closing: frozenset[date], today: date) -> bool:
    # Nobody marks or hands in while it is looked at.
    Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    for handed_in in _registers(event):
        waited = working_days.whole_days_between(timezone.localdate(handed_in.handed_in_at), today, closing)
        if waited < days or handed_in.head_count != handed_in.came:
            return False
    try:
        register.close(event=event, by=None)
    except RegisterRefused:
        return False
    return True


def _registers(event: Event) -> QuerySet[Any]:
    """Each with how many came, by the marks."""
    came = Count("session__marks", filter=Q(session__marks__attendance__in=IN_THE_ROOM))
    return Register.objects.filter(session__event=event).annotate(came=came)

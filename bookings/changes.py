"""Telling who has a place that the event's times, room or link changed: one message a change, however it was made.

The database notes the change by trigger. It is told when nothing more was changed for some minutes, so that a
coordinator who corrects the room after the time does not send two messages.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, Func, JSONField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from bookings import making_up
from bookings.models import Booking, EventChange
from outbox import messages
from outbox.models import Message, Work
from people import persons
from training.models import Event

CHANGED = "booking_changed"
SETTLED_AFTER = timedelta(minutes=5)
# A confirmation made this soon after the change may still have said how it was: an import commits when it is through.
UNCERTAIN_FOR = timedelta(minutes=2)


@transaction.atomic
def tell(now: datetime | None = None) -> dict[str, int]:
    """Post a message to each delegate whom a settled change concerns. Safe twice. Returns how many of each."""
    now = now or timezone.now()
    settled = EventChange.objects.filter(told_at=None, changed_at__lte=now - SETTLED_AFTER)
    rows = settled.select_for_update(skip_locked=True).annotate(is_now=_told_of(F("event_id")))
    changes = list(rows)
    # Changed and changed back: there is nothing to tell.
    EventChange.objects.filter(pk__in=[one.pk for one in changes if one.is_now == one.was]).delete()
    real = [one for one in changes if one.is_now != one.was]
    EventChange.objects.filter(pk__in=[one.pk for one in real]).update(told_at=now)
    told = [
        (f"{CHANGED}:{reference}:{change}", email, reference)
        for reference, email, change in concerned(real, now).values_list(
            "reference", persons.mailbox("delegate"), "event__changes"
        )
        if email
    ]
    messages.post_each(template=CHANGED, messages=told)
    made_up = making_up.tell_changed(real, now)
    return {"changes": len(real), "told": len(told) + made_up}


def concerned(changes: Sequence[EventChange], now: datetime) -> QuerySet[Booking]:
    """Who had a place before the change, but for those whose confirmation was made after it and so says how it is."""
    later = Q(state=Work.State.WAITING) | Q(finished_at__gte=OuterRef("event__changes__changed_at") + UNCERTAIN_FOR)
    confirmation = Message.objects.filter(later, key=Concat(Value("booking-confirmed:"), OuterRef("reference")))
    return Booking.objects.filter(
        ~Exists(confirmation),
        state=Booking.State.CONFIRMED,
        event__changes__in=changes,
        event__state=Event.State.PUBLISHED,
        event__ends_at__gt=now,
        placed_at__lte=F("event__changes__changed_at"),
    ).exclude(source=Booking.Source.WALK_IN)


def number_to_tell(event: Event) -> int:
    """How many would be told if the event's times or rooms changed now: who has a place, and a mailbox."""
    if event.state != Event.State.PUBLISHED or event.is_over():
        return 0
    placed = event.bookings.filter(state=Booking.State.CONFIRMED).exclude(source=Booking.Source.WALK_IN)
    return placed.annotate(mailbox=persons.mailbox("delegate")).exclude(mailbox="").count()


def _told_of(event: F) -> Func:
    return Func(event, function="bookings_told_of", output_field=JSONField())

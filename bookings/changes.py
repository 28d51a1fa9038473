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

from bookings import making_up, steps
from bookings.models import Booking, EventChange
from outbox import messages
from outbox.models import Message, Work
from people import persons
from training.models import Event

CHANGED, WAITING = "booking_changed", "booking_waiting"
# Of what an event was, and is now: that its date is not sure.
TENTATIVE = "is_tentative"
SETTLED_AFTER = timedelta(minutes=5)
# A confirmation made this soon after the change may still have said how it was: an import commits when it is through.
UNCERTAIN_FOR = timedelta(minutes=2)


@transaction.atomic
def tell(now: datetime | None = None) -> dict[str, int]:
    """Post a message to each delegate whom a settled change concerns. Safe twice. Returns how many of each."""
    now = now or timezone.now()
    settled = EventChange.objects.filter(told_at=None, changed_at__lte=now - SETTLED_AFTER)
    # Where messages are held back until the date is sure, what changes until then is told with it.
    settled = settled.exclude(event__certainty=Event.Certainty.HELD)
    rows = settled.select_for_update(of=["self"], skip_locked=True).annotate(is_now=_told_of(F("event_id")))
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
    return {"changes": len(real), "told": len(told) + made_up + _tell_waiting(real, now)}


def concerned(changes: Sequence[EventChange], now: datetime) -> QuerySet[Booking]:
    """Who had a place before the change, but for those whose confirmation was made after it and so says how it is."""
    found = _not_told_since("booking_confirmed", changes, now, state=Booking.State.CONFIRMED, since="placed_at")
    return found.exclude(source=Booking.Source.WALK_IN)


def _tell_waiting(changes: Sequence[EventChange], now: datetime) -> int:
    """Tell who waited when the date was confirmed, or doubted, where they stand. Of other changes they are not told."""
    dates = [one for one in changes if one.was.get(TENTATIVE) != one.__dict__["is_now"].get(TENTATIVE)]
    if not dates:
        return 0
    there = _not_told_since(WAITING, dates, now, state=Booking.State.WAITING, since="booked_at")
    found = there.values_list("reference", persons.mailbox("delegate"), "event__changes")
    told = [
        (f"{steps.key_of(WAITING, reference)}:date-{change}", email, reference)
        for reference, email, change in found
        if email
    ]
    messages.post_each(template=WAITING, messages=told)
    return len(told)


def _not_told_since(
    template: str, changes: Sequence[EventChange], now: datetime, *, state: str, since: str
) -> QuerySet[Booking]:
    """Bookings in this state since before the change, but for those whose message of it waits, or was made after it."""
    later = Q(state=Work.State.WAITING) | Q(finished_at__gte=OuterRef("event__changes__changed_at") + UNCERTAIN_FOR)
    key = Concat(Value(steps.key_of(template, "")), OuterRef("reference"))
    return Booking.objects.filter(
        ~Exists(Message.objects.filter(later, key=key)),
        Q(**{f"{since}__lte": F("event__changes__changed_at")}),
        state=state,
        event__changes__in=changes,
        event__state=Event.State.PUBLISHED,
        event__ends_at__gt=now,
    )


def number_to_tell(event: Event, certainty: str = Event.Certainty.SURE) -> int:
    """How many would be told if the event's times or rooms changed now: who has a place, and a mailbox.

    certainty: as it is from now on. Where messages are held back nobody is told; of whether the date is sure those hear
    who wait, too.
    """
    if event.state != Event.State.PUBLISHED or event.is_over() or certainty == Event.Certainty.HELD:
        return 0
    states = [Booking.State.CONFIRMED]
    if event.is_tentative == (certainty == Event.Certainty.SURE):
        states.append(Booking.State.WAITING)
    placed = event.bookings.filter(state__in=states).exclude(source=Booking.Source.WALK_IN)
    if event.is_tentative and certainty == Event.Certainty.SURE and _is_as_told(event):
        keys = [Concat(Value(steps.key_of(kind, "")), OuterRef("reference")) for kind in (WAITING, "booking_confirmed")]
        placed = placed.filter(Exists(Message.objects.filter(state=Work.State.WAITING, key__in=keys)))
    told = placed.order_by().values("pk").union(making_up.still_at(event).order_by().values("pk"))
    return Booking.objects.filter(pk__in=told).annotate(mailbox=persons.mailbox("delegate")).exclude(mailbox="").count()


def _is_as_told(event: Event) -> bool:
    """Whether, once it is sure, the event is as its people know it: that it was doubted is not told yet."""
    change = event.changes.filter(told_at=None).annotate(is_now=_told_of(F("event_id"))).first()
    return change is not None and change.was == {key: value for key, value in change.is_now.items() if key != TENTATIVE}


def _told_of(event: F) -> Func:
    return Func(event, function="bookings_told_of", output_field=JSONField())

"""Cancelling an event in some minutes: until then it can be stopped, nobody is told, and nobody new is booked.

What cancelling does cannot be taken back, as everybody is told and offered another date; so it waits. The background
carries it out when its moment has come (bookings/tasks.py), or whoever does not want to wait.
"""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from bookings import cancelling, claims, queue, refusals, steps
from bookings.cancelling import Cancelled
from outbox import jobs
from people.models import Person
from training.models import Event
from training.moments import clock

log = logging.getLogger(__name__)

CARRY_OUT = "cancel-event"


@transaction.atomic
def plan(*, event: Event, by: Person, reason: str, instead: Event | None = None) -> Event:
    """Have the event cancelled in some minutes. Raises BookingRefused, as cancelling.cancel_event() then would."""
    if not reason.strip():
        raise refusals.ReasonMissing("Say why the event is cancelled: everyone who is booked is told.")
    event, instead = cancelling.lock(event, instead)
    cancelling.refuse(event)
    refuse_again(event)
    _refuse_while_others_come(event)
    at = timezone.now() + steps.UNDO_FOR
    event.save(update_fields=event.set_to_cancel(at, by, reason.strip()[: cancelling.REASON], instead))
    key = f"{CARRY_OUT}:{event.reference}:{at.isoformat()}"
    jobs.start(key=key, kind=CARRY_OUT, arguments={"event": event.pk}, due_at=at)
    return event


@transaction.atomic
def stop(*, event: Event, by: Person) -> Event:
    """Leave the event as it is, with whatever became free meanwhile offered. A second call changes nothing.

    Raises AlreadyCancelled when it is too late.
    """
    event = claims.lock(event)
    if event.state in (Event.State.CANCELLED, Event.State.ABANDONED):
        raise refusals.AlreadyCancelled(f"{event} is cancelled already, and its people are told.")
    event.save(update_fields=event.set_to_cancel())
    queue.promote(event)
    log.info("Event %s is not cancelled after all, says person %s.", event.reference, by.reference)
    return event


@transaction.atomic
def carry_out(*, event: Event, now: datetime | None = None) -> Cancelled | None:
    """Cancel the event where that is planned: by now, if that is given. None where it is not; twice does it once.

    If the other date cannot be booked any more, it comes without one. If it took place after all, it is left alone.
    """
    pair = Event.objects.filter(pk=event.pk).values_list("pk", "to_cancel_instead")
    locked = Event.objects.select_for_update(no_key=True, of=["self"]).filter(pk__in=[key for key in pair[0] if key])
    found = {one.pk: one for one in locked.select_related("to_cancel_by").order_by("pk")}
    event = found[event.pk]
    by, instead = event.to_cancel_by, found.get(event.to_cancel_instead_id or 0)
    if event.to_cancel_at is None or by is None or (now and event.to_cancel_at > now):
        return None
    try:
        cancelling.refuse(event)
    except refusals.RegisterClosed:
        log.warning("Event %s was to be cancelled, and took place.", event.reference)
        event.save(update_fields=event.set_to_cancel())
        return None
    try:
        if instead:
            claims.refuse_unless_open(instead)
    except refusals.BookingRefused:
        log.warning("Event %s is cancelled without the date that was to come instead.", event.reference)
        instead = None
    return cancelling.cancel_event(event=event, by=by, reason=event.to_cancel_reason, instead=instead)


def refuse_again(event: Event) -> None:
    """Raise AlreadyCancelled where it is planned; plan() asks the same. No query."""
    if event.to_cancel_at:
        raise refusals.AlreadyCancelled(f"{event} will be cancelled at {clock(event.to_cancel_at)} already.")


def _refuse_while_others_come(event: Event) -> None:
    coming = Event.objects.filter(to_cancel_instead=event).first()
    if coming:
        raise refusals.NotAnotherDate(
            f"The people of {coming}, which is about to be cancelled, come here instead. Open that one first, and "
            "cancel it now, or do not cancel it."
        )

"""The waiting list: one function that lets it move, whatever freed a place, and one that says why it does or does not.

Order is first come, first served (booked_at, then id). Who may have none of the free places, as they are kept for
others, the agency has its most, or a chosen workshop is full, is passed over and keeps the position. Whoever frees
places calls promote() in the same transaction, under the same lock; the job of bookings/tasks.py calls it for what
frees itself, and so heals what an interruption left.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from bookings import policies, steps
from bookings.models import Booking, Offer
from bookings.room import Room, Why, queue_of
from bookings.windows import Windows
from outbox import messages
from people import persons
from training.models import Event
from training.moments import until

State = Booking.State
# An offer that stands no longer than this is told at once, whatever might be undone: each minute counts.
SHORT = timedelta(hours=4)


def promote(event: Event, now: datetime | None = None, told_at: datetime | None = None) -> list[Booking]:
    """Offer each free place to the next who may have it, while offers may be made. Call it under the event's lock.

    told_at: until then nobody is told, as what freed the place may be undone (bookings/restoring.py). A second call
    finds nothing more to offer. Returns the bookings that were offered a place.
    """
    now = now or timezone.now()
    chosen, ends_at = next_offers(event, now)
    return offer(chosen, event, now, ends_at, told_at) if ends_at else []


def next_offers(event: Event, now: datetime) -> tuple[list[Booking], datetime | None]:
    """Whom promote() would offer a place, and until when; None when it would make no offers, whoever waits."""
    if event.state != Event.State.PUBLISHED or event.starts_at is None or event.has_begun(now):
        return [], None
    if event.to_cancel_at:  # nobody should get what is off in some minutes
        return [], None
    waiting = [booking for booking in queue_of(event) if booking.delegate.left_on is None]
    if not waiting:
        return [], None
    ends_at = windows(now).offer_ends_at(now, event.starts_at)
    return (Room.of(event).give_each(waiting), ends_at) if ends_at else ([], None)


def offer(
    chosen: Sequence[Booking], event: Event, now: datetime, ends_at: datetime, told_at: datetime | None = None
) -> list[Booking]:
    """Hold a place for each of these until then, and tell them. The room is the caller's to know."""
    Offer.objects.bulk_create([Offer(booking=booking, made_at=now, ends_at=ends_at) for booking in chosen])
    event.bookings.filter(pk__in=[booking.pk for booking in chosen]).update(state=State.OFFERED)
    for booking in chosen:
        booking.event, booking.state = event, State.OFFERED
    tell_each("booking_offered", chosen, again=f":{now.isoformat()}", due_at=told_at if ends_at - now > SHORT else None)
    return list(chosen)


def tell_each(template: str, bookings: Iterable[Booking], again: str = "", due_at: datetime | None = None) -> None:
    """As steps.tell(), for many in one statement. again: behind the key, where they may have been told before."""
    reached = [(persons.mailbox_of(one.delegate), one.reference) for one in bookings]
    messages.post_each(
        template=template,
        messages=[(steps.key_of(template, reference) + again, to, reference) for to, reference in reached if to],
        due_at=due_at,
    )


def windows(now: datetime) -> Windows:
    """The terms of offers made now."""
    return Windows.under(*policies.in_force_and_closing(timezone.localdate(now)))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands on a waiting list, and what it waits for."""

    position: int
    waiting: int
    why: str
    # Whether no more places are offered, as the event is too near.
    is_over: bool = False

    def __str__(self) -> str:
        return f"You are number {self.position} of {self.waiting} on the waiting list. {self.why}"


def standing(booking: Booking, now: datetime | None = None) -> Standing:
    """The position of a booking that waits, and in a sentence or two why the list is or is not moving."""
    now = now or timezone.now()
    waiting = queue_of(booking.event)
    keys = [one.pk for one in waiting]
    place = keys.index(booking.pk) + 1, len(waiting)
    event = booking.event
    if event.state != Event.State.PUBLISHED or event.starts_at is None:
        return Standing(*place, "No places are offered until the event has a date and is published.")
    terms = windows(now)
    stop = until(terms.stop_at(event.starts_at))
    if terms.offer_ends_at(now, event.starts_at) is None:
        return Standing(*place, OVER.format(stop=stop), is_over=True)
    return Standing(*place, " ".join(_why(booking, waiting, stop)))


def _why(booking: Booking, waiting: list[Any], stop: str) -> Iterator[str]:
    event = booking.event
    room = Room.of(event)
    yield REASONS[_refusal(room, booking, waiting)].format(cap=room.cap)
    if room.offered_until:
        yield f"A place is offered to somebody else until {until(room.offered_until)}; if they say no, it goes on."
    yield f"Places are offered until {stop}."


def _refusal(room: Room, booking: Booking, waiting: list[Any]) -> Why | None:
    """What stands between the booking and a place when everyone before it has been given theirs."""
    place = next(number for number, one in enumerate(waiting) if one.pk == booking.pk)
    room.give_each(waiting[:place])
    own = waiting[place]
    return room.refusal(own.agency_id, own.agency.type, own.chosen)


OVER = (
    "No more places are offered: the last offers ended at {stop}, so that nobody has to come at a moment’s notice. The "
    "training team may still give a place by hand."
)
REASONS = {
    None: "A place is free, and you will be offered it within minutes.",
    Why.FULL: "Every place is taken. When one becomes free the first on the list is offered it.",
    Why.KEPT: "The places that are free are kept for other agencies for now. What they do not take goes to the list.",
    Why.CAPPED: "Your agency has as many places as one agency may have here: {cap}. When a colleague of yours cancels, "
    "or the training team allows more, you come next.",
    Why.WORKSHOP_FULL: "A place is free, but a workshop that you chose is full. Choose another one with your booking.",
}

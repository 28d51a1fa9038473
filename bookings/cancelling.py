"""Cancelling an event: with it end all its live bookings, and who is on them has first refusal on the next date.

An event that the partnership moves is cancelled and followed by the new date: nobody is taken to come on another day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Sum, Value, When
from django.utils import timezone

from bookings import approval, claims, needs, policies, queue, refusals, steps
from bookings.models import Approval, Booking
from bookings.room import Room, queue_of
from outbox import messages
from people import persons
from people.models import Person
from training.models import Event

State, Outcome = Booking.State, Booking.Outcome
TEMPLATE, BROKEN_OFF = "event_cancelled", "event_broken_off"
REASON = 200  # characters


@dataclass(frozen=True, slots=True)
class Ending:
    """What ends with an event: its live bookings, each with where its mail goes as mailbox, and what is reserved."""

    bookings: list[Any]
    # The same of who makes up a session there: that ends, and they are told, by making_up.tend().
    made_up: list[Any]
    reserved: int
    # Nobody is told of what is over, or was never public.
    is_told: bool

    @property
    def told(self) -> list[Any]:
        return [one for one in self.bookings if self.is_told and one.mailbox]

    @property
    def unreached(self) -> list[Any]:
        """Who would be told, and has no address to be told at."""
        return [one for one in (*self.bookings, *self.made_up) if self.is_told and not one.mailbox]

    @property
    def number_told(self) -> int:
        return len(self.told) + sum(self.is_told and bool(one.mailbox) for one in self.made_up)

    @property
    def waiting(self) -> int:
        return sum(one.state == State.WAITING for one in self.bookings)


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A cancelled event, what ended with it, and the bookings on the date that comes instead."""

    event: Event
    ending: Ending
    carried: list[Booking]


def what_ends(event: Event, now: datetime | None = None) -> Ending:
    """What cancelling the event would end now."""
    return Ending(
        bookings=reached(event.bookings.live()),
        made_up=reached(Booking.objects.making_up_at(event)),
        reserved=event.reservations.live().aggregate(places=Sum("places"))["places"] or 0,
        is_told=event.state == Event.State.PUBLISHED and not event.is_over(now),
    )


def reached(bookings: QuerySet[Booking]) -> list[Any]:
    """Each with where its mail goes as mailbox."""
    found = bookings.annotate(mailbox=persons.mailbox("delegate")).select_related("delegate", "agency")
    return list(found.order_by("delegate__sort_name", "id"))


@transaction.atomic
def cancel_event(
    *, event: Event, by: Person, reason: str, instead: Event | None = None, broken_off_at: datetime | None = None
) -> Cancelled:
    """Cancel an event and every live booking on it; nobody is charged. The reason is told to who was booked.

    broken_off_at: it had begun, and does not count; it is abandoned (bookings/breaking_off.py).

    Where another date comes instead, one of next_dates() or a new one, each of them is carried there: see _carry().
    Raises BookingRefused when it is cancelled already, a register is closed, or the other date cannot be booked.
    """
    if not reason.strip():
        raise refusals.ReasonMissing("Say why the event is cancelled: everyone who is booked is told.")
    event, instead = lock(event, instead)
    refuse(event)
    now = timezone.now()
    live, ending = event.bookings.live(), what_ends(event, broken_off_at or now)
    carried = _in_order(live) if instead else []
    needed = needs.of_bookings(carried)
    live.update(
        state=State.CANCELLED,
        keeps_place=False,
        # Who only waited held no place, and so has no outcome.
        outcome=Case(When(placed_at__isnull=False, then=Value(Outcome.EVENT_CANCELLED))),
        cancelled_at=now,
        cancelled_by=by,
        received_at=now,
    )
    event.reservations.live().update(released_at=now)
    event.state, event.cancelled_at, event.cancelled_by = Event.State.CANCELLED, now, by
    event.cancelled_reason = reason.strip()[:REASON]
    changed = ["state", "cancelled_at", "cancelled_by", "cancelled_reason", *event.set_to_cancel()]
    if broken_off_at:
        event.state = Event.State.ABANDONED
        changed += note_broken_off(event, Event.Counts.NOTHING, reason, broken_off_at, by)
    event.save(update_fields=changed)
    tell(BROKEN_OFF if broken_off_at else TEMPLATE, ending.told)
    if instead is None:
        return Cancelled(event, ending, [])
    new = _carry(carried, event, instead, by, now)
    # Who was on the next date already needs there what they need here.
    needs.carry(needed, instead.bookings.live().filter(delegate__in=needed))
    return Cancelled(event, ending, new)


def note_broken_off(event: Event, counts: Event.Counts, reason: str, at: datetime, by: Person) -> list[str]:
    """Say on the event, which is not saved, that it was broken off; returns the names of these fields."""
    event.broken_off_at, event.broken_off_by = at, by
    event.broken_off_reason, event.broken_off_counts = reason.strip()[:200], counts
    return ["broken_off_at", "broken_off_by", "broken_off_reason", "broken_off_counts"]


def tell(template: str, bookings: Iterable[Any]) -> None:
    """Post a message about what became of the event, once to each booking's mailbox."""
    to_each = [(steps.key_of(template, one.reference), one.mailbox, one.reference) for one in bookings]
    messages.post_each(template=template, messages=to_each)


def refuse(event: Event) -> None:
    """Raise BookingRefused where the event is off already or took place; cancel_event() asks the same."""
    if event.state in {Event.State.CANCELLED, Event.State.ABANDONED}:
        raise refusals.AlreadyCancelled(f"{event} is {event.get_state_display().lower()} already.")
    if event.sessions.filter(register__closed_at__isnull=False).exists():
        raise refusals.RegisterClosed(f"{event} took place: its register is closed. Reopen it first if that is wrong.")


def next_dates(event: Event, now: datetime | None = None) -> QuerySet[Event]:
    """The other dates of the course that can be booked, the nearest first."""
    now = now or timezone.now()
    others = Event.objects.coming(now).filter(course=event.course_id, starts_at__gt=now, is_in_house=event.is_in_house)
    return others.staying().exclude(pk=event.pk).order_by("starts_at", "id")


def carried_from(event: Event) -> QuerySet[Booking]:
    """The bookings of its people on the date that came instead, but who waited there for longer and still does.

    They are on its list since the day on which they booked this one, or were offered a place as it was cancelled.
    """
    same = event.bookings.filter(delegate=OuterRef("delegate"), booked_at=OuterRef("booked_at"))
    found = Booking.objects.filter(event__course=event.course_id).exclude(event=event)
    return found.filter(Exists(same) | Q(offers__made_at=event.cancelled_at, delegate__bookings__event=event))


def lock(event: Event, instead: Event | None) -> tuple[Event, Event | None]:
    """Both, in the order of their ids. Raises BookingRefused where the other cannot come instead."""
    keys = [event.pk] if instead is None else [event.pk, instead.pk]
    found = {one.pk: one for one in Event.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")}
    if instead is None:
        return found[event.pk], None
    instead = found[instead.pk]
    claims.refuse_unless_open(instead)
    if instead.pk == event.pk or instead.course_id != found[event.pk].course_id:
        raise refusals.NotAnotherDate("What comes instead is another date of the same course.")
    return found[event.pk], instead


def _in_order(live: QuerySet[Booking]) -> list[Booking]:
    """Who held a place before who waited, each as they came."""
    holds = Case(When(pk__in=Booking.objects.holding_a_place(), then=Value(0)), default=Value(1))
    rows = live.select_related("delegate__agency").filter(delegate__left_on=None)
    return list(rows.order_by(holds, "booked_at", "id"))


def _carry(bookings: list[Booking], event: Event, instead: Event, by: Person, now: datetime) -> list[Booking]:
    """Put everyone on the next date's list with the day on which they booked the first, and offer what is free there.

    Who awaited approval awaits it there, unless it is too late to ask. Returns the new bookings.

    That is their first refusal: what is offered to them the public does not get, and who does not answer is not booked
    and not charged. The bookings are for the agencies of today.
    """
    asked = approval.latest_of(one for one in bookings if one.state == State.REQUESTED)
    if asked and not approval.can_be_asked(instead, now):
        bookings = [one for one in bookings if one.pk not in asked]
    here = {one.delegate_id: one for one in instead.bookings.live()}
    new = {
        old.pk: Booking(
            event=instead,
            delegate=old.delegate,
            agency=old.delegate.agency,
            state=State.REQUESTED if old.pk in asked else State.WAITING,
            booked_at=old.booked_at,
            booked_by=by,
            policy=policies.in_force(timezone.localdate(now)),
        )
        for old in bookings
        if old.delegate_id not in here
    }
    Booking.objects.bulk_create(new.values())
    _ask([(one, asked[old]) for old, one in new.items() if old in asked], instead, now)
    _date_back(bookings, here)
    offered = _give(bookings, event, instead, now)
    for one in new.values():
        one.state = State.OFFERED if one.pk in offered else one.state
    return list(new.values())


def _date_back(bookings: list[Booking], here: dict[int, Booking]) -> None:
    """Who waits for the next date already does so since the earlier of the two days."""
    earlier = [old for old in bookings if old.delegate_id in here and here[old.delegate_id].state == State.WAITING]
    for old in earlier:
        one = here[old.delegate_id]
        one.booked_at = min(one.booked_at, old.booked_at)
    Booking.objects.bulk_update([here[old.delegate_id] for old in earlier], ["booked_at"])


def _give(bookings: list[Booking], event: Event, instead: Event, now: datetime) -> set[int]:
    """Offer what is free on the next date to those of its list who were on the first, and tell the others.

    Returns the keys of the bookings that were offered a place.

    In the order of the first, and not the list's: who had a place comes before who waited since longer.
    """
    waiting = {one.delegate_id: one for one in queue_of(instead)}
    listed = [waiting[old.delegate_id] for old in bookings if old.delegate_id in waiting]
    ends_at = queue.windows(now).offer_ends_at(now, instead.starts_at) if instead.starts_at else None
    offered = Room.of(instead).give_each(listed) if ends_at else []
    if ends_at:
        queue.offer(offered, instead, now, ends_at)
    # Who waited there before was told so then; now they may stand elsewhere.
    queue.tell_each("booking_waiting", [one for one in listed if one not in offered], again=f":{event.reference}")
    return {one.pk for one in offered}


def _ask(new: list[tuple[Booking, Approval]], instead: Event, now: datetime) -> None:
    """An approval that was asked for is asked for again: it was about another day."""
    approval.ask_again(new, instead, now)
    queue.tell_each("booking_requested", [booking for booking, _ in new])

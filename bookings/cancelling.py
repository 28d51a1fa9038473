"""Cancelling an event: with it end all its live bookings, and who is on them has first refusal on the next date.

An event that the partnership moves is cancelled and followed by the new date: nobody is taken to come on another day.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Case, QuerySet, Value, When
from django.utils import timezone

from bookings import claims, needs, policies, queue, refusals
from bookings.models import Booking
from bookings.room import Room
from outbox import messages
from people import persons
from people.models import Person
from training.models import Event

State, Outcome = Booking.State, Booking.Outcome


@transaction.atomic
def cancel_event(*, event: Event, by: Person, reason: str, instead: Event | None = None) -> Event:
    """Cancel an event and every live booking on it; nobody is charged. The reason is told to who was booked.

    Where another date comes instead, next_date() or a new one, each of them is carried there: see _carry(). Raises
    BookingRefused when it is cancelled already, a register is closed, or the other date cannot be booked.
    """
    if not reason.strip():
        raise refusals.ReasonMissing("Say why the event is cancelled: everyone who is booked is told.")
    event, instead = _lock(event, instead)
    if event.state in {Event.State.CANCELLED, Event.State.ABANDONED}:
        raise refusals.AlreadyCancelled(f"{event} is {event.get_state_display().lower()} already.")
    if event.sessions.filter(register__closed_at__isnull=False).exists():
        raise refusals.RegisterClosed(f"{event} took place: its register is closed. Reopen it first if that is wrong.")
    now = timezone.now()
    live = event.bookings.live()
    told = [] if event.is_over(now) else list(live.values_list("reference", persons.mailbox("delegate")))
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
    was_public = event.state == Event.State.PUBLISHED
    event.state, event.cancelled_at, event.cancelled_by = Event.State.CANCELLED, now, by
    event.cancelled_reason = reason.strip()[:200]
    event.save(update_fields=["state", "cancelled_at", "cancelled_by", "cancelled_reason"])
    if was_public:
        _tell(told)
    if instead:
        needs.carry(needed, _carry(carried, instead, by, now))
    return event


def next_date(event: Event, now: datetime | None = None) -> Event | None:
    """The next date of the course that can be booked."""
    now = now or timezone.now()
    others = Event.objects.coming(now).filter(course=event.course_id, starts_at__gt=now, is_in_house=event.is_in_house)
    return others.exclude(pk=event.pk).order_by("starts_at", "id").first()


def _lock(event: Event, instead: Event | None) -> tuple[Event, Event | None]:
    """Both, in the order of their ids."""
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


def _carry(bookings: list[Booking], instead: Event, by: Person, now: datetime) -> list[Booking]:
    """Put everyone on the next date's list with the day on which they booked the first, and offer what is free there.

    Returns the new bookings.

    That is their first refusal: what is offered to them the public does not get, and who does not answer is not booked
    and not charged. The bookings are for the agencies of today.
    """
    there = set(instead.bookings.live().values_list("delegate", flat=True))
    new = [
        Booking(
            event=instead,
            delegate=old.delegate,
            agency=old.delegate.agency,
            state=State.WAITING,
            booked_at=old.booked_at,
            booked_by=by,
            policy=policies.in_force(timezone.localdate(now)),
        )
        for old in bookings
        if old.delegate_id not in there
    ]
    Booking.objects.bulk_create(new)
    ends_at = queue.windows(now).offer_ends_at(now, instead.starts_at) if instead.starts_at else None
    # In this order, and not the list's: who had a place comes before who waited since longer.
    room = Room.of(instead)
    offered = [one for one in new if ends_at and room.has_given(one.agency_id, one.agency.type)]
    if ends_at:
        queue.offer(offered, instead, now, ends_at)
    queue.tell_each("booking_waiting", [one for one in new if one not in offered])
    return new


def _tell(told: list[tuple[str, str]]) -> None:
    for reference, email in told:
        if email:
            messages.post(key=f"event-cancelled:{reference}", template="event_cancelled", to=email, reference=reference)

"""Where an event's places are: confirmed, offered, reserved, kept, or free."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils import timezone

from bookings.models import Booking, Cap, Hold, Reservation
from bookings.room import Kept, Room
from training.models import Event

State = Booking.State


@dataclass(frozen=True, slots=True)
class HoldRow:
    """Places kept for an agency or a type of agency."""

    hold: Hold
    # None once it has ended: then nothing is kept any more.
    taken: int | None


@dataclass(frozen=True, slots=True)
class Shares:
    """An event's places by what became of them; the first seven numbers add up to its places."""

    confirmed: int
    offered: int
    # Of those who await approval, who have a place kept.
    requested: int
    # By agencies, without names yet.
    reserved: int
    # By who makes up a session here.
    made_up: int
    # For some agencies, and not taken.
    kept: int
    # Less than nothing where more are held than there are.
    free: int
    waiting: int
    offered_until: datetime | None
    holds: list[HoldRow]
    reservations: list[Reservation]
    cap: int | None


def shares_of(event: Event) -> Shares:
    """In four statements, however many hold places; read the event with its cap."""
    bookings = event.bookings.exclude(source=Booking.Source.WALK_IN).aggregate(
        confirmed=Count("pk", filter=Q(state=State.CONFIRMED)),
        offered=Count("pk", filter=Q(state=State.OFFERED)),
        requested=Count("pk", filter=Q(keeps_place=True)),
        waiting=Count("pk", filter=Q(state=State.WAITING)),
    )
    room = Room.of(event)
    reservations = list(event.reservations.live().filter(places__gt=0).select_related("agency", "made_by"))
    holds = [_row(hold, room) for hold in event.holds.select_related("agency").order_by("until", "pk")]
    kept = min(sum(row.hold.places - row.taken for row in holds if row.taken is not None), max(room.free, 0))
    cap: Cap | None = getattr(event, "cap", None)
    reserved = sum(one.places for one in reservations)
    booked = bookings["confirmed"] + bookings["offered"] + bookings["requested"]
    return Shares(
        **bookings,
        reserved=reserved,
        # Whoever holds the rest.
        made_up=room.held.total() - booked - reserved,
        kept=kept,
        free=room.free - kept,
        offered_until=room.offered_until,
        holds=holds,
        reservations=sorted(reservations, key=lambda one: one.agency.name),
        cap=cap.places if cap else None,
    )


def _row(hold: Hold, room: Room) -> HoldRow:
    kept = Kept(hold.agency_id, hold.agency_type, hold.places)
    return HoldRow(hold, hold.places - room.left_of(kept) if hold.until > timezone.now() else None)

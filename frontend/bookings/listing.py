"""The bookings that a person sees, as a list: what it is filtered and sorted by."""

from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from bookings.models import Booking, MakeUp
from bookings.models.booking import ATTENDED

# What the list may be filtered by: where a booking stands, or how it ended.
STATES = {
    "ahead": "Everything to come",
    "coming": "Coming",
    "waiting": "On the waiting list",
    "offered": "Offered a place",
    "requested": "Awaiting approval",
    "past": "Past",
    "unknown": "Past, outcome not known yet",
    "to-make-up": "A session to be made up again",
    "cancelled": "Cancelled",
    **dict(Booking.Outcome.choices),
    # As the report counts.
    "came": "Attended, in whole or in part",
    "held": "Held a place, walk-ins aside",
    "walked-in": "Walked in",
}
SORTS = {
    # Event by event, as they lie in event_by_start: so a page is read without sorting all.
    "date": ("event__starts_at", "event_id", "delegate__sort_name", "id"),
    "delegate": ("delegate__sort_name", "event__starts_at", "id"),
    "agency": ("agency__name", "event__starts_at", "id"),
    "course": ("event__course__title", "event__starts_at", "id"),
}


def in_state(bookings: QuerySet[Booking], state: str, now: datetime | None = None) -> QuerySet[Booking]:
    """Cut by a key of STATES."""
    now = now or timezone.now()
    if state == "to-make-up":
        return bookings.filter(pk__in=MakeUp.objects.lost(now).values("booking"))
    over = Q(event__ends_at__lte=now)
    conditions = {
        "ahead": ~Q(state=Booking.State.CANCELLED) & ~over,
        "coming": Q(state=Booking.State.CONFIRMED) & ~over,
        "waiting": Q(state=Booking.State.WAITING) & ~over,
        "offered": Q(state=Booking.State.OFFERED),
        "requested": Q(state=Booking.State.REQUESTED) & ~over,
        "past": ~Q(state=Booking.State.CANCELLED) & over,
        "unknown": Q(state=Booking.State.CONFIRMED, outcome=None) & over,
        "cancelled": Q(state=Booking.State.CANCELLED),
        "came": Q(outcome__in=ATTENDED),
        "held": Q(placed_at__isnull=False) & ~Q(source=Booking.Source.WALK_IN),
        "walked-in": Q(source=Booking.Source.WALK_IN),
    }
    return bookings.filter(conditions.get(state, Q(outcome=state)))


def sorted_by(bookings: QuerySet[Booking], key: str) -> QuerySet[Booking]:
    """In the order that an address asks for: a key of SORTS, "-" before it for the other way; else by date."""
    names = SORTS.get(key.removeprefix("-"), SORTS["date"])
    backwards = key.startswith("-")
    return bookings.order_by(*[F(name).desc(nulls_last=True) if backwards else F(name).asc() for name in names])

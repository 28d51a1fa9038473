"""Which materials a delegate is given by now: with a place, on the day, after attendance only."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from bookings.models import Booking
from training.models import Event, Material

When, Outcome = Material.When, Booking.Outcome
WAS_THERE = (Outcome.ATTENDED, Outcome.PART_ATTENDED)


def of(booking: Booking, now: datetime | None = None) -> QuerySet[Material]:
    """Those that the delegate may open now."""
    return Material.objects.given().of(booking.event).filter(when__in=_by_now(booking, now or timezone.now()))


def _by_now(booking: Booking, now: datetime) -> list[Material.When]:
    event = booking.event
    if booking.state != Booking.State.CONFIRMED or event.state != Event.State.PUBLISHED or event.starts_at is None:
        return []
    # An outcome is known when the register is closed; till then who has a place has what is for the day.
    was_there = booking.outcome in WAS_THERE
    is_day = timezone.localdate(event.starts_at) <= timezone.localdate(now)
    return [
        When.BEFORE,
        *([When.DAY] if is_day and (was_there or not booking.outcome) else []),
        *([When.AFTER] if was_there else []),
    ]


def whens() -> ArraySubquery:
    """For queries of bookings: in which of the times something of it is given; is_given() says whether by now."""
    found = Material.objects.given().filter(Q(event=OuterRef("event")) | Q(course=OuterRef("event__course")))
    return ArraySubquery(found.order_by("when").values("when").distinct())


def is_given(booking: Any, now: datetime) -> bool:
    """Whether the delegate may open something of it now, of a booking with whens() as whens. No query."""
    return not set(booking.whens).isdisjoint(_by_now(booking, now))


def before() -> ArraySubquery:
    """For queries of bookings: what messages to who has a place say of it, a line for each given before the day."""
    of_it = Q(event=OuterRef("event")) | Q(course=OuterRef("event__course"))
    found = Material.objects.given().filter(of_it, when=When.BEFORE).order_by("pk")
    return ArraySubquery(found.values(line=Concat("title", Value(": "), "link", output_field=CharField())))

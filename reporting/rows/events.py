"""The events behind a figure, without names. Each number is counted for its event alone: joins would multiply them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    DurationField,
    Exists,
    Expression,
    ExpressionWrapper,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, Greatest, Least

from bookings.attendance import IN_THE_ROOM
from bookings.models import Booking, Mark
from bookings.models.booking import BookingQuerySet
from reporting.measures import Number
from reporting.rows.bookings import matching
from reporting.rows.pages import Rows
from reporting.rows.scope import Scope
from reporting.rows.sources import BOOKED, CAME, RULES, Of
from training.models import Event, Session

CAME_IN_PART = Q(booking__placed_at__isnull=False, booking__outcome=Booking.Outcome.PART_ATTENDED)
NO_TIME = timedelta()
SECONDS_AN_HOUR = 60 * 60


@dataclass(frozen=True, slots=True)
class EventRow:
    """booked and attended are of all agencies; value is what the event adds to the figure."""

    reference: str
    course_code: str
    course: str
    starts_at: datetime
    ends_at: datetime
    venue: str
    state: str
    places: int
    booked: int
    attended: int
    value: Number


def events(measure: str, scope: Scope) -> Rows[EventRow]:
    """By date. For a figure of bookings: the events that they are on, each with how many."""
    rule = RULES[measure]
    found = Event.objects.filter(scope.events()).annotate(
        attended=_bookings_where(CAME), booked=_bookings_where(BOOKED)
    )
    found = found.annotate(**{name: NUMBERS[name]() for name in (rule.value, rule.needs) if name in NUMBERS})
    if rule.of is Of.BOOKINGS:
        of_event = matching(measure, scope).filter(event=OuterRef("pk"))
        found = found.filter(Exists(of_event)).annotate(value=_number(of_event))
    else:
        found = found.filter(rule.where(scope)).annotate(value=F(rule.value) if rule.value else Value(1))
    venue = Session.objects.filter(event=OuterRef("pk"), room__isnull=False).order_by("starts_at", "id")
    return Rows(
        found.annotate(venue=Subquery(venue.values("room__venue__name")[:1])).order_by("ends_at", "reference").values(
            "reference", "course__code", "course__title", "starts_at", "ends_at", "venue", "state", "places", "booked",
            "attended", "value",
        ),
        _row,
    )  # fmt: skip


def _time_attended() -> Expression:
    length = F("ends_at") - F("starts_at")
    sessions = Session.objects.filter(event=OuterRef("pk")).order_by().values("event").annotate(all=Sum(length))
    # A session that was left early counts whole, as few note the minute.
    of_part = Mark.objects.filter(CAME_IN_PART, booking__event=OuterRef("pk"), attendance__in=IN_THE_ROOM)
    marked = F("session__ends_at") - F("session__starts_at")
    marks = of_part.order_by().values("booking__event").annotate(all=Sum(marked))
    whole = _bookings_where(CAME & Q(outcome=Booking.Outcome.ATTENDED))
    return ExpressionWrapper(whole * _time(sessions) + _time(marks), output_field=DurationField())


def _time(summed: "QuerySet[Any, Any]") -> Coalesce:
    return Coalesce(Subquery(summed.values("all")), NO_TIME, output_field=DurationField())


def _largest() -> Subquery:
    by_agency = Booking.objects.filter(CAME, event=OuterRef("pk")).order_by().values("agency")
    return Subquery(by_agency.annotate(number=Count("pk")).order_by("-number").values("number")[:1])


def _bookings_where(condition: Q, what: Count | None = None) -> Coalesce:
    return _number(Booking.objects.filter(condition, event=OuterRef("pk")), what)


def _number(of_event: BookingQuerySet, what: Count | None = None) -> Coalesce:
    counted = of_event.order_by().values("event").annotate(number=what or Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


# What a rule may ask about an event beside its own fields. Made when asked for: each is a query of its own a row.
NUMBERS: dict[str, Callable[[], Expression]] = {
    "types": lambda: _bookings_where(CAME, Count("agency__type", distinct=True)),
    "largest_share": lambda: ExpressionWrapper(100.0 * _largest() / F("attended"), output_field=FloatField()),
    "first_published": lambda: Coalesce("first_places", "places"),
    "places_used": lambda: Least("attended", "places", output_field=IntegerField()),
    "empty_places": lambda: Greatest(F("places") - F("attended"), 0, output_field=IntegerField()),
    "hours": _time_attended,
}


def _row(found: dict[str, Any]) -> EventRow:
    return EventRow(
        found["reference"],
        found["course__code"],
        found["course__title"],
        found["starts_at"],
        found["ends_at"],
        found["venue"] or "",
        Event.State(found["state"]).label,
        found["places"],
        found["booked"],
        found["attended"],
        _value(found["value"]),
    )


def _value(value: int | float | timedelta) -> Number:
    """Hours of a length of time; a share as PostgreSQL's shortest decimal."""
    if isinstance(value, timedelta):
        return Decimal(str(value.total_seconds())) / SECONDS_AN_HOUR
    return Decimal(str(value)) if isinstance(value, float) else value

"""The bookings behind a figure, with names."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from bookings.models import Booking
from bookings.models.booking import ATTENDED, BookingQuerySet
from reporting.definitions import ABSENCES_THAT_REPEAT
from reporting.ledger import OUTCOMES, SOURCES, UNKNOWN
from reporting.measures import Number
from reporting.rows.pages import Rows
from reporting.rows.scope import Scope
from reporting.rows.sources import RULES

SECONDS_A_DAY = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class BookingRow:
    """agency: the delegate's when booked. value: what the booking adds to the figure."""

    reference: str
    delegate: str
    delegate_reference: str
    agency: str
    agency_reference: str
    event_reference: str
    course: str
    starts_at: datetime
    ends_at: datetime
    state: str
    source: str
    outcome: str
    value: Number


def bookings(measure: str, scope: Scope) -> Rows[BookingRow]:
    """By the event's date, then by name."""
    counts_days = RULES[measure].value == "days"

    def row(found: dict[str, Any]) -> BookingRow:
        waited = Decimal(str((scope.until - found["booked_at"]).total_seconds())) / SECONDS_A_DAY
        return _row(found, waited if counts_days else 1)

    ordered = matching(measure, scope).order_by("event__ends_at", "event__reference", "delegate__sort_name", "id")
    return Rows(
        ordered.values(
            "reference", "delegate__name", "delegate__reference", "agency__name", "agency__reference",
            "event__reference", "event__course__title", "event__starts_at", "event__ends_at", "state", "source",
            "outcome", "booked_at",
        ),
        row,
    )  # fmt: skip


def matching(measure: str, scope: Scope) -> BookingQuerySet:
    """The measure's bookings as a query, in no order."""
    query = Booking.objects.filter(RULES[measure].where(scope))
    if measure == "repeat_non_attendance":
        repeated = query.order_by().values("delegate").annotate(absences=Count("pk"))
        return query.filter(delegate__in=repeated.filter(absences__gte=ABSENCES_THAT_REPEAT).values("delegate"))
    if measure in ("unmet_demand", "median_wait"):
        return _unmet(query, scope)
    return query


def _unmet(waiting: BookingQuerySet, scope: Scope) -> BookingQuerySet:
    """Each person once a course, by who waited longest; without those who attended the course in the year."""
    same = Q(delegate=OuterRef("delegate"), event__course=OuterRef("event__course"))
    met = Booking.objects.filter(
        scope.whole.events("event__"), scope.delivered("event__"), same, placed_at__isnull=False, outcome__in=ATTENDED
    )
    sooner = Q(booked_at__lt=OuterRef("booked_at")) | Q(booked_at=OuterRef("booked_at"), id__lt=OuterRef("id"))
    longer = Booking.objects.filter(scope.whole.events("event__"), same, sooner, state=Booking.State.WAITING)
    return waiting.filter(~Exists(met), ~Exists(longer))


def _row(found: dict[str, Any], value: Number) -> BookingRow:
    return BookingRow(
        found["reference"],
        found["delegate__name"],
        found["delegate__reference"],
        found["agency__name"],
        found["agency__reference"],
        found["event__reference"],
        found["event__course__title"],
        found["event__starts_at"],
        found["event__ends_at"],
        Booking.State(found["state"]).label,
        SOURCES[found["source"]],
        OUTCOMES[found["outcome"] or UNKNOWN],
        value,
    )

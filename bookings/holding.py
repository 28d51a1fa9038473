"""What people hold: the courses that they attended, until when each counts, and what of it is due or was missed."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Max, Min, Q
from django.utils import timezone

from bookings.models import Booking
from people.models import Person

Outcome = Booking.Outcome

# How long before it lapses a person, and who answers for them, is told so.
SOON_MONTHS = 3


class Standing(models.TextChoices):
    """How somebody stands with a course today."""

    HELD = "held", "Held"
    LAPSES_SOON = "lapses-soon", "Lapses soon"
    IN_GRACE = "in-grace", "In grace"
    LAPSED = "lapsed", "Lapsed"
    PART_ATTENDED = "part-attended", "Part attended"
    MISSED = "missed", "Missed"
    BOOKED = "booked", "Booked"


# Without any of these there is nothing to say of a course: cancelled, waiting, or the register is not closed.
MOMENTS = ("attended_at", "part_at", "missed_at", "next_at")
# It counts, still or for some time yet.
COUNTS = frozenset({Standing.HELD, Standing.LAPSES_SOON, Standing.IN_GRACE})
# A refresher is to be booked.
DUE = frozenset({Standing.LAPSES_SOON, Standing.IN_GRACE, Standing.LAPSED})
# A place was held, and the course is not.
MISSED = frozenset({Standing.MISSED, Standing.PART_ATTENDED})


@dataclass(frozen=True, slots=True)
class Holding:
    """A person's standing with one course, over all events of it that they were booked on."""

    person: int
    code: str
    course: str
    standing: Standing
    # The day of the latest event attended.
    attended_on: date | None
    # The last day on which it counts, and the last with the grace after it; None: for good, or never attended.
    until: date | None
    grace_until: date | None
    # The next event of the course on which they have a place.
    next_at: datetime | None


def of(people: Iterable[Person], today: date | None = None) -> list[Holding]:
    """All that these people hold, missed or are booked on, course by course in the order of titles. One query."""
    today = today or timezone.localdate()
    rows = Booking.objects.filter(delegate__in=people).order_by("event__course__title", "event__course_id", "delegate")
    columns = {
        "person": models.F("delegate_id"),
        "code": models.F("event__course__code"),
        "title": models.F("event__course__title"),
        "refresh": models.F("event__course__refresh_months"),
        "grace": models.F("event__course__grace_months"),
    }
    counted = rows.values(**columns).annotate(
        attended_at=_latest(Outcome.ATTENDED),
        part_at=_latest(Outcome.PART_ATTENDED),
        missed_at=_latest(Outcome.DID_NOT_ATTEND),
        next_at=Min("event__starts_at", filter=Q(state=Booking.State.CONFIRMED, event__starts_at__gt=timezone.now())),
    )
    return [_holding(dict(row), today) for row in counted.exclude(**dict.fromkeys(MOMENTS))]


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _latest(outcome: Booking.Outcome) -> Max:
    return Max("event__ends_at", filter=Q(outcome=outcome))


def _holding(row: dict[str, Any], today: date) -> Holding:
    attended_on = timezone.localdate(row["attended_at"]) if row["attended_at"] else None
    until = months_after(attended_on, row["refresh"]) if attended_on and row["refresh"] else None
    grace_until = months_after(until, row["grace"]) if until else None
    standing = _standing_of(until, grace_until, today) if attended_on else _standing_without(row)
    return Holding(row["person"], row["code"], row["title"], standing, attended_on, until, grace_until, row["next_at"])


def _standing_of(until: date | None, grace_until: date | None, today: date) -> Standing:
    if until is None or grace_until is None:
        return Standing.HELD
    if today > until:
        return Standing.IN_GRACE if today <= grace_until else Standing.LAPSED
    return Standing.LAPSES_SOON if until <= months_after(today, SOON_MONTHS) else Standing.HELD


def _standing_without(row: dict[str, Any]) -> Standing:
    """Of who has not attended: by the latest event that they were to come to."""
    if row["part_at"] and (row["missed_at"] is None or row["missed_at"] < row["part_at"]):
        return Standing.PART_ATTENDED
    return Standing.MISSED if row["missed_at"] else Standing.BOOKED

"""One agency's use of a year's training, course by course, by the rules of the report's figures."""

from dataclasses import dataclass

from django.db.models import Count

from bookings.models import Booking
from reporting.database import alias
from reporting.rows.scope import Scope
from reporting.rows.sources import IN_LEDGER, RULES

# As in the report; each adds up over the courses to the agency's own figure there.
MEASURES = ("booked", "walk_ins", "delegates_attended", "did_not_attend", "cancelled_late", "cancelled_in_time")


@dataclass(frozen=True, slots=True)
class CourseUse:
    """What became of an agency's bookings on one course."""

    code: str
    course: str
    booked: int
    walk_ins: int
    delegates_attended: int
    did_not_attend: int
    cancelled_late: int
    cancelled_in_time: int


def by_course(scope: Scope) -> list[CourseUse]:
    """The courses that the agency of the scope had bookings on, by title. One query."""
    held = Booking.objects.using(alias()).filter(scope.bookings(), scope.delivered("event__"), IN_LEDGER)
    grouped = held.order_by("event__course__title", "event__course__code").values_list(
        "event__course__code", "event__course__title"
    )
    counts = {measure: Count("pk", filter=RULES[measure].where(scope)) for measure in MEASURES}
    return [CourseUse(*row) for row in grouped.annotate(**counts)]

"""What corrected outcomes changed in the report of their year: each figure as it was, and as it is.

Reckoned back from the figures of now, as the report itself is counted from what is recorded now.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils import timezone

from bookings.models import Booking, Correction
from bookings.models.booking import ATTENDED
from reporting import counting, release
from reporting.definitions import ABSENCES_THAT_REPEAT, AGENCY_TYPES_OF_A_MIX, CutKind, figures_of
from reporting.figures import Cut, Value
from reporting.ledger import Ledger
from reporting.measures import measures
from training.financial_year import FinancialYear
from training.models import Course, Event

# Those that an outcome alone moves; people trained, hours and money follow from more than that.
KEYS = ("delegates_attended", "utilisation", "did_not_attend", "show_up_rate", "dna_rate")
# What is apart from the whole: its kind, and its slot.
PARTS = {
    Course.Delivery.CONFERENCE: (CutKind.CONFERENCES, counting.CONFERENCES),
    Course.Delivery.E_LEARNING: (CutKind.E_LEARNING, counting.E_LEARNING),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that moved."""

    before: Value
    after: Value


def differences(event: Event, corrections: Iterable[Correction]) -> tuple[FinancialYear, list[Difference]]:
    """The year of the event, and what the corrections of its bookings moved in its report.

    Conferences and e-learning are moved in their own part. Raises ValueError for an event without a date.
    """
    if event.ends_at is None:
        raise ValueError(f"{event} has no date, and so is in no report")
    year = FinancialYear.containing(event.ends_at)
    after = _figures(year, Course.Delivery(event.course.delivery))
    before = _before(after, corrections)
    shown = [figure.key for figure in figures_of(after.kind) if figure.key in KEYS]
    moved = [Difference(before.value(key), after.value(key)) for key in shown if before[key] != after[key]]
    return year, moved


def _figures(year: FinancialYear, delivery: Course.Delivery) -> Cut:
    """What bookings come to in the year, or in its conferences or e-learning; without answers and money."""
    kind, part = PARTS.get(delivery, (CutKind.ALL, 0))
    now = timezone.now()
    cells = counting.count(
        year, now=now, evaluated_until=release.evaluated_until(now), types_of_a_mix=AGENCY_TYPES_OF_A_MIX,
        absences_that_repeat=ABSENCES_THAT_REPEAT,
    )  # fmt: skip
    place = (counting.THIS_YEAR + part, 0, 0)
    found = next((one.counted for one in cells if (one.slot, one.course_id, one.agency_id) == place), {})
    ledger = Ledger.of(found)
    return Cut(kind, "", "", measures(found, {}, ledger), ledger, Ledger.of({}))


def _before(after: Cut, corrections: Iterable[Correction]) -> Cut:
    counted = dict(after.measures)
    for one in corrections:
        is_walk_in = one.booking.source == Booking.Source.WALK_IN
        for outcome, sign in ((one.became, -1), (one.was, 1)):
            for key in _counted(outcome, is_walk_in=is_walk_in):
                counted[key] = (counted[key] or 0) + sign
    return replace(after, measures=counted)


def _counted(outcome: str, *, is_walk_in: bool) -> tuple[str, ...]:
    """The measures that one booking with the outcome is counted in, as measures.of_bookings() has it."""
    if outcome in ATTENDED:
        return ("delegates_attended",) if is_walk_in else ("delegates_attended", "booked_who_came", "booked_and_due")
    if outcome == Booking.Outcome.DID_NOT_ATTEND and not is_walk_in:
        return ("did_not_attend", "booked_and_due")
    return ()

"""What corrected outcomes changed in the report of their year: each figure as it was, and as it is.

Against what was published of the year; else reckoned back from the figures of now, as the report itself is counted from
what is recorded now.
"""

from collections.abc import Iterable
from dataclasses import replace

from django.utils import timezone

from bookings.models import Booking, Correction
from bookings.models.booking import ATTENDED
from reporting import counting, differences, freezing, release
from reporting.definitions import ABSENCES_THAT_REPEAT, AGENCY_TYPES_OF_A_MIX, CutKind, figures_of
from reporting.differences import Difference
from reporting.figures import Cut
from reporting.ledger import Ledger
from reporting.measures import measures
from reporting.models import PublishedReport
from training.financial_year import FinancialYear
from training.models import Course, Event

# Those that an outcome alone moves; people trained, hours and money follow from more than that.
KEYS = ("delegates_attended", "utilisation", "did_not_attend", "show_up_rate", "dna_rate")
# What is apart from the whole: its kind, and its slot.
PARTS = {
    Course.Delivery.CONFERENCE: (CutKind.CONFERENCES, counting.CONFERENCES),
    Course.Delivery.E_LEARNING: (CutKind.E_LEARNING, counting.E_LEARNING),
}


def year_of(event: Event) -> FinancialYear:
    """Whose report the event is in. Raises ValueError for an event without a date."""
    if event.ends_at is None:
        raise ValueError(f"{event} has no date, and so is in no report")
    return FinancialYear.containing(event.ends_at)


def moved(event: Event, corrections: Iterable[Correction]) -> list[Difference]:
    """What the corrections of its bookings moved in the report; conferences and e-learning in their own part."""
    after = _figures(event)
    return differences.of_cut(year_of(event), _before(after, corrections), after, KEYS)


def moved_since(published: PublishedReport, event: Event) -> list[Difference]:
    """What differs today in the part of the published report that the event is in, by whatever moved it.

    Without the evaluation: its answers are not counted here.
    """
    after, then = _figures(event), freezing.thawed(published).this
    was = {CutKind.CONFERENCES: then.conferences, CutKind.E_LEARNING: then.e_learning}.get(after.kind, then.whole)
    keys = [figure.key for figure in figures_of(after.kind) if not figure.is_about_evaluation]
    return differences.of_cut(year_of(event), was, after, keys)


def _figures(event: Event) -> Cut:
    """What everything comes to in the event's year, or in its conferences or e-learning; without answers."""
    kind, part = PARTS.get(Course.Delivery(event.course.delivery), (CutKind.ALL, 0))
    year, now = year_of(event), timezone.now()
    cells = counting.count(
        year, now=now, evaluated_until=release.evaluated_until(now), types_of_a_mix=AGENCY_TYPES_OF_A_MIX,
        absences_that_repeat=ABSENCES_THAT_REPEAT,
    )  # fmt: skip
    slot = counting.THIS_YEAR + part
    found = {one.slot: one.counted for one in cells if one.course_id == one.agency_id == 0}
    delivered, cancelled = found.get(slot, {}), found.get(slot + counting.CANCELLED, {})
    ledger = Ledger.of(delivered)
    return Cut(kind, "", "", measures(delivered, cancelled, ledger), ledger, Ledger.of(cancelled))


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

"""The utilisation report: the figures of a financial year with the year before beside it, by course and by agency.

Bookings count for the year in which their event's last session was, and for the agency that the delegate belonged to
when booking. In three statements, whatever the number of bookings.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from reporting import catalogue, counting, evaluation, release
from reporting.catalogue import Agency, Catalogue, Conference, Course
from reporting.counting import CANCELLED, CONFERENCES, E_LEARNING, THIS_YEAR
from reporting.definitions import ABSENCES_THAT_REPEAT, AGENCY_TYPES_OF_A_MIX, CutKind
from reporting.figures import Cut, percent
from reporting.ledger import Ledger
from reporting.measures import Columns, measures
from training.financial_year import FinancialYear

# By slot, course and agency: counting.Cell without its names.
Cells = dict[tuple[int, int, int], Columns]


@dataclass(frozen=True, slots=True)
class YearFigures:
    """One year: the whole, each course and each agency (those with nothing too), and what is apart from the whole."""

    year: FinancialYear
    whole: Cut
    courses: tuple[Cut, ...]
    agencies: tuple[Cut, ...]
    conferences: Cut
    e_learning: Cut
    each_conference: tuple[Conference, ...]

    @property
    def cuts(self) -> tuple[Cut, ...]:
        return (self.whole, *self.courses, *self.agencies, self.conferences, self.e_learning)

    @property
    def unknown(self) -> int:
        """Bookings without an outcome, as a register is not closed; with any the year is provisional."""
        apart = (self.whole, self.conferences, self.e_learning)
        return sum(cut.ledger.outcomes["unknown"] for cut in apart)

    @property
    def people_counted_again(self) -> int:
        """By how many people trained by agency add up to more than all: they changed agency during the year."""
        by_agency = sum(_whole_number(cut, "people_trained") for cut in self.agencies)
        return by_agency - _whole_number(self.whole, "people_trained")

    @property
    def utilisation_with_conferences(self) -> Decimal | None:
        both = (self.whole, self.conferences)
        attended = sum(_whole_number(cut, "delegates_attended") for cut in both)
        return percent(attended, sum(_whole_number(cut, "places_offered") for cut in both))

    @property
    def adds_up(self) -> bool:
        """Every cut's ledger does, and courses and agencies each add up to the whole's."""
        return (
            all(cut.ledger.adds_up and cut.cancelled_events_ledger.adds_up for cut in self.cuts)
            and Ledger.total(cut.ledger for cut in self.courses) == self.whole.ledger
            and Ledger.total(cut.ledger for cut in self.agencies) == self.whole.ledger
        )


@dataclass(frozen=True, slots=True)
class Report:
    """What is printed: both years, and when they were counted."""

    year: FinancialYear
    counted_at: datetime
    this: YearFigures
    before: YearFigures

    @property
    def is_provisional(self) -> bool:
        return self.this.unknown > 0


def report(year: FinancialYear | str, *, now: datetime | None = None) -> Report:
    """The report of a year, written as 2018-19. Raises ValueError with a sentence when it is no financial year."""
    year = FinancialYear.parse(year) if isinstance(year, str) else year
    counted_at = now or timezone.now()
    closed = release.evaluated_until(counted_at)
    cells = _by_key(
        counting.count(
            year, now=counted_at, evaluated_until=closed, types_of_a_mix=AGENCY_TYPES_OF_A_MIX,
            absences_that_repeat=ABSENCES_THAT_REPEAT,
        )
    )  # fmt: skip
    for key, answers in _by_key(evaluation.count(year, now=counted_at, evaluated_until=closed)).items():
        cells[key] = {**cells.get(key, {}), **answers}
    found = catalogue.read(year, now=counted_at)
    this, before = (_year(each, slot, cells, found) for each, slot in ((year, THIS_YEAR), (year.previous, 0)))
    return Report(year, counted_at, this, before)


def _by_key(cells: Iterable[counting.Cell]) -> Cells:
    return {(cell.slot, cell.course_id, cell.agency_id): cell.counted for cell in cells}


def _year(year: FinancialYear, slot: int, cells: Cells, found: Catalogue) -> YearFigures:
    whole = _cut(CutKind.ALL, cells, slot)
    courses = [course for course in found.courses if course.is_training]
    answers = {course.code: _answers(cells, slot, course.id) for course in courses}
    withheld = release.withheld(answers)
    return YearFigures(
        year,
        whole,
        tuple(_course(cells, slot, course, course.code in withheld) for course in courses),
        tuple(_agency(cells, slot, agency, whole) for agency in found.agencies),
        _cut(CutKind.CONFERENCES, cells, slot + CONFERENCES, name="Conferences"),
        _cut(CutKind.E_LEARNING, cells, slot + E_LEARNING, name="E-learning"),
        tuple(one for one in found.conferences if one.is_this_year == (slot == THIS_YEAR)),
    )


def _cut(kind: CutKind, cells: Cells, slot: int, *, code: str = "", name: str = "All training") -> Cut:
    delivered, cancelled = cells.get((slot, 0, 0), {}), cells.get((slot + CANCELLED, 0, 0), {})
    return _made(kind, code, name, delivered, cancelled, withholds=_answers(cells, slot, 0) < release.LEAST_ANSWERS)


def _course(cells: Cells, slot: int, course: Course, withholds: bool) -> Cut:
    delivered, cancelled = cells.get((slot, course.id, 0), {}), cells.get((slot + CANCELLED, course.id, 0), {})
    return _made(CutKind.COURSE, course.code, course.title, delivered, cancelled, withholds=withholds)


def _agency(cells: Cells, slot: int, agency: Agency, whole: Cut) -> Cut:
    delivered, cancelled = cells.get((slot, 0, agency.id), {}), cells.get((slot + CANCELLED, 0, agency.id), {})
    cut = _made(CutKind.AGENCY, agency.reference, agency.name, delivered, cancelled)
    return replace(cut, measures={**cut.measures, "all_attended": whole.measures["delegates_attended"]})


def _made(
    kind: CutKind, code: str, name: str, delivered: Columns, cancelled: Columns, *, withholds: bool = False
) -> Cut:
    ledger = Ledger.of(delivered)
    return Cut(kind, code, name, measures(delivered, cancelled, ledger), ledger, Ledger.of(cancelled), withholds)


def _answers(cells: Cells, slot: int, course_id: int) -> int:
    return int(cells.get((slot, course_id, 0), {}).get("responses") or 0)


def _whole_number(cut: Cut, key: str) -> int:
    return int(cut[key] or 0)

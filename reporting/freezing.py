"""A report's figures as plain values that are kept, and a report made of them again."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from reporting import definitions
from reporting.catalogue import Conference, Workshop
from reporting.definitions import FIGURES, CutKind, Figure, Unit
from reporting.figures import RELEASED_ONLY, Cut, Value
from reporting.formats import defined
from reporting.ledger import OUTCOMES, SOURCES, Ledger
from reporting.measures import Number
from reporting.models import PublishedReport
from reporting.utilisation import Report, YearFigures
from training.financial_year import FinancialYear

_THRESHOLDS = (
    definitions.AGENCY_TYPES_OF_A_MIX, definitions.HOURS_OF_A_DELEGATE_DAY, definitions.ABSENCES_THAT_REPEAT,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FrozenCut(Cut):
    """A cut whose values are those that were published, whatever they would be made of today."""

    values_then: Mapping[str, Value] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Number | None:
        return self.value(key).value

    def value(self, key: str) -> Value:
        """Nothing for a figure that there was not yet."""
        return self.values_then.get(key) or Value(FIGURES[key], None, None, None)

    def values(self) -> list[Value]:
        return list(self.values_then.values())


# --- Freezing --------------------------------------------------------------------------------------------------------
def frozen(report: Report) -> dict[str, Any]:
    """Every figure and ledger of every cut of both years, as plain values that are equal where the figures are."""
    return {"this": _year(report.this, report.counted_at), "before": _year(report.before, report.counted_at)}


def saying_something(figures: Mapping[str, Any]) -> dict[str, Any]:
    """What frozen() made without the courses and agencies of nothing: that one more is known changes no report."""
    return {
        year: found | {cuts: [cut for cut in found[cuts] if _says_something(cut)] for cuts in ("courses", "agencies")}
        for year, found in figures.items()
    }


def _says_something(cut: Mapping[str, Any]) -> bool:
    return any(_number(plain) for plain in cut["figures"].values())


def version() -> str:
    """What tells the definitions of today from those before and after."""
    words = json.dumps([defined(), _THRESHOLDS])
    return hashlib.sha256(words.encode()).hexdigest()[:8]


def has_all_scores(figures: YearFigures, counted_at: datetime) -> bool:
    """Whether no answer can come any more: the year is over, its registers are closed and all evaluations too.

    Until then scores are not kept: set against the next revision, they would give away what the few between answered.
    """
    asked, attended = (figures.whole.measures[key] for key in ("delegates_asked", "delegates_attended"))
    return figures.year.ends_at <= counted_at and not figures.unknown and asked == attended


def _year(figures: YearFigures, counted_at: datetime) -> dict[str, Any]:
    withholds = not has_all_scores(figures, counted_at)
    return {
        "year": figures.year.code,
        "whole": _cut(figures.whole, withholds),
        "courses": [_cut(cut, withholds) for cut in figures.courses],
        "agencies": [_cut(cut, withholds) for cut in figures.agencies],
        "conferences": _cut(figures.conferences, withholds),
        "e_learning": _cut(figures.e_learning, withholds),
        "each_conference": [
            asdict(one) | {"workshops": [asdict(workshop) for workshop in one.workshops]}
            for one in figures.each_conference
        ],
    }


def _cut(cut: Cut, withholds: bool) -> dict[str, Any]:
    cut = replace(cut, withholds_evaluation=cut.withholds_evaluation or withholds)
    return {
        "code": cut.code,
        "name": cut.name,
        "withholds_evaluation": cut.withholds_evaluation,
        "figures": {key: _plain(number) for key, number in cut.numbers().items()},
        "ledger": _ledger(cut.ledger),
        "ledger_of_cancelled_events": _ledger(cut.cancelled_events_ledger),
    }


def _plain(number: Number | None) -> int | str | None:
    return str(number) if isinstance(number, Decimal) else number


def _ledger(ledger: Ledger) -> dict[str, Any]:
    return {"bookings": ledger.bookings, "sources": dict(ledger.sources), "outcomes": dict(ledger.outcomes)}


# --- Thawing ---------------------------------------------------------------------------------------------------------
def thawed(published: PublishedReport) -> Report:
    """The report as it was published, to be shown by what shows a report of today."""
    figures = figures_of(published)
    this, before = (_thawed_year(published.figures[key], figures) for key in ("this", "before"))
    return Report(this.year, published.counted_at, this, before)


def figures_of(published: PublishedReport) -> dict[str, Figure]:
    """Its figures by key, with the names and rules of the time; numerator and denominator are words."""
    return {
        one["figure"]: Figure(
            one["figure"], one["name"], Unit(one["unit"]), one["numerator"], one["denominator"], one["rule"]
        )
        for one in published.definitions
    }


def _thawed_year(year: Mapping[str, Any], figures: Mapping[str, Figure]) -> YearFigures:
    def cut(kind: CutKind, found: Mapping[str, Any]) -> FrozenCut:
        return _thawed_cut(kind, found, figures)

    return YearFigures(
        FinancialYear.parse(year["year"]),
        cut(CutKind.ALL, year["whole"]),
        tuple(cut(CutKind.COURSE, one) for one in year["courses"]),
        tuple(cut(CutKind.AGENCY, one) for one in year["agencies"]),
        cut(CutKind.CONFERENCES, year["conferences"]),
        cut(CutKind.E_LEARNING, year["e_learning"]),
        tuple(
            Conference(**one | {"workshops": tuple(Workshop(**workshop) for workshop in one["workshops"])})
            for one in year["each_conference"]
        ),
    )


def _thawed_cut(kind: CutKind, found: Mapping[str, Any], figures: Mapping[str, Figure]) -> FrozenCut:
    withholds, numbers = found["withholds_evaluation"], found["figures"]
    return FrozenCut(
        kind, found["code"], found["name"], {}, _thawed_ledger(found["ledger"]),
        _thawed_ledger(found["ledger_of_cancelled_events"]), withholds,
        {
            key: Value(figure, _number(numbers[key]), None, None, is_withheld=withholds and key in RELEASED_ONLY)
            for key, figure in figures.items()
            if key in numbers
        },
    )  # fmt: skip


def _number(plain: int | str | None) -> Number | None:
    return Decimal(plain) if isinstance(plain, str) else plain


def _thawed_ledger(found: Mapping[str, Any]) -> Ledger:
    # In the order of today; a source or outcome that there was not yet has none.
    sources = {key: found["sources"].get(key, 0) for key in SOURCES}
    outcomes = {key: found["outcomes"].get(key, 0) for key in OUTCOMES}
    return Ledger(found["bookings"], sources, outcomes)

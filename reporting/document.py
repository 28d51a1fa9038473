"""The utilisation report as a PDF for meetings and minutes: what the page says, with its charts and definitions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from outbox import pdf
from reporting import layout, text
from reporting.definitions import FIGURES, MEASURES, Figure
from reporting.figures import Cut, Value
from reporting.formats import headline, provisional, written
from reporting.utilisation import Report
from training.moments import full_moment

TEMPLATE = "reporting/documents/utilisation.typ"


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as SVG, and what it shows in words for who does not see it."""

    title: str
    svg: str
    description: str
    definition: str


def made(report: Report, pictures: Sequence[Picture], *, partnership: str, colour: str, money: bool) -> bytes:
    """The PDF (PDF/UA-1); colour: #rrggbb of its headings; money only for who may see it."""
    facts = {
        "title": f"Utilisation report {report.year.label}",
        "partnership": partnership,
        "colour": colour,
        "headline": headline(report, money=money),
        "counted": f"Counted {full_moment(timezone.localtime(report.counted_at))}.",
        "remarks": list(remarks(report)),
        "headline_table": _years("The year beside the year before", report, layout.YEAR_BESIDE_YEAR),
        "tables": list(_tables(report, money)),
        "pictures": [
            {"title": one.title, "description": one.description, "definition": one.definition} for one in pictures
        ],
        "ledgers": [[one.year.label, one.whole.ledger.identity] for one in (report.this, report.before)],
        "definitions": {
            "title": "How each figure is made",
            "heads": ["Figure", "Made of", "Rule"],
            "rows": [
                [figure.name, made_of(figure), figure.rule]
                for figure in FIGURES.values()
                if money or not figure.is_about_money
            ],
            "numbers": 0,
        },
    }
    svgs = [one.svg for one in pictures]
    return pdf.compiled(TEMPLATE, facts, created_at=report.counted_at, pictures=svgs)


def made_of(figure: Figure) -> str:
    """delegates attended ÷ places offered."""
    numerator = MEASURES[figure.numerator]
    return f"{numerator} ÷ {MEASURES[figure.denominator]}" if figure.denominator else numerator


def remarks(report: Report) -> Iterable[str]:
    """What a reader of the figures must know: provisional, more delegates than places, conferences, who moved."""
    this = report.this
    if this.unknown:
        yield f"Provisional: {provisional(this)}. They are neither attended nor absent."
    if this.whole.value("utilisation").is_flagged:
        yield f"Utilisation, capped at each event’s places: {written(this.whole.value('capped_utilisation'))}."
    yield f"Conferences are counted apart. {text.with_conferences(this)}."
    if this.people_counted_again:
        yield (
            f"People trained by agency add up to {this.people_counted_again:,} more than all people trained, "
            "since people moved."
        )


def _tables(report: Report, money: bool) -> Iterable[dict[str, Any]]:
    this = report.this
    yield _years("All figures", report, layout.figure_keys("training"))
    yield _by("By course", "Course", this.courses, layout.BY_COURSE)
    yield _by("By agency", "Agency", this.agencies, layout.BY_AGENCY)
    for conference in this.each_conference:
        yield {
            "title": f"Conference: {conference.title}, {conference.delegates:,} delegates",
            "heads": ["Workshop", "Places", "Chosen", "Attended"],
            "rows": [
                [workshop.title, *(f"{number:,}" for number in (workshop.places, workshop.chosen, workshop.attended))]
                for workshop in conference.workshops
            ],
            "numbers": 3,
        }
    if money:
        yield _years("Money for non-attendance", report, layout.figure_keys("money"))
        yield _by("Money by agency", "Agency", this.agencies, layout.MONEY_BY_AGENCY)
    yield _years("Evaluation", report, layout.figure_keys("evaluation"))
    yield _by("Evaluation by course", "Course", this.courses, layout.EVALUATION_BY_COURSE)


def _years(title: str, report: Report, keys: Sequence[str]) -> dict[str, Any]:
    pairs: list[tuple[Value, Value]] = layout.pairs(report, keys)
    return {
        "title": title,
        "heads": ["Figure", report.this.year.label, report.before.year.label],
        "rows": [[now.figure.name, written(now), written(then)] for now, then in pairs],
        "numbers": 2,
    }


def _by(title: str, first: str, cuts: Sequence[Cut], keys: Sequence[str]) -> dict[str, Any]:
    return {
        "title": title,
        "heads": [first, *(FIGURES[key].name for key in keys)],
        "rows": [[cut.name, *(written(cut.value(key)) for key in keys)] for cut in cuts],
        "numbers": len(keys),
    }

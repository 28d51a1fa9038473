"""The utilisation report for a terminal."""

from collections.abc import Iterator, Sequence

from django.utils import timezone

from reporting.definitions import CutKind, Unit, figures_of
from reporting.figures import Cut, rounded
from reporting.formats import headline, plural, provisional, written, year_headline
from reporting.utilisation import Report, YearFigures
from training.moments import full_moment

COURSE_COLUMNS = {
    "events_delivered": "events", "places_offered": "places", "delegates_attended": "attended", "utilisation": "use",
    "did_not_attend": "absent", "people_trained": "people", "responses": "evaluations", "invoiced_amount": "invoiced",
}  # fmt: skip
AGENCY_COLUMNS = {
    "booked": "booked", "delegates_attended": "attended", "early_cancellations": "in time",
    "late_cancellations": "late", "did_not_attend": "absent", "walk_ins": "walk-ins", "share_of_attendance": "share",
    "people_trained": "people", "charges": "charges", "charges_waived": "waived", "invoiced_amount": "invoiced",
}  # fmt: skip


def lines(report: Report) -> Iterator[str]:
    """The report line by line."""
    this = report.this
    yield headline(report)
    yield with_conferences(this)
    yield f"The year before: {year_headline(report.before)}"
    yield ""
    yield from _both_years(report)
    yield ""
    yield from _table("By course", this.courses, COURSE_COLUMNS)
    yield ""
    yield from _table("By agency", this.agencies, AGENCY_COLUMNS)
    yield _people_line(this)
    yield from _conferences(this)
    yield ""
    yield from _ledgers(report)
    yield ""
    yield "How each figure is made"
    yield from (f"  {figure.name}: {figure.rule}" for figure in figures_of(CutKind.ALL))
    yield ""
    yield f"Counted on {full_moment(timezone.localtime(report.counted_at))}."


def with_conferences(figures: YearFigures) -> str:
    """With conferences: 179 events, 3,833 places, 3,635 delegates, 95 %."""
    if not figures.each_conference:
        return "With conferences: there were none."
    both = (figures.whole, figures.conferences)
    events, places, delegates = (
        sum(int(cut[key] or 0) for cut in both) for key in ("events_delivered", "places_offered", "delegates_attended")
    )
    share = figures.utilisation_with_conferences
    percent = "–" if share is None else f"{rounded(share, Unit.NUMBER):,} %"
    counted = [plural(events, "event"), plural(places, "place"), plural(delegates, "delegate"), percent]
    return f"With conferences: {', '.join(counted)}"


def _both_years(report: Report) -> Iterator[str]:
    yield f"{'':34}{report.this.year.label:>12}{report.before.year.label:>12}"
    for value, before in zip(report.this.whole.values(), report.before.whole.values(), strict=True):
        yield f"{value.figure.name:34}{written(value):>12}{written(before):>12}"


def _table(title: str, cuts: Sequence[Cut], columns: dict[str, str]) -> Iterator[str]:
    width = max((len(cut.name) for cut in cuts), default=0) + 2
    yield f"{title:{width}}" + "".join(f"{name:>12}" for name in columns.values())
    for cut in cuts:
        yield f"{cut.name:{width}}" + "".join(f"{written(cut.value(key)):>12}" for key in columns)


def _people_line(figures: YearFigures) -> str:
    again = figures.people_counted_again
    if again == 0:
        return "People trained by agency add up to all people trained."
    who = "1 person" if again == 1 else f"{again:,} people"
    return f"People trained by agency add up to {again:,} more than all: {who} counted again after changing agency."


def _conferences(figures: YearFigures) -> Iterator[str]:
    for one in figures.each_conference:
        yield ""
        yield f"Conference: {one.title}: {one.delegates:,} delegates, {len(one.workshops)} workshops"
        for workshop in one.workshops:
            yield f"  {workshop.title:50}{workshop.chosen:>8} chose it, {workshop.attended} came"


def _ledgers(report: Report) -> Iterator[str]:
    for figures in (report.this, report.before):
        yield f"Ledger {figures.year}: {figures.whole.ledger.identity}"
        if figures.whole.cancelled_events_ledger.bookings:
            yield f"  of cancelled events: {figures.whole.cancelled_events_ledger.identity}"
        if figures.conferences.ledger.bookings:
            yield f"  of conferences: {figures.conferences.ledger.identity}"
        if figures.e_learning.ledger.bookings:
            yield f"  of e-learning: {figures.e_learning.ledger.identity}"
        yield (
            "  Every course's and agency's adds up too."
            if figures.adds_up
            else "  It does not add up: please tell whoever runs this program."
        )
        if figures.unknown:
            yield f"  Provisional: {provisional(figures)}."

"""The utilisation report as JSON, CSV and text, and its headline."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils import timezone

from outbox.cells import for_csv
from reporting.definitions import FIGURES, MEASURES, Unit
from reporting.figures import Cut, Value
from reporting.ledger import OUTCOMES, SOURCES, Ledger
from reporting.measures import Number
from reporting.utilisation import Report, YearFigures

CSV_HEAD = ("year", "cut", "code", "name", "figure", "value", "numerator", "denominator", "definition")


def headline(report: Report, *, money: bool = True) -> str:
    """2018/19: 178 events, 3,581 places, 3,412 delegates, 95 %, £10,350. The money only for who may see it."""
    return year_headline(report.this, money=money)


def year_headline(figures: YearFigures, *, money: bool = True) -> str:
    whole = figures.whole
    counted = [
        f"{figures.year}: {plural(whole['events_delivered'], 'event')}",
        plural(whole["places_offered"], "place"),
        plural(whole["delegates_attended"], "delegate"),
        whole_percent(whole.value("utilisation")),
        *([written(whole.value("invoiced_amount"))] if money else []),
    ]
    if whole.value("utilisation").is_flagged:
        counted[3] += f" (capped {whole_percent(whole.value('capped_utilisation'))})"
    return ", ".join(counted) + (f" (provisional: {provisional(figures)})" if figures.unknown else "")


def provisional(figures: YearFigures) -> str:
    """12 bookings without an outcome, as their registers are not closed."""
    if figures.unknown == 1:
        return "1 booking without an outcome, as its register is not closed"
    return f"{figures.unknown:,} bookings without an outcome, as their registers are not closed"


def plural(number: Number | None, one: str) -> str:
    """1 event, 178 events."""
    return f"{number or 0:,} {one}{'' if number == 1 else 's'}"


def whole_percent(value: Value) -> str:
    """95 %; – of nothing."""
    return "–" if value.whole is None else f"{value.whole:,} %"


def written(value: Value) -> str:
    """As on a page: 3,581; 95.3%; £10,350; 7.95; – for nothing; "withheld" where too few answered."""
    if value.is_withheld:
        return "withheld"
    if value.value is None:
        return "–"
    if value.figure.unit is Unit.POUNDS:
        return f"£{value.value:,.2f}".removesuffix(".00")
    return f"{value.value:,}%" if value.figure.unit is Unit.PERCENT else f"{value.value:,}"


# --- JSON ------------------------------------------------------------------------------------------------------------
def as_json(report: Report) -> dict[str, Any]:
    """The report as plain values; the first keys are those that partnerships check their own workbook's totals by."""
    return {
        **_totals(report.this),
        "financial_year": report.year.label,
        "headline": headline(report),
        "counted_at": timezone.localtime(report.counted_at).isoformat(timespec="seconds"),
        "provisional": report.is_provisional,
        **_everything(report.this),
        "year_before": {
            "financial_year": report.before.year.label, **_totals(report.before), **_everything(report.before),
        },
        "definitions": defined(),
    }  # fmt: skip


def defined() -> list[dict[str, Any]]:
    """Every figure in words, in the order in which they are printed."""
    return [
        {
            "figure": figure.key,
            "name": figure.name,
            "unit": figure.unit.value,
            "numerator": MEASURES[figure.numerator],
            "denominator": figure.denominator and MEASURES[figure.denominator],
            "rule": figure.rule,
        }
        for figure in FIGURES.values()
    ]


def _totals(figures: YearFigures) -> dict[str, Any]:
    whole = figures.whole
    return {
        "events_delivered": whole["events_delivered"],
        "events_cancelled": whole["events_cancelled"],
        "places_offered": whole["places_offered"],
        "delegates_attended": whole["delegates_attended"],
        "did_not_attend": whole["did_not_attend"],
        "late_cancellations": whole["late_cancellations"],
        "early_cancellations": whole["early_cancellations"],
        "charges": whole["charges"],
        "charges_waived": whole["charges_waived"],
        "non_attendance_pence": int((whole["invoiced_amount"] or 0) * 100),
        "conferences": [
            {"title": one.title, "delegates": one.delegates, "workshops": len(one.workshops)}
            for one in figures.each_conference
        ],
        "utilisation_percent": plain(whole["utilisation"]),
        "evaluation": {
            "responses": whole["responses"],
            "response_percent": plain(whole["response_rate"]),
            **{key: plain(whole[key]) for key in ("mean_before", "mean_after", "improved", "same", "lower")},
        },
        "people_trained": whole["people_trained"],
        "by_course": {
            name: {
                "events": cut["events_delivered"],
                "places": cut["places_offered"],
                "attended": cut["delegates_attended"],
            }
            for name, cut in by_name(figures.courses).items()
        },
        "by_agency": {name: cut["delegates_attended"] for name, cut in by_name(figures.agencies).items()},
    }  # fmt: skip


def _everything(figures: YearFigures) -> dict[str, Any]:
    return {
        "unknown_outcomes": figures.unknown,
        "over_100_percent": figures.whole.value("utilisation").is_flagged,
        "utilisation_percent_with_conferences": plain(figures.utilisation_with_conferences),
        "people_trained_counted_again": figures.people_counted_again,
        "figures": _figures(figures.whole),
        "ledger": ledger(figures.whole.ledger),
        "ledger_of_cancelled_events": ledger(figures.whole.cancelled_events_ledger),
        "adds_up": figures.adds_up,
        "courses": [_named(cut) for cut in figures.courses],
        "agencies": [_named(cut) for cut in figures.agencies],
        "conferences_apart": {
            "figures": _figures(figures.conferences),
            "ledger": ledger(figures.conferences.ledger),
            "workshops": [
                {
                    "conference": one.reference, "title": workshop.title, "places": workshop.places,
                    "chosen": workshop.chosen, "attended": workshop.attended,
                }
                for one in figures.each_conference
                for workshop in one.workshops
            ],
        },
        "e_learning_apart": {"figures": _figures(figures.e_learning), "ledger": ledger(figures.e_learning.ledger)},
    }  # fmt: skip


def ledger(ledger: Ledger) -> dict[str, Any]:
    return {
        "bookings": ledger.bookings,
        "sources": dict(ledger.sources),
        "outcomes": dict(ledger.outcomes),
        "identity": ledger.identity,
        "adds_up": ledger.adds_up,
    }


def by_name(cuts: tuple[Cut, ...]) -> dict[str, Cut]:
    """By name; where two courses share a title, with their codes."""
    names = [cut.name for cut in cuts]
    return {cut.name if names.count(cut.name) == 1 else f"{cut.name} ({cut.code})": cut for cut in cuts}


def _named(cut: Cut) -> dict[str, Any]:
    return {"code": cut.code, "name": cut.name, "figures": _figures(cut), "ledger": ledger(cut.ledger)}


def _figures(cut: Cut) -> dict[str, Any]:
    return {key: plain(number) for key, number in cut.numbers().items()}


def plain(value: Number | None) -> int | float | None:
    """JSON has no decimals; one or two decimal places come back as they were written."""
    return float(value) if isinstance(value, Decimal) else value


# --- CSV -------------------------------------------------------------------------------------------------------------
def csv_rows(report: Report) -> Iterator[tuple[Any, ...]]:
    """One figure a row, both years, after CSV_HEAD. Text that a spreadsheet would take for a formula stays text."""
    counted_at = timezone.localtime(report.counted_at).isoformat(timespec="seconds")
    yield (report.year.code, "report", "", "", "counted_at", counted_at, "", "", "")
    for figures in (report.this, report.before):
        year = figures.year.code
        yield (year, "report", "", "", "provisional", figures.unknown, "", "", "Bookings without an outcome.")
        yield (
            year, "report", "", "", "people_trained_counted_again", figures.people_counted_again, "", "",
            "By how many people trained by agency add up to more than all: they changed agency during the year.",
        )  # fmt: skip
        for cut in figures.cuts:
            about = (year, cut.kind.value, for_csv(cut.code), for_csv(cut.name))
            for value in cut.values():
                yield (*about, value.figure.key, *(_cell(value)), value.figure.rule)
            yield from ((*about, *row) for row in _ledger_rows(cut.ledger))


def _cell(value: Value) -> tuple[Any, Any, Any]:
    if value.is_withheld:
        return ("withheld", "", "")
    return ("" if value.value is None else value.value, _short(value.numerator), _short(value.denominator))


def _short(number: Number | None) -> Number | str:
    """Hours and medians have no end in decimals."""
    return "" if number is None else round(number, 4) if isinstance(number, Decimal) else number


def _ledger_rows(ledger: Ledger) -> Iterator[tuple[Any, ...]]:
    for key, number in ledger.sources.items():
        yield (f"source:{key}", number, "", "", f"Ledger, source: {SOURCES[key]}.")
    for key, number in ledger.outcomes.items():
        yield (f"outcome:{key}", number, "", "", f"Ledger, outcome: {OUTCOMES[key]}.")

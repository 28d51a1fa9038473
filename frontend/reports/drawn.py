"""The charts of the utilisation report, as its page and its PDF show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString

from frontend import charts
from reporting.figures import Cut, Value
from reporting.formats import written
from reporting.utilisation import Report, YearFigures


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart with the words under it and its table."""

    title: str
    svg: SafeString
    # The same for narrow screens.
    narrow: SafeString
    description: str
    columns: list[str]
    rows: list[list[str]]
    definition: str


def parted(cuts: Iterable[Cut], keys: Iterable[str]) -> tuple[list[Cut], list[Cut]]:
    """Those with something in the columns, and those with nothing but zeros and gaps."""
    keys, shown, empty = list(keys), list[Cut](), list[Cut]()
    for cut in cuts:
        (shown if any(cut[key] for key in keys) else empty).append(cut)
    return shown, empty


def courses_chart(figures: YearFigures) -> Drawn | None:
    """Places and delegates, by course, the largest first; None while nothing is delivered."""
    cuts = _ordered(figures.courses, "places_offered")
    if not cuts:
        return None
    series = ("Places offered", "Delegates attended")
    return _drawn(
        "Places and delegates by course",
        cuts,
        series,
        [(cut.value("places_offered"), cut.value("delegates_attended")) for cut in cuts],
        "Places of delivered events, and bookings of theirs with the outcome attended or part attended.",
    )


def agencies_chart(report: Report) -> Drawn | None:
    """Delegates by agency, both years, the largest first; None while nobody attended."""
    cuts = _ordered(report.this.agencies, "delegates_attended")
    if not cuts:
        return None
    before = {cut.code: cut for cut in report.before.agencies}
    return _drawn(
        "Delegates attended by agency",
        cuts,
        (report.this.year.label, report.before.year.label),
        [(cut.value("delegates_attended"), before[cut.code].value("delegates_attended")) for cut in cuts],
        "Attendances, for the agency that the delegate belonged to when booking.",
    )


def confidence_chart(figures: YearFigures) -> Drawn | None:
    """Confidence before and after, by course; None where no course shows any."""
    cuts = [cut for cut in _ordered(figures.courses, "responses") if cut["mean_before"] is not None]
    if not cuts:
        return None
    return _drawn(
        "Confidence before and after, by course",
        cuts,
        ("Before", "After"),
        [(cut.value("mean_before"), cut.value("mean_after")) for cut in cuts],
        "Means of all answers on the scale of 0 to 10. A course with fewer than 5 answers shows none of its own.",
    )


def of(report: Report) -> list[Drawn]:
    """All that there is something to draw for."""
    drawn = [courses_chart(report.this), agencies_chart(report), confidence_chart(report.this)]
    return [one for one in drawn if one is not None]


def _ordered(cuts: Iterable[Cut], key: str) -> list[Cut]:
    """The largest first, those with nothing left to the tables."""
    return sorted((cut for cut in cuts if cut[key]), key=lambda cut: -Decimal(cut[key] or 0))


def _drawn(
    title: str, cuts: list[Cut], series: tuple[str, str], values: list[tuple[Value, Value]], definition: str
) -> Drawn:
    rows: list[list[Any]] = [
        [cut.name, *(value.value for value in pair)] for cut, pair in zip(cuts, values, strict=True)
    ]
    table = [[cut.name, *(written(value) for value in pair)] for cut, pair in zip(cuts, values, strict=True)]
    chart = charts.bars(title, rows, series=series)
    pictures = charts.svg(chart), charts.narrow_svg(chart)
    return Drawn(title, *pictures, charts.description(chart), ["", *series], table, definition)

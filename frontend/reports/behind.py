"""The rows behind a figure of the report: events, bookings or charges, whose number or sum the figure is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evaluations.permissions import may_see_all_results
from frontend.access import SignedInRequest, require, signed_in
from frontend.downloads import Column, list_file, pounds
from frontend.paging import page_of
from frontend.reports.parts import WHO, Parts
from frontend.reports.views import year_or_404
from people.models import Agency
from reporting import rows as report_rows
from reporting.definitions import FIGURES, MEASURES, CutKind, Unit
from reporting.rows import Adds, Behind, Part, Scope
from training.models import Course

APART = {CutKind.CONFERENCES.value: CutKind.CONFERENCES, CutKind.E_LEARNING.value: CutKind.E_LEARNING}


# What the rows of each kind hold.
ROWS: dict[str, type[Any]] = {
    "bookings": report_rows.BookingRow,
    "events": report_rows.EventRow,
    "charges": report_rows.ChargeRow,
    "evaluations": report_rows.EvaluationRow,
}


@dataclass(frozen=True, slots=True)
class Opened:
    """What an address asked for, and the person may see."""

    figure: str
    scope: Scope
    about: str  # the course's, the agency's or the group's name
    part: Part
    behind: Behind
    sees_names: bool

    @property
    def kind(self) -> str:
        """Which of the rows are shown: with names where the person may see them, else as events."""
        if self.behind.bookings is not None and self.sees_names:
            return "bookings"
        return next(kind for kind in ("events", "charges", "evaluations") if getattr(self.behind, kind) is not None)

    @property
    def rows(self) -> Sequence[Any]:
        found: Sequence[Any] = getattr(self.behind, self.kind)
        return found


@require_safe
@signed_in
def rows(request: SignedInRequest, year: str, figure: str) -> HttpResponse:
    """The rows of a figure's numerator or denominator, 50 a page, with what they add up to."""
    opened = _opened(request, year, figure)
    page = page_of(request, opened.rows)
    definition = FIGURES[figure]
    context = {
        "opened": opened,
        "figure": definition,
        "measure": MEASURES[opened.behind.measure],
        "page": page,
        "total": _total(opened, page.total),
        "sees_results": may_see_all_results(request.person),
        "asked": request.GET.urlencode(),
        "parts": [
            (part, MEASURES[measure])
            for part, measure in ((Part.NUMERATOR, definition.numerator), (Part.DENOMINATOR, definition.denominator))
            if measure and report_rows.opens(figure, part)
        ],
        "cut": {name: request.GET[name] for name in ("course", "agency", "of") if name in request.GET},
    }
    return render(request, "reports/rows.html", context)


@require_safe
@signed_in
def download(request: SignedInRequest, year: str, figure: str) -> HttpResponse:
    """What the page of rows shows, all of it, as a file."""
    opened = _opened(request, year, figure)
    money = {"net_amount"} | ({"value"} if FIGURES[figure].unit is Unit.POUNDS else set())
    columns = {
        field.name.replace("_", " ").capitalize(): (pounds if field.name in money else Column)(field.name)
        for field in fields(ROWS[opened.kind])
    }
    return list_file(request, f"{figure.replace('_', '-')}-{opened.scope.year.code}", columns, opened.rows)


def _opened(request: SignedInRequest, year: str, figure: str) -> Opened:
    """Raises Http404 for what is no figure of the report, PermissionDenied for what is not the person's."""
    scope, about = _scope(request, year)
    parts = Parts.of(request.person)
    try:
        part = Part(request.GET.get("part", Part.NUMERATOR))
        is_figure = scope.kind in FIGURES[figure].cuts and report_rows.opens(figure, part)
    except (KeyError, ValueError) as error:
        raise Http404 from error
    if not is_figure:
        raise Http404
    require(parts.opens(figure, scope), who=WHO)
    return Opened(figure, scope, about, part, report_rows.behind(figure, scope, part), parts.sees_names(scope))


def _scope(request: SignedInRequest, year: str) -> tuple[Scope, str]:
    """The cut that the address names: ?course=, ?agency= or ?of=conferences; else all training."""
    scope = Scope(year_or_404(year), timezone.now())
    asked = request.GET
    if "course" in asked:
        return _cut(scope, CutKind.COURSE, asked["course"], Course.objects.filter(code=asked["course"]), "title")
    if "agency" in asked:
        return _cut(scope, CutKind.AGENCY, asked["agency"], Agency.objects.filter(reference=asked["agency"]), "name")
    if "of" in asked:
        if asked["of"] not in APART:
            raise Http404
        kind = APART[asked["of"]]
        return Scope(scope.year, scope.counted_at, kind), kind.capitalize()
    return scope, "All training"


def _cut(scope: Scope, kind: CutKind, code: str, found: Any, name: str) -> tuple[Scope, str]:
    about = found.values_list(name, flat=True).first()
    if about is None:
        raise Http404
    return Scope(scope.year, scope.counted_at, kind, code), about


def _total(opened: Opened, count: int) -> int | Decimal | None:
    """What the rows add up to; None where they do not add up to the measure."""
    adds = opened.behind.adds
    if adds is Adds.UP:
        return count if opened.kind == "bookings" else _sum(row.value for row in opened.rows[:count])
    if adds is Adds.PEOPLE and opened.kind == "bookings":
        return len({row.delegate_reference for row in opened.rows[:count]})
    return None


def _sum(values: Iterable[int | Decimal]) -> int | Decimal:
    return sum(values, 0)

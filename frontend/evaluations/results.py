"""The pages of results: of an event, of a course in a year, of a year."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from evaluations.models import Question
from evaluations.permissions import may_read_texts, may_see_all_results, may_see_results
from frontend import charts, formats
from frontend.access import SignedInRequest, require, signed_in
from reporting import release, results
from reporting.results import Answers, Results
from training.financial_year import FinancialYear
from training.models import Course, Event

Kind = Question.Kind
WHO = "A coordinator or a member of the L&D sub-group"
WHO_OF_EVENT = "The event’s trainers, a coordinator or a member of the L&D sub-group"
NOT_RELEVANT = "Not relevant"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question's distribution as a chart with its table."""

    title: str
    svg: SafeString
    # The same for narrow screens.
    narrow: SafeString
    columns: list[str]
    rows: list[list[str]]
    definition: str


@require_safe
@signed_in
def event(request: SignedInRequest, reference: str) -> HttpResponse:
    """One event's results, once they are released; before that when they will be."""
    person = request.person
    events = Event.objects.visible_to(person).select_related("course", "evaluation")
    found = get_object_or_404(events, reference=reference)
    require(may_see_results(person, found), who=WHO_OF_EVENT)
    reads_texts = may_read_texts(person)
    context = {
        "event": found,
        "year": _year_of(found),
        "sees_all": may_see_all_results(person),
        "reads_texts": reads_texts,
    }
    shown = results.of_event(found, with_texts=reads_texts)
    return render(request, "evaluations/event.html", context | _shown(shown))


@require_safe
@signed_in
def latest(request: SignedInRequest) -> HttpResponse:
    """The year that is asked for, or that of the last event."""
    require(may_see_all_results(request.person), who=WHO)
    if asked := request.GET.get("year"):
        return redirect("evaluations:year", _year_or_404(asked).code)
    ended = Event.objects.delivered().order_by("-ends_at").values_list("ends_at", flat=True).first()
    return redirect("evaluations:year", FinancialYear.containing(ended or timezone.now()).code)


@require_safe
@signed_in
def year(request: SignedInRequest, year: str) -> HttpResponse:
    """All training of a year, and by course."""
    require(may_see_all_results(request.person), who=WHO)
    found = _year_or_404(year)
    return render(request, "evaluations/year.html", {"year": found} | _shown(results.of_year(found)))


@require_safe
@signed_in
def course(request: SignedInRequest, year: str, code: str) -> HttpResponse:
    """A course's events of a year, and by event."""
    require(may_see_all_results(request.person), who=WHO)
    found = get_object_or_404(Course, code=code)
    financial_year = _year_or_404(year)
    shown = results.of_course(found, financial_year)
    return render(request, "evaluations/course.html", {"course": found, "year": financial_year} | _shown(shown))


def _shown(found: Results) -> dict[str, Any]:
    return {"results": found, "charts": list(_charts(found.scales)), "least": release.LEAST_ANSWERS}


def _year_or_404(asked: str) -> FinancialYear:
    try:
        return FinancialYear.parse(asked)
    except ValueError as error:
        raise Http404 from error


def _year_of(event: Event) -> FinancialYear | None:
    return FinancialYear.containing(timezone.localdate(event.ends_at)) if event.ends_at else None


def _charts(scales: list[Answers]) -> list[Drawn]:
    """One a question; what is asked of before and now on one scale stands side by side in one."""
    before = next((one for one in scales if one.kind == Kind.CONFIDENCE_BEFORE), None)
    now = next((one for one in scales if one.kind == Kind.CONFIDENCE_NOW), None)
    if before and now and (before.lowest, before.highest) == (now.lowest, now.highest):
        rest = [one for one in scales if one not in (before, now)]
        pair = _drawn("Confidence before today and now", {"Before today": before, "Now": now})
        return [pair, *(_drawn(one.text, {"Answers": one}) for one in rest)]
    return [_drawn(one.text, {"Answers": one}) for one in scales]


def _drawn(title: str, by_name: dict[str, Answers]) -> Drawn:
    first, *_ = series = list(by_name.values())
    rows: list[list[Any]] = [
        [str(value), *(one.counts.get(value, 0) for one in series)] for value in range(first.lowest, first.highest + 1)
    ]
    if any(one.not_relevant for one in series):
        rows.append([NOT_RELEVANT, *(one.not_relevant for one in series)])
    names = tuple(by_name) if len(series) > 1 else ("",)
    means = [
        f"{name + ': ' if len(series) > 1 else ''}mean {formats.number(one.mean, 2)} "
        f"of {formats.plural(one.number, 'answer')}"
        for name, one in by_name.items()
    ]
    columns, table = ["Answer"], [[row[0]] for row in rows]
    for place, (name, one) in enumerate(by_name.items(), 1):
        columns += [name, f"{name}, share" if len(series) > 1 else "Share"]
        for line, row in zip(table, rows, strict=True):
            line += _cells(row[0], one, row[place])
    words = "; ".join(means)
    words = f"{words[:1].upper()}{words[1:]}, on a scale of {first.lowest} to {first.highest}."
    chart = charts.columns(title, rows, series=names)
    return Drawn(title, charts.svg(chart), charts.narrow_svg(chart), columns, table, words)


def _cells(label: str, answers: Answers, count: int) -> tuple[str, str]:
    """How many, and their share of those who gave a number."""
    if label == NOT_RELEVANT:
        return formats.number(count), "–"
    return formats.number(count), formats.percent(100 * count / answers.number if answers.number else None)

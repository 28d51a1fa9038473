"""The utilisation report: the page and its downloads."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from frontend.access import SignedInRequest, require, signed_in
from frontend.csv_files import csv_file
from frontend.reports import page
from frontend.reports.parts import WHO, Parts
from reporting import formats
from reporting.definitions import FIGURES
from reporting.utilisation import Report, report
from training.financial_year import FinancialYear
from training.models import Event


@require_safe
@signed_in
def latest(request: SignedInRequest) -> HttpResponse:
    """The year that was asked for, or the latest one in which training was delivered."""
    require(Parts.of(request.person).any, who=WHO)
    asked = request.GET.get("year", "")
    year = (
        year_or_404(asked) if asked else next(iter(years_delivered()), FinancialYear.containing(timezone.localdate()))
    )
    return redirect("reports:utilisation", year.code)


@require_safe
@signed_in
def utilisation(request: SignedInRequest, year: str) -> HttpResponse:
    """As much of a year's report as the person may see."""
    parts = Parts.of(request.person)
    require(parts.any, who=WHO)
    found = report(year_or_404(year))
    context = {
        "report": found,
        "parts": parts,
        "years": sorted({*years_delivered(), found.year}, reverse=True),
        "definitions": FIGURES,
        "written": formats.written,
        "provisional": formats.provisional,
        "parted": page.parted,
        "by_agency": page.BY_AGENCY,
        "money_by_agency": page.MONEY_BY_AGENCY,
        "money": page.pairs(found, page.figure_keys("money")),
        "led": [cut for cut in found.this.agencies if cut.code in parts.led_agencies],
    }
    return render(request, "reports/utilisation.html", context | (_whole(found) if parts.whole else {}))


@require_safe
@signed_in
def download_json(request: SignedInRequest, year: str) -> HttpResponse:
    """Every figure, the ledger and the definitions, as the command line prints them."""
    require(Parts.of(request.person).whole, who=WHO)
    found = report(year_or_404(year))
    response = JsonResponse(formats.as_json(found), json_dumps_params={"indent": 1, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="utilisation-{found.year.code}.json"'
    return response


@require_safe
@signed_in
def download_csv(request: SignedInRequest, year: str) -> HttpResponse:
    """Every figure of every cut, one a row."""
    require(Parts.of(request.person).whole, who=WHO)
    found = report(year_or_404(year))
    return csv_file(f"utilisation-{found.year.code}", formats.CSV_HEAD, formats.csv_rows(found))


def year_or_404(year: str) -> FinancialYear:
    try:
        return FinancialYear.parse(year)
    except ValueError as error:
        raise Http404(str(error)) from error


def years_delivered() -> list[FinancialYear]:
    """Those with delivered training, the latest first."""
    months = Event.objects.delivered().order_by().datetimes("ends_at", "month")
    return sorted({FinancialYear.containing(month) for month in months}, reverse=True)


def _whole(found: Report) -> dict[str, Any]:
    drawn = [page.courses_chart(found.this), page.agencies_chart(found), page.confidence_chart(found.this)]
    return {
        "headline": page.pairs(found, page.HEADLINE),
        "charts": [chart for chart in drawn if chart is not None],
        "by_course": page.BY_COURSE,
        "training": page.pairs(found, page.figure_keys("training")),
        "evaluation": page.pairs(found, page.figure_keys("evaluation")),
    }

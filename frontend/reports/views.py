"""The utilisation report: the page and its downloads."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from frontend.access import SignedInRequest, require, signed_in
from frontend.context import partnership
from frontend.csv_files import csv_file
from frontend.downloads import TYPES, record
from frontend.reports import drawn
from frontend.reports.parts import WHO, Parts
from frontend.reports.standing import Standing
from reporting import document, formats, layout
from reporting.definitions import FIGURES
from reporting.permissions import may_publish
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
    context = context_of(found, parts) | {
        "is_frozen": False,
        "definitions": FIGURES,
        "years": sorted({*years_delivered(), found.year}, reverse=True),
        "standing": Standing.of(found, request.person) if parts.whole or parts.money else None,
        "publishes": may_publish(request.person),
    }
    return render(request, "reports/utilisation.html", context)


def context_of(found: Report, parts: Parts) -> dict[str, Any]:
    """What the page shows of a report, of today or as it was published."""
    context = {
        "report": found,
        "parts": parts,
        "written": formats.written,
        "provisional": formats.provisional,
        "parted": drawn.parted,
        "by_agency": layout.BY_AGENCY,
        "money_by_agency": layout.MONEY_BY_AGENCY,
        "money": layout.pairs(found, layout.figure_keys("money")),
        "led": [cut for cut in found.this.agencies if cut.code in parts.led_agencies],
    }
    return context | (_whole(found) if parts.whole else {})


@require_safe
@signed_in
def download_json(request: SignedInRequest, year: str) -> HttpResponse:
    """Every figure, the ledger and the definitions, as the command line prints them."""
    require(Parts.of(request.person).whole, who=WHO)
    found = report(year_or_404(year))
    response = JsonResponse(formats.as_json(found), json_dumps_params={"indent": 1, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="utilisation-{found.year.code}.json"'
    record(request, "utilisation report", "json")
    return response


@require_safe
@signed_in
def download_csv(request: SignedInRequest, year: str) -> HttpResponse:
    """Every figure of every cut, one a row."""
    require(Parts.of(request.person).whole, who=WHO)
    found = report(year_or_404(year))
    record(request, "utilisation report", "csv")
    return csv_file(f"utilisation-{found.year.code}", formats.CSV_HEAD, formats.csv_rows(found))


@require_safe
@signed_in
def download_xlsx(request: SignedInRequest, year: str) -> HttpResponse:
    """The report as a workbook with charts of its own, and every figure's definition."""
    from reporting import spreadsheet  # openpyxl is slow to load

    parts = Parts.of(request.person)
    require(parts.whole, who=WHO)
    found = report(year_or_404(year))
    file = BytesIO()
    spreadsheet.write(found, file, partnership=partnership()[0], money=parts.money)
    record(request, "utilisation report", "xlsx")
    return named_file(file.getvalue(), f"utilisation-{found.year.code}.xlsx", TYPES["xlsx"])


@require_safe
@signed_in
def download_pdf(request: SignedInRequest, year: str) -> HttpResponse:
    """The report to print and to take to a meeting."""
    parts = Parts.of(request.person)
    require(parts.whole, who=WHO)
    found = report(year_or_404(year))
    pictures = [document.Picture(one.title, str(one.svg), one.description, one.definition) for one in drawn.of(found)]
    made = document.made(found, pictures, partnership=partnership()[0], colour=settings.BRAND_COLOUR, money=parts.money)
    record(request, "utilisation report", "pdf")
    return named_file(made, f"utilisation-{found.year.code}.pdf", "application/pdf")


def named_file(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


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
    return {
        "headline": layout.pairs(found, layout.HEADLINE),
        "charts": drawn.of(found),
        "by_course": layout.BY_COURSE,
        "training": layout.pairs(found, layout.figure_keys("training")),
        "evaluation": layout.pairs(found, layout.figure_keys("evaluation")),
    }

"""Reports as they were published: the list, each of them with what differs today, and its workbook."""

from io import BytesIO

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from frontend.access import SignedInRequest, require, signed_in
from frontend.context import partnership
from frontend.downloads import TYPES, record
from frontend.reports.parts import WHO, Parts
from frontend.reports.standing import seen_by
from frontend.reports.views import context_of, named_file
from people.models import Person
from reporting import differences, freezing
from reporting.definitions import FIGURES, CutKind
from reporting.formats import defined
from reporting.models import PublishedReport
from reporting.utilisation import report
from training.moments import full_date


@require_safe
@signed_in
def published_list(request: SignedInRequest) -> HttpResponse:
    """Every report that was published, the latest year and revision first."""
    parts = _parts(request.person)
    return render(request, "reports/published_list.html", {"found": PublishedReport.objects.listed(), "parts": parts})


@require_safe
@signed_in
def published_one(request: SignedInRequest, year: str, revision: int) -> HttpResponse:
    """A report as it was published, with each figure that is another today."""
    parts = _parts(request.person)
    published = _find(year, revision)
    then, now = freezing.thawed(published), report(published.year)
    moved = seen_by(request.person, differences.between(then, now))
    context = context_of(then, parts) | {
        "published": published,
        "is_frozen": True,
        "definitions": FIGURES | freezing.figures_of(published),
        "of_the_whole": [one for one in moved if one.kind is CutKind.ALL and one.year == now.year],
        "differences": moved,
        "redefined": _redefined(published),
        "revisions": PublishedReport.objects.listed().filter(financial_year=year),
    }
    return render(request, "reports/published_one.html", context)


@require_safe
@signed_in
def download_xlsx(request: SignedInRequest, year: str, revision: int) -> HttpResponse:
    """The published figures as the same workbook that today's make."""
    from reporting import spreadsheet  # openpyxl is slow to load

    parts = _parts(request.person)
    require(parts.whole, who=WHO)
    published = _find(year, revision)
    file = BytesIO()
    spreadsheet.write(
        freezing.thawed(published), file, partnership=partnership()[0], money=parts.money,
        remark=_remark(published), definitions=published.definitions,
    )  # fmt: skip
    record(request, "published report", "xlsx")
    return named_file(file.getvalue(), f"utilisation-{year}-published-{revision}.xlsx", TYPES["xlsx"])


def _parts(person: Person) -> Parts:
    parts = Parts.of(person)
    require(parts.whole or parts.money, who=WHO)
    return parts


def _find(year: str, revision: int) -> PublishedReport:
    found = PublishedReport.objects.select_related("published_by")
    return get_object_or_404(found, financial_year=year, revision=revision)


def _remark(published: PublishedReport) -> str:
    again = f" Revision {published.revision}: {published.reason}" if published.reason else ""
    return f"As published on {full_date(published.published_at)}.{again}"


def _redefined(published: PublishedReport) -> list[str]:
    """The names of figures that are counted otherwise today, or not at all."""
    today = {one["figure"]: one for one in defined()}
    return [one["name"] for one in published.definitions if today.get(one["figure"]) != one]

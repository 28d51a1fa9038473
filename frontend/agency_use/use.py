"""An agency's use of a year's training: its row of the report, and the same course by course."""

from datetime import datetime
from typing import Any

from django.db.models import Max, Min, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from frontend.access import SignedInRequest, require, signed_in
from frontend.downloads import Columns, list_file
from frontend.reports.views import year_or_404
from people.models import Agency, Person
from people.permissions import Right, may
from reporting import agency_use, formats
from reporting.agency_use import CourseUse
from reporting.definitions import CutKind
from reporting.permissions import may_see_figure
from reporting.rows.scope import Scope
from reporting.utilisation import report
from training.financial_year import FinancialYear

WHO = "The agency’s training lead or a coordinator"
HEADLINE = (
    "booked", "delegates_attended", "share_of_attendance", "people_trained", "did_not_attend", "late_cancellations",
    "early_cancellations", "walk_ins",
)  # fmt: skip
MONEY = ("charges", "charges_waived", "invoiced_amount")
COLUMNS: Columns = {
    "Course": "course",
    "Course code": "code",
    "Booked": "booked",
    "Walk-ins": "walk_ins",
    "Attended": "delegates_attended",
    "Did not attend": "did_not_attend",
    "Cancelled late": "cancelled_late",
    "Cancelled in time": "cancelled_in_time",
}


@require_safe
@signed_in
def use(request: SignedInRequest, reference: str) -> HttpResponse:
    """What became of a year's bookings, for the lead of the agency and coordinators."""
    agency = agency_for(request.person, reference)
    now = timezone.now()
    year = _year(request, agency, now)
    found = report(year, now=now)
    this, before = (next(cut for cut in each.agencies if cut.code == reference) for each in (found.this, found.before))
    keys = [key for key in (*HEADLINE, *MONEY) if may_see_figure(request.person, key, of_agency=agency.pk)]
    context = {
        "agency": agency,
        "year": year,
        "before": year.previous,
        "years": _years(agency, year, now),
        "written": formats.written,
        "headline": [(this.value(key), before.value(key)) for key in keys],
        "rows": _by_course(agency, year, now),
        "unknown": this.measures["unknown_outcomes"],
    }
    return render(request, "agency_use/use.html", context)


@require_safe
@signed_in
def download(request: SignedInRequest, reference: str) -> HttpResponse:
    """The table by course, as a file."""
    agency = agency_for(request.person, reference)
    now = timezone.now()
    return list_file(request, "use-by-course", COLUMNS, _by_course(agency, _year(request, agency, now), now))


def agency_for(person: Person, reference: str) -> Any:
    """The agency, with first and last, when it had bookings; a lead sees their own, a coordinator any."""
    sees_all = may(person, Right.SEE_REPORT_BOOKINGS)
    require(sees_all or bool(person.led_agencies), who=WHO)
    seen = Agency.objects.all() if sees_all else Agency.objects.filter(pk__in=person.led_agencies)
    held = Q(bookings__placed_at__isnull=False, bookings__event__ends_at__lte=timezone.now())
    return get_object_or_404(
        seen.annotate(
            first=Min("bookings__event__ends_at", filter=held), last=Max("bookings__event__ends_at", filter=held)
        ),
        reference=reference,
    )


def _year(request: SignedInRequest, agency: Any, now: datetime) -> FinancialYear:
    """The year that is asked for, else the latest in which the agency had bookings."""
    asked = request.GET.get("year", "")
    return year_or_404(asked) if asked else FinancialYear.containing(agency.last or now)


def _years(agency: Any, shown: FinancialYear, now: datetime) -> list[FinancialYear]:
    """From the first in which it had bookings to this one, the newest first."""
    this = FinancialYear.containing(now)
    first = FinancialYear.containing(agency.first or now)
    years = {FinancialYear(year) for year in range(first.start_year, this.start_year + 1)}
    return sorted(years | {shown}, reverse=True)


def _by_course(agency: Agency, year: FinancialYear, now: datetime) -> list[CourseUse]:
    return agency_use.by_course(Scope(year, now, CutKind.AGENCY, agency.reference))

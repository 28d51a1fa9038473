"""The time that trainers gave in a year, by agency, and the sessions behind each number."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from frontend.access import SignedInRequest, require, signed_in
from frontend.downloads import Columns, list_file
from people.permissions import Right, may
from reporting import trainer_time
from reporting.trainer_time import Part
from training.financial_year import FinancialYear

AGENCIES: Columns = {
    "Agency": "agency_name",
    "Trainers": "trainers",
    "Sessions": "sessions",
    "Hours alone": "alone",
    "Hours with others": "shared",
    "Hours": "hours",
}
SESSIONS: Columns = {
    "Agency": "agency_name",
    "Trainer": "trainer_name",
    "Event": "event",
    "Course": "course",
    "Begins": "starts_at",
    "Ends": "ends_at",
    "Hours": lambda part: part.hours,
    "With others": lambda part: "Yes" if part.is_shared else "No",
}
# In the address: trainers whose agency is not known.
UNKNOWN = "unknown"


@require_safe
@signed_in
def time(request: SignedInRequest) -> HttpResponse:
    """All agencies, or the sessions of the one asked for."""
    year, found, agency = _asked(request)
    rows = trainer_time.by_agency(found)
    context = {
        "year": year,
        "years": trainer_time.years(timezone.now()),
        "rows": rows,
        "agency": agency,
        "parts": [part for part in found if part.agency == _reference(agency)] if agency else [],
        "name": next((row.agency_name for row in rows if agency and row.agency == _reference(agency)), ""),
        "alone": sum(row.alone for row in rows),
        "shared": sum(row.shared for row in rows),
    }
    return render(request, "trainers/time.html", context)


@require_safe
@signed_in
def download(request: SignedInRequest) -> HttpResponse:
    """The same as a file: a line for each agency, or for each session of the one asked for."""
    year, found, agency = _asked(request)
    if not agency:
        return list_file(request, f"trainer-time-{year.code}", AGENCIES, trainer_time.by_agency(found))
    parts = [part for part in found if part.agency == _reference(agency)]
    return list_file(request, f"trainer-sessions-{year.code}", SESSIONS, parts)


def _asked(request: SignedInRequest) -> tuple[FinancialYear, list[Part], str]:
    """The year, by default the present one, all that was given in it, and the agency asked for, if any."""
    require(may(request.person, Right.READ_PROGRAMME), who="A coordinator")
    now = timezone.now()
    try:
        year = FinancialYear.parse(request.GET["year"]) if "year" in request.GET else FinancialYear.containing(now)
    except ValueError as wrong:
        raise Http404 from wrong
    return year, trainer_time.parts(year, now), request.GET.get("agency", "")


def _reference(agency: str) -> str:
    return "" if agency == UNKNOWN else agency

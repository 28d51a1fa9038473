"""The year's events as a list."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from frontend.access import SignedInRequest, signed_in
from frontend.csv_files import csv_file
from frontend.paging import page_of
from frontend.programme import listing
from frontend.programme.forms import ProgrammeFilter
from people.permissions import Right, may
from training.models import Event

# Heads of the file, and the columns of listing.counted under them.
COLUMNS = {
    "Event": "reference",
    "Course code": "course__code",
    "Course": "course__title",
    "Starts": "starts_at",
    "Ends": "ends_at",
    "Venue": "venue_name",
    "Places": "places",
}
COUNTS = {"Booked": "held", "Waiting": "waiting"}
PUBLIC_COUNTS = {"Places left": "places_left"}


@require_safe
@signed_in
def programme(request: SignedInRequest) -> HttpResponse:
    """The programme that the person sees, filtered by the address, 50 events a page."""
    is_public = _is_public(request)
    form, events = _asked_for(request, is_public)
    context = {
        "form": form,
        "page": page_of(request, events),
        "is_public": is_public,
        "standings": listing.PUBLIC_STANDINGS if is_public else listing.STANDINGS,
        "asked": request.GET.urlencode(),
    }
    return render(request, "programme/programme.html", context)


@require_safe
@signed_in
def download(request: SignedInRequest) -> HttpResponse:
    """What the programme's page shows, all of it, as a CSV file."""
    is_public = _is_public(request)
    _, events = _asked_for(request, is_public)
    columns = COLUMNS | (PUBLIC_COUNTS if is_public else COUNTS)
    standings = listing.PUBLIC_STANDINGS if is_public else listing.STANDINGS
    rows = ((*row, standings[standing][0]) for *row, standing in events.values_list(*columns.values(), "standing"))
    return csv_file("programme", [*columns, "State"], rows)


def _asked_for(request: SignedInRequest, is_public: bool) -> tuple[ProgrammeFilter, listing.Counted]:
    form = ProgrammeFilter(request.GET, choices=listing.choices(request.person), is_public=is_public)
    return form, form.applied_to(listing.counted(Event.objects.visible_to(request.person)))


def _is_public(request: SignedInRequest) -> bool:
    return not may(request.person, Right.READ_PROGRAMME)

"""The year's events as a list."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from frontend.access import SignedInRequest, signed_in
from frontend.downloads import list_file
from frontend.paging import page_of
from frontend.programme import listing
from frontend.programme.forms import ProgrammeFilter
from people.permissions import Right, may
from programme.permissions import may_import
from training.permissions import may_change_programme

# Heads of the file, and what of an event of listing.counted stands under them.
COLUMNS: dict[str, Callable[[Any], Any]] = {
    "Event": attrgetter("reference"),
    "Course code": attrgetter("course.code"),
    "Course": attrgetter("course.title"),
    "Starts": attrgetter("starts_at"),
    "Ends": attrgetter("ends_at"),
    "Venue": attrgetter("venue_name"),
    "Places": attrgetter("places"),
}
COUNTS: dict[str, Callable[[Any], Any]] = {
    "Booked": attrgetter("held"),
    "Waiting": attrgetter("waiting"),
    "State": lambda event: listing.STANDINGS[listing.standing(event)][0],
}
PUBLIC_COUNTS: dict[str, Callable[[Any], Any]] = {
    "Places left": attrgetter("places_left"),
    "State": lambda event: listing.PUBLIC_STANDINGS[listing.standing(event)][0],
}


@require_safe
@signed_in
def programme(request: SignedInRequest) -> HttpResponse:
    """The programme that the person sees, filtered by the address, 50 events a page."""
    is_public = _is_public(request)
    form, events = _asked_for(request, is_public)
    context = {
        "form": form,
        "page": page_of(request, events.values_list("pk", flat=True), shown=listing.rows),
        "is_public": is_public,
        "standings": listing.PUBLIC_STANDINGS if is_public else listing.STANDINGS,
        "standing": listing.standing,
        "now": timezone.now(),
        "asked": request.GET.urlencode(),
        "imports": may_import(request.person),
        "publishes": may_change_programme(request.person),
    }
    return render(request, "programme/programme.html", context)


@require_safe
@signed_in
def download(request: SignedInRequest) -> HttpResponse:
    """What the programme's page shows, all of it, as a file."""
    is_public = _is_public(request)
    _, events = _asked_for(request, is_public)
    return list_file(request, "programme", COLUMNS | (PUBLIC_COUNTS if is_public else COUNTS), events)


def _asked_for(request: SignedInRequest, is_public: bool) -> tuple[ProgrammeFilter, listing.Counted]:
    form = ProgrammeFilter(request.GET, choices=listing.choices(request.person), is_public=is_public)
    return form, form.applied_to(listing.programme(request.person))


def _is_public(request: SignedInRequest) -> bool:
    return not may(request.person, Right.READ_PROGRAMME)

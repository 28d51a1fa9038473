"""The year's events as a list, as a month and as a board."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from frontend.access import SignedInRequest, signed_in
from frontend.downloads import list_file
from frontend.paging import changed_address, page_of
from frontend.programme import board, listing
from frontend.programme.forms import BOARD, MONTH, ProgrammeFilter
from frontend.programme.month import month_of
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
    """The programme that the person sees, filtered by the address: as a list, 50 events a page, a month or a board."""
    is_public = _is_public(request)
    form, events = _asked_for(request, is_public)
    context = {
        "form": form,
        "is_public": is_public,
        "standings": listing.PUBLIC_STANDINGS if is_public else listing.STANDINGS,
        "standing": listing.standing,
        "is_not_sure": listing.is_not_sure,
        "is_under_minimum": listing.is_under_minimum,
        "now": timezone.now(),
        "asked": request.GET.urlencode(),
        "imports": may_import(request.person),
        "plans": may_change_programme(request.person),
        "views": _views(request, form, is_public),
        "address": lambda **changes: changed_address(request, **changes),
        **_shown(request, form, events.values_list("pk", flat=True)),
    }
    return render(request, "programme/programme.html", context)


def _views(request: SignedInRequest, form: ProgrammeFilter, is_public: bool) -> list[tuple[str, str, bool]]:
    views = [
        ("List", changed_address(request, view="", month=""), not (form.is_by_month or form.is_board)),
        ("Month", changed_address(request, view=MONTH), form.is_by_month),
        ("By state", changed_address(request, view=BOARD, month=""), form.is_board),
    ]
    return views[:2] if is_public else views


def _shown(request: SignedInRequest, form: ProgrammeFilter, keys: QuerySet[Any, Any]) -> dict[str, Any]:
    """What the page is made of: one of the three, the others None."""
    shown: dict[str, Any] = {"page": None, "month": None, "board": None}
    if form.is_by_month:
        return shown | {"month": month_of(form.shown_month, listing.rows(keys))}
    if form.is_board:
        found = listing.rows(keys[: board.MOST])
        return shown | {
            "board": board.columns(found, timezone.now()),
            "is_cut": len(found) == board.MOST,
            "most": board.MOST,
        }
    return shown | {"page": page_of(request, keys, shown=listing.rows)}


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

"""Venues and their rooms: the list, one of them, and what coordinators change about them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from frontend.access import SignedInRequest, require, signed_in
from frontend.venues.forms import RoomForm, VenueForm
from people.permissions import Right, may
from training import venues as changes
from training.models import Event, Room, Venue
from training.permissions import may_change_programme
from training.refusals import ProgrammeRefused

GET_OR_POST = ["GET", "POST"]
WHO = "A coordinator"


@require_safe
@signed_in
def venues(request: SignedInRequest) -> HttpResponse:
    """All of them, those last that are not used any more."""
    require(may(request.person, Right.READ_PROGRAMME), who=WHO)
    coming = Q(rooms__sessions__event__in=Event.objects.coming())
    rows = Venue.objects.annotate(
        rooms_here=Count("rooms", distinct=True), coming=Count("rooms__sessions__event", filter=coming, distinct=True)
    ).order_by("is_retired", "name")
    context = {"venues": rows, "changes": may_change_programme(request.person)}
    return render(request, "venues/venues.html", context)


@require_safe
@signed_in
def venue(request: SignedInRequest, number: int) -> HttpResponse:
    """Its rooms, and what takes place there next."""
    require(may(request.person, Right.READ_PROGRAMME), who=WHO)
    found = get_object_or_404(Venue, pk=number)
    coming = Event.objects.coming().filter(sessions__room__venue=found).select_related("course").distinct()
    context = {
        "venue": found,
        "rooms": found.rooms.order_by("is_retired", "name"),
        "events": coming.order_by("starts_at", "pk")[:10],
        "changes": may_change_programme(request.person),
        "now": timezone.now(),
    }
    return render(request, "venues/venue.html", context)


@require_http_methods(GET_OR_POST)
@signed_in
def add_venue(request: SignedInRequest) -> HttpResponse:
    """A new one, whose rooms are added next."""
    form = _form(request, VenueForm)
    made = _done(form, lambda facts: changes.add(by=request.person, **facts))
    if made:
        messages.success(request, f"{made} is added. Say how many people it holds, or add its rooms.")
        return redirect("venues:venue", made.pk)
    return _page(request, form, "Add a venue", None)


@require_http_methods(GET_OR_POST)
@signed_in
def correct_venue(request: SignedInRequest, number: int) -> HttpResponse:
    """Its name, address and notes, and whether it is used."""
    found = get_object_or_404(Venue, pk=number)
    form = _form(request, VenueForm, found)
    if _done(form, lambda facts: changes.correct(venue=found, by=request.person, **facts)):
        messages.success(request, f"{found} is saved.")
        return redirect("venues:venue", number)
    return _page(request, form, "Correct this venue", found)


@require_http_methods(GET_OR_POST)
@signed_in
def add_room(request: SignedInRequest, number: int) -> HttpResponse:
    """One more room."""
    found = get_object_or_404(Venue, pk=number)
    form = _form(request, RoomForm)
    made = _done(form, lambda facts: changes.add_room(venue=found, by=request.person, **facts))
    if made:
        messages.success(request, f"{made} is added.")
        return redirect("venues:venue", number)
    return _page(request, form, "Add a room", found)


@require_http_methods(GET_OR_POST)
@signed_in
def correct_room(request: SignedInRequest, number: int, room: int) -> HttpResponse:
    """Its name, how many it holds, and whether it is used."""
    found = get_object_or_404(Room.objects.select_related("venue"), pk=room, venue=number)
    form = _form(request, RoomForm, found)
    if _done(form, lambda facts: changes.correct_room(room=found, by=request.person, **facts)):
        messages.success(request, f"{found} is saved.")
        return redirect("venues:venue", number)
    return _page(request, form, "Correct this room", found.venue)


def _form(request: SignedInRequest, kind: type[forms.Form], now: Venue | Room | None = None) -> forms.Form:
    """Of what is there as it is; what is new is used, so it is not asked whether it is."""
    require(may_change_programme(request.person), who=WHO)
    initial = {name: getattr(now, name) for name in kind.base_fields} if now else {}
    form = kind(request.POST if request.method == "POST" else None, initial=initial)
    if now is None:
        del form.fields["is_retired"]
    return form


def _done(form: forms.Form, change: Callable[[dict[str, Any]], Any]) -> Any:
    """What the change gives; None where the form or the change refuses, which the form says."""
    if form.is_valid():
        try:
            return change(form.cleaned_data)
        except ProgrammeRefused as refusal:
            form.add_error("name", str(refusal))
    return None


def _page(request: SignedInRequest, form: forms.Form, title: str, venue: Venue | None) -> HttpResponse:
    return render(request, "venues/change.html", {"form": form, "title": title, "venue": venue})

"""Places that an agency's lead reserves on an event, names, or lets go."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bookings import eligibility, reservations, working_days
from bookings.models import Reservation
from bookings.refusals import BookingRefused
from frontend.access import SignedInRequest, require, signed_in
from frontend.agency_bookings import whose
from frontend.agency_bookings.forms import ReserveForm
from frontend.agency_bookings.whose import WhoseForm
from frontend.bookings.choosing import Choosing
from frontend.formats import plural
from frontend.returning import kept_list
from people.models import Agency, Person
from people.permissions import Right, may
from training.models import Event
from training.moments import until

GET_OR_POST = ["GET", "POST"]
WHO = "An agency’s training lead or a coordinator"


@require_http_methods(GET_OR_POST)
@signed_in
def reserve(request: SignedInRequest, reference: str) -> HttpResponse:
    """Hold places for people of an agency who are named later; what is held already stands above."""
    event = _event(request, reference)
    found = whose.agencies_of(request.person)
    chosen = whose.chosen(request.GET, found)
    if chosen is None or chosen.circle.agency is None:
        context = {"event": event, "form": WhoseForm(request.GET, found), "title": "Reserve places"}
        return render(request, "agency_bookings/whose.html", context)
    agency, closing = chosen.circle.agency, working_days.closing_days()
    last = reservations.last_day(event, closing)
    usual = reservations.usual_day(last, closing) if last else None
    form = ReserveForm(request.POST if request.method == "POST" else None, initial={"named_until": usual})
    if request.method == "POST" and form.is_valid() and _is_reserved(request, event, agency, form):
        return redirect(_address(request, event, agency))
    context = {
        "event": event,
        "form": form,
        "agency": agency,
        "has_choice": len(found) > 1,
        "reservation": reservations.of(event, agency),
        "last": last,
        "latest": reservations.LATEST,
    }
    return render(request, "agency_bookings/reserve.html", context)


def _is_reserved(request: SignedInRequest, event: Event, agency: Agency, form: ReserveForm) -> bool:
    """Whether it was done; if not, the form says why."""
    places, named_until = form.cleaned_data["places"], reservations.end_of(form.cleaned_data["named_until"])
    try:
        made = reservations.reserve(
            event=event, agency=agency, places=places, named_until=named_until, by=request.person
        )
    except BookingRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    count = plural(made.places, "place")
    messages.success(request, f"{agency} has {count} on {event}, to name by {until(made.named_until)}.")
    return True


@require_http_methods(GET_OR_POST)
@signed_in
def name_place(request: SignedInRequest, reference: str, agency: str) -> HttpResponse:
    """Say who comes on one of the reserved places: somebody of the agency, known or new."""
    event, reservation = _reservation(request, reference, agency)
    choosing = Choosing(
        among=Person.objects.employed().filter(agency=reservation.agency),
        agencies=Agency.objects.filter(pk=reservation.agency_id),
        shows_emails=True,
    )
    choosing.take(request)
    if choosing.next:
        return redirect(choosing.next)
    if request.method == "POST":
        try:
            booking = choosing.done(
                lambda person: reservations.name(reservation=reservation, delegate=person, by=request.person)
            )
        except BookingRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(_address(request, event, reservation.agency))
        if booking:
            messages.success(
                request,
                f"{booking.delegate.name} has a place on {event}. The booking’s reference is {booking.reference}.",
            )
            return redirect(_address(request, event, reservation.agency))
    context: dict[str, Any] = {"event": event, "reservation": reservation, "choosing": choosing}
    if choosing.person:
        standing = eligibility.standing(event, [choosing.person])[choosing.person.pk]
        is_blocked = standing.is_blocked and not may(request.person, Right.CHANGE_BOOKINGS)
        context |= {"standing": standing, "is_blocked": is_blocked}
    return render(request, "agency_bookings/name_place.html", context)


@require_http_methods(GET_OR_POST)
@signed_in
def let_go(request: SignedInRequest, reference: str, agency: str) -> HttpResponse:
    """Give the places without names back, after a look at what that means."""
    event, reservation = _reservation(request, reference, agency)
    if request.method == "POST":
        reservations.let_go(reservation=reservation, by=request.person)
        messages.success(request, f"{reservation.agency} has no places without names on {event} any more.")
        return redirect(_address(request, event, reservation.agency))
    return render(request, "agency_bookings/let_go.html", {"event": event, "reservation": reservation})


def _event(request: SignedInRequest, reference: str) -> Event:
    event = get_object_or_404(Event.objects.visible_to(request.person).select_related("course"), reference=reference)
    require(whose.leads(request.person), who=WHO)
    return event


def _reservation(request: SignedInRequest, reference: str, agency: str) -> tuple[Event, Reservation]:
    """One of an agency that the person books for, with places left to name, whether or not its time is over."""
    event = _event(request, reference)
    found = next((one.circle.agency for one in whose.agencies_of(request.person) if one.key == agency), None)
    if found is None:
        raise Http404
    return event, get_object_or_404(
        event.reservations.live().filter(places__gt=0).select_related("agency", "event__course"), agency=found
    )


def _address(request: HttpRequest, event: Event, agency: Agency) -> str:
    return reverse("agency_bookings:reserve", args=[event.reference]) + kept_list(request, of=agency.reference)

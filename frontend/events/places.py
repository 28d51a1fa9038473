"""An event's places: how many, for whom they are kept, what is reserved; and what each change lets the list do."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings import capacity, reservations
from bookings.models import Booking, Hold, Reservation
from bookings.refusals import BookingRefused, PlacesHeld, WrongMoment
from frontend.access import SignedInRequest, require, signed_in
from frontend.events.forms import CapForm, KeepForm, NumberForm
from frontend.events.shares import shares_of
from frontend.formats import first_few, plural
from people.models import Agency
from training.models import Event
from training.moments import until
from training.permissions import may_change_programme

GET_OR_POST = ["GET", "POST"]
# What was kept until a moment ago, so that it can be put back: signed, as it stands in an address.
ENDED = "ended"
SALT = "events.places.ended"


@require_safe
@signed_in
def places(request: SignedInRequest, reference: str) -> HttpResponse:
    """Where the event's places are, and what can be changed."""
    event = _event(request, reference)
    context = {
        "event": event,
        "shares": shares_of(event),
        "is_off": event.cancelled_at is not None,
        "ended": request.GET.get(ENDED, "") if _ended(request.GET.get(ENDED, "")) else "",
    }
    return render(request, "events/places.html", context)


@require_http_methods(GET_OR_POST)
@signed_in
def change_places(request: SignedInRequest, reference: str) -> HttpResponse:
    """More or fewer places: first how many, then what follows, to check; then it is done."""
    event = _event(request, reference)
    posted = request.method == "POST" and "change" not in request.POST
    form = NumberForm(request.POST or None, initial={"places": event.places})
    is_held = False
    try:
        if posted and form.is_valid():
            number = form.cleaned_data["places"]
            if "confirm" in request.POST:
                offered = capacity.change_places(event=event, places=number, by=request.person)
                return _done(request, event, f"There are {plural(number, 'place')} now.", offered)
            offered, ends_at = capacity.what_follows(event, number)
            context = {"event": event, "places": number, "offered": offered, "ends_at": ends_at}
            return render(request, "events/check_places.html", context | {"shares": shares_of(event)})
    except BookingRefused as refusal:
        form.add_error("places", str(refusal))
        is_held = isinstance(refusal, PlacesHeld)
    return render(request, "events/change_places.html", {"event": event, "form": form, "is_held": is_held})


@require_http_methods(GET_OR_POST)
@signed_in
def keep(request: SignedInRequest, reference: str) -> HttpResponse:
    """Keep places for an agency, or for all of a type."""
    event = _event(request, reference)
    form = KeepForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        done = _kept(request, event, form, form.kept_for)
        if done:
            return done
    return render(request, "events/keep.html", {"event": event, "form": form, "hold": None})


@require_http_methods(GET_OR_POST)
@signed_in
def change_hold(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """Keep more or fewer, or until another moment."""
    event = _event(request, reference)
    hold = get_object_or_404(event.holds.select_related("agency"), pk=number)
    form = KeepForm(request.POST if request.method == "POST" else None, hold=hold)
    if form.is_valid():
        done = _kept(request, event, form, {"agency": hold.agency, "agency_type": hold.agency_type})
        if done:
            return done
    return render(request, "events/keep.html", {"event": event, "form": form, "hold": hold})


@require_POST
@signed_in
def stop_keeping(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """What was kept goes to the list, and then to everyone. It can be put back from the page that follows."""
    event = _event(request, reference)
    hold = get_object_or_404(event.holds.select_related("event", "agency"), pk=number)
    kept = [hold.agency_id, hold.agency_type, hold.places, hold.until.isoformat()]
    offered = capacity.stop_keeping(hold=hold, by=request.person)
    _say(request, f"No places are kept for {hold.whom} any more.", offered)
    return redirect(f"{_address(event)}?{ENDED}={signing.dumps(kept, salt=SALT)}")


@require_POST
@signed_in
def put_back(request: SignedInRequest, reference: str) -> HttpResponse:
    """Keep again what was kept until a moment ago. Who was offered a place since then keeps the offer."""
    event = _event(request, reference)
    kept = _ended(request.POST.get(ENDED, ""))
    if kept is None:
        messages.error(request, "That cannot be put back any more. Keep the places anew.")
        return redirect(_address(event))
    agency = Agency.objects.filter(pk=kept[0]).first()
    moment = datetime.fromisoformat(kept[3])
    try:
        offered = capacity.keep(
            event=event, agency=agency, agency_type=kept[1], places=kept[2], until=moment, by=request.person
        )
    except BookingRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(_address(event))
    return _done(request, event, f"{plural(kept[2], 'place')} kept again until {until(moment)}.", offered)


@require_http_methods(GET_OR_POST)
@signed_in
def cap(request: SignedInRequest, reference: str) -> HttpResponse:
    """The most places that one agency may have."""
    event = _event(request, reference)
    now = event.cap.places if hasattr(event, "cap") else None
    form = CapForm(request.POST if request.method == "POST" else None, initial={"places": now})
    if form.is_valid():
        most = form.cleaned_data["places"]
        said = f"One agency may have at most {plural(most, 'place')}." if most else "No agency has a limit any more."
        try:
            return _done(request, event, said, capacity.cap(event=event, places=most, by=request.person))
        except BookingRefused as refusal:
            form.add_error("places", str(refusal))
    return render(request, "events/cap.html", {"event": event, "form": form})


@require_http_methods(GET_OR_POST)
@signed_in
def let_go(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """Give back what an agency has reserved and not named."""
    event = _event(request, reference)
    found = Reservation.objects.live().filter(event=event).select_related("event", "agency", "made_by")
    reservation = get_object_or_404(found, pk=number)
    if request.method == "POST":
        offered = reservations.let_go(reservation=reservation, by=request.person)
        said = f"The {plural(reservation.places, 'place')} that {reservation.agency} had reserved are free again."
        return _done(request, event, said, offered)
    return render(request, "events/let_go.html", {"event": event, "reservation": reservation})


def _event(request: SignedInRequest, reference: str) -> Event:
    visible = Event.objects.visible_to(request.person).select_related("course", "cap")
    event = get_object_or_404(visible, reference=reference)
    require(may_change_programme(request.person), who="A coordinator")
    return event


def _kept(request: SignedInRequest, event: Event, form: KeepForm, whom: dict[str, Any]) -> HttpResponse | None:
    number = form.cleaned_data["places"]
    try:
        offered = capacity.keep(event=event, places=number, until=form.until, by=request.person, **whom)
    except BookingRefused as refusal:
        form.add_error("until_on" if isinstance(refusal, WrongMoment) else "places", str(refusal))
        return None
    name = Hold(**whom).whom
    return _done(request, event, f"{plural(number, 'place')} kept for {name} until {until(form.until)}.", offered)


def _ended(token: str) -> list[Any] | None:
    try:
        kept: list[Any] = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return kept


def _done(request: SignedInRequest, event: Event, said: str, offered: Sequence[Booking]) -> HttpResponseRedirect:
    _say(request, said, offered)
    return redirect(_address(event))


def _say(request: SignedInRequest, said: str, offered: Sequence[Booking]) -> None:
    """What was changed, and who is offered a place by it."""
    if offered:
        who = first_few(booking.delegate.name for booking in offered)
        said = f"{said} {who} {'is' if len(offered) == 1 else 'are'} offered a place, and told so."
    messages.success(request, said)


def _address(event: Event) -> str:
    return reverse("events:places", args=[event.reference])

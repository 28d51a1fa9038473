"""Arranging what delegates need: which events have something to arrange, what is arranged, and taking that back."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings import needs
from bookings.models import Booking, Need
from bookings.permissions import may_note_needs
from bookings.refusals import BookingRefused
from frontend.access import SignedInRequest, require, signed_in
from frontend.booking.forms import ArrangeForm, SeenForm
from frontend.formats import plural
from frontend.paging import page_of
from frontend.returning import kept_list
from training.models import Event

WHO = "A coordinator"
TOLD = "{name} is told by email in five minutes that there is something to read in their booking, and not what."
NOT_TOLD = "{name} has no email address here: tell them yourself."


@require_safe
@signed_in
def coming(request: SignedInRequest) -> HttpResponse:
    """Events to come whose delegates need something: how many are to be arranged, and not what."""
    require(may_note_needs(request.person), who=WHO)
    page = page_of(request, needs.coming(timezone.now()))
    return render(request, "booking/needs_coming.html", {"page": page})


@require_http_methods(["GET", "POST"])
@signed_in
def arrange(request: SignedInRequest, reference: str) -> HttpResponse:
    """Say what is arranged for a delegate. It shows what they need, so that somebody looked is recorded."""
    booking = _booking(request, reference)
    event = needs.event_of(booking)
    need = Need.objects.filter(booking=booking).first()
    if need is None or booking.state == Booking.State.CANCELLED:
        messages.error(request, f"{booking.delegate.name} needs nothing any more, or does not come.")
        return _back(request, event)
    needs.opened(event, request.person)
    form = ArrangeForm(request.POST if request.method == "POST" else None, need=need)
    if form.is_valid():
        try:
            needs.arrange(booking=booking, by=request.person, **form.arrangement)
        except BookingRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(request.get_full_path())
        told = TOLD if booking.delegate.email else NOT_TOLD
        messages.success(request, f"It is noted. {told.format(name=booking.delegate.name)}")
        return _back(request, event)
    return render(request, "booking/arrange.html", {"booking": booking, "event": event, "need": need, "form": form})


@require_POST
@signed_in
def order_food(request: SignedInRequest, reference: str) -> HttpResponse:
    """Food and drink are ordered for all who need nothing else, as the page showed them."""
    event = get_object_or_404(Event.objects.visible_to(request.person).select_related("course"), reference=reference)
    require(may_note_needs(request.person), who=WHO)
    form = SeenForm(request.POST)
    if form.is_valid():
        try:
            number = needs.order_food(event=event, seen=form.cleaned_data["seen"], by=request.person)
        except BookingRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Food and drink are noted as ordered for {plural(number, 'delegate')}.")
    return redirect(reverse("events:needs", args=[reference]) + kept_list(request))


@require_POST
@signed_in
def take_back(request: SignedInRequest, reference: str) -> HttpResponse:
    """It is to be arranged again."""
    booking = _booking(request, reference)
    try:
        needs.take_back(booking=booking, by=request.person)
    except BookingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Taken back: what {booking.delegate.name} needs is to be arranged.")
    return _back(request, needs.event_of(booking))


def _booking(request: SignedInRequest, reference: str) -> Booking:
    found = Booking.objects.visible_to(request.person).select_related("event__course", "delegate")
    booking = get_object_or_404(found, reference=reference)
    require(may_note_needs(request.person), who=WHO)
    return booking


def _back(request: SignedInRequest, event: Event) -> HttpResponseRedirect:
    return redirect(reverse("events:needs", args=[event.reference]) + kept_list(request))

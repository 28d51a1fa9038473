"""Changes to one booking: cancel it and bring it back, send a substitute, give a place from the waiting list."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from bookings import approvers, eligibility, permissions, places, policies, restoring
from bookings.models import Booking
from bookings.refusals import BookingRefused, WrongMoment
from bookings.room import Room, Why
from frontend.access import SignedInRequest, require, signed_in
from frontend.bookings import meanwhile
from frontend.bookings.choosing import Choosing
from frontend.bookings.forms import ReasonForm, ReceivedForm
from frontend.bookings.telling import told
from frontend.returning import kept_list
from people.models import Agency, Person
from people.permissions import Right, may
from training.moments import until

GET_OR_POST = ["GET", "POST"]
# What speaks against giving a place that is free: a coordinator may all the same.
AGAINST: dict[Why | None, str] = {
    Why.KEPT: "The places that are free are kept for other agencies. Giving one of them takes it from those.",
    Why.CAPPED: "The agency has as many places as one agency may have here.",
}


@require_http_methods(GET_OR_POST)
@signed_in
def cancel(request: SignedInRequest, reference: str) -> HttpResponse:
    """Cancel one's own booking or one's staff's, now; or, as coordinator, as it was received."""
    booking = _booking(request, reference)
    require(permissions.may_cancel(request.person, booking), who="The delegate, their line manager or a coordinator")
    is_own = _is_own(request, booking)
    # A coordinator may enter what was received before the event began.
    enters = permissions.may_enter_cancellations(request.person) and not is_own
    if said := meanwhile.too_late(request, booking, may_have_begun=enters):
        messages.error(request, said)
        return _to(request, booking)
    if enters:
        return _cancel_as_received(request, booking)
    cost = _cost(booking, timezone.now())
    shown = cost["cost"].tariff if cost["cost"] else None
    if request.method == "POST":
        if not (said := meanwhile.risen(request, booking, shown)):
            return _cancelled(request, booking)
        messages.error(request, said)
    context = {"booking": booking, "is_own": is_own, "shown": meanwhile.cost_shown(shown)} | cost
    return render(request, "bookings/cancel.html", context)


def _cancel_as_received(request: SignedInRequest, booking: Booking) -> HttpResponse:
    """First when, how and from whom; then what follows from it, to check; then it is done."""
    form = ReceivedForm(request.POST or None, booking.booked_at)
    if request.method == "POST" and form.is_valid() and "change" not in request.POST and _can_be(booking, form):
        if "confirm" in request.POST:
            return _cancelled(request, booking, form)
        kept = [(name, value) for name, value in request.POST.items() if name.startswith(ReceivedForm.NAMES)]
        return render(request, "bookings/check_cancellation.html", _what_follows(booking, form) | {"kept": kept})
    return render(request, "bookings/enter_cancellation.html", {"booking": booking, "form": form})


def _can_be(booking: Booking, form: ReceivedForm) -> bool:
    """Whether it can have been received then; if not, the form says why, with all that was typed."""
    try:
        places.refuse_moment(booking, form.received, timezone.now())
    except WrongMoment as refusal:
        form.add_error("received_on", str(refusal))
        return False
    return True


def _what_follows(booking: Booking, form: ReceivedForm) -> dict[str, object]:
    notice = None
    if booking.placed_at is not None:
        notice = policies.notice(event=booking.event, policy=booking.policy, received_at=form.received)
    return {"booking": booking, "form": form, "notice_given": notice} | _cost(booking, form.received)


def _cost(booking: Booking, received_at: datetime) -> dict[str, Any]:
    """What a cancellation received then costs; of who only waits, nothing is said."""
    cost = places.cost_of_cancelling(booking, received_at=received_at) if booking.placed_at else None
    return {"cost": cost, "free_until": until(cost.free_until) if cost and cost.free_until else ""}


def _cancelled(request: SignedInRequest, booking: Booking, form: ReceivedForm | None = None) -> HttpResponse:
    received = {"received_at": form.received, "received_from": form.received_from} if form else {}
    try:
        places.cancel(booking=booking, by=request.person, **received)  # type: ignore[arg-type]  # as the form says
    except BookingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        what = "place" if booking.placed_at else "booking"
        whose = f"Your {what}" if _is_own(request, booking) else f"{booking.delegate.name}’s {what}"
        messages.success(request, f"{whose} on {booking.event} is cancelled. Its reference is {booking.reference}.")
    return _to(request, booking)


@require_POST
@signed_in
def bring_back(request: SignedInRequest, reference: str) -> HttpResponse:
    """Undo a cancellation of some minutes ago."""
    booking = _booking(request, reference)
    require(permissions.may_bring_back(request.person, booking), who="Who cancelled it or a coordinator")
    try:
        booking = restoring.undo(booking=booking, by=request.person)
    except BookingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        whose = "Your booking" if _is_own(request, booking) else f"{booking.delegate.name}’s booking"
        messages.success(request, f"{whose} on {booking.event} is back as it was.")
    return _to(request, booking)


@require_http_methods(GET_OR_POST)
@signed_in
def substitute(request: SignedInRequest, reference: str) -> HttpResponse:
    """Let a colleague of the same agency take over the booking."""
    booking = _booking(request, reference)
    require(permissions.may_cancel(request.person, booking), who="A coordinator")
    may_substitute = permissions.may_substitute(request.person, booking)
    if said := meanwhile.too_late(request, booking, may_have_begun=may_substitute):
        messages.error(request, said)
        return _to(request, booking)
    require(may_substitute, who="A coordinator")
    choosing = _colleagues(request.person, booking)
    choosing.take(request)
    if choosing.next:
        return redirect(choosing.next)
    if request.method == "POST" and (done := _taken_over(request, booking, choosing)):
        return done
    chosen = choosing.person
    # What a colleague holds and is booked on is not for every colleague to see.
    standing = eligibility.standing(booking.event, [chosen])[chosen.pk] if chosen and choosing.shows_emails else None
    context = {"booking": booking, "choosing": choosing, "standing": standing}
    if choosing.step == "search" and choosing.shows_emails:
        waiting = booking.event.bookings.waiting().filter(delegate__in=choosing.among)
        context["waiting"] = [one.delegate for one in waiting.select_related("delegate")]
    if chosen:
        context |= _seen_now(booking, chosen, request.person) | {"told": told(booking.delegate, chosen)}
    return render(request, "bookings/substitute.html", context)


def _colleagues(person: Person, booking: Booking) -> Choosing:
    """Of the booking's agency; somebody new, who has no line manager yet, only where nobody else has to approve it."""
    colleagues = Person.objects.employed().filter(agency=booking.agency_id)
    new = Person(agency_id=booking.agency_id)
    return Choosing(
        among=colleagues.exclude(pk=booking.delegate_id),
        agencies=Agency.objects.filter(pk=booking.agency_id),
        shows_emails=may(person, Right.CHANGE_BOOKINGS) or booking.agency_id in person.led_agencies,
        adds=not approvers.is_needed(booking.event.course, new, person),
    )


def _seen_now(booking: Booking, chosen: Person, by: Person) -> dict[str, Any]:
    """Why who was chosen cannot be sent, before anybody presses a button that can only be refused; or how they wait."""
    try:
        return {"refused": "", "waits": places.refuse_substitute(booking, chosen, by)}
    except BookingRefused as refusal:
        return {"refused": str(refusal), "waits": None}


def _taken_over(request: SignedInRequest, booking: Booking, choosing: Choosing) -> HttpResponse | None:
    """Onward once it is done or refused; None where something is still to be put right in the form."""
    try:
        new = choosing.done(lambda chosen: places.substitute(booking=booking, substitute=chosen, by=request.person))
    except BookingRefused as refusal:
        if not choosing.new:
            messages.error(request, str(refusal))
            return _to(request, booking)
        choosing.new.add_error(None, str(refusal))
        return None
    if new is None:
        return None
    said = f"{new.delegate.name} takes over the place of {booking.delegate.name} on {booking.event}"
    said += " and waits no more." if new.has_waited else "."
    messages.success(request, f"{said} The booking’s reference is {new.reference}.")
    return _to(request, new if permissions.may_cancel(request.person, new) else booking)


@require_http_methods(GET_OR_POST)
@signed_in
def give_place(request: SignedInRequest, reference: str) -> HttpResponse:
    """Give a place to who waits: a free one, or with a reason one beyond the event's places."""
    booking = _booking(request, reference)
    require(permissions.may_give_places(request.person), who="A coordinator")
    room = Room.of(booking.event)
    is_free = room.free > 0
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and ("reason" not in request.POST or form.is_valid()):
        return _given(request, booking, form)
    ahead = booking.event.bookings.waiting().filter(booked_at__lt=booking.booked_at).count()
    context = {"booking": booking, "held": room.held.total(), "is_free": is_free, "ahead": ahead, "form": form}
    context["against"] = AGAINST.get(room.refusal(booking.agency_id, booking.agency.type), "")
    return render(request, "bookings/give_place.html", context)


def _given(request: SignedInRequest, booking: Booking, form: ReasonForm) -> HttpResponseRedirect:
    event, delegate = booking.event, booking.delegate
    try:
        if "reason" in request.POST:
            places.overbook(event=event, delegate=delegate, by=request.person, reason=form.cleaned_data["reason"])
        else:
            places.confirm_waiting(event=event, booking=booking, by=request.person)
    except BookingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{delegate.name} has a place on {event}. {told(delegate)}")
    return _to(request, booking)


def _booking(request: SignedInRequest, reference: str) -> Booking:
    seen = Booking.objects.visible_to(request.person)
    return get_object_or_404(seen.select_related("event__course", "delegate", "agency", "policy"), reference=reference)


def _is_own(request: SignedInRequest, booking: Booking) -> bool:
    return booking.delegate_id == request.person.pk


def _to(request: SignedInRequest, booking: Booking) -> HttpResponseRedirect:
    return redirect(reverse("bookings:booking", args=[booking.reference]) + kept_list(request))

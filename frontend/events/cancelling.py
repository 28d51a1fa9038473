"""Cancelling an event: why, what comes instead, what follows and what everyone reads; ten minutes later it is done."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from bookings import calling_off, cancelling, counts, notices
from bookings.cancelling import Cancelled
from bookings.models import Booking
from bookings.refusals import BookingRefused, RegisterRefused
from frontend import returning
from frontend.access import SignedInRequest, require, signed_in
from frontend.events.forms import CancelForm
from frontend.formats import clock, first_few, full_date, plural
from training import telling
from training.models import Event
from training.permissions import may_change_programme

State = Booking.State


@require_http_methods(["GET", "POST"])
@signed_in
def cancel(request: SignedInRequest, reference: str) -> HttpResponse:
    """Nothing is done before the page that says what follows."""
    event = _found(request, reference)
    form = CancelForm(request.POST or None, counts.counted(cancelling.next_dates(event)))
    try:
        cancelling.refuse(event)
        calling_off.refuse_again(event)
        if "confirm" in request.POST and form.is_valid():
            return _planned(request, event, form)
    except (BookingRefused, RegisterRefused) as refusal:
        messages.error(request, str(refusal))
        return returning.to(request, "events:event", reference)
    if request.method == "POST" and "change" not in request.POST and form.is_valid():
        return render(request, "events/check_cancelling.html", _what_follows(event, form))
    return render(request, "events/cancel.html", {"event": event, "form": form})


def _what_follows(event: Event, form: CancelForm) -> dict[str, object]:
    ending = cancelling.what_ends(event)
    reason = form.cleaned_data["reason"]
    first = next(iter(ending.told), None)
    return {
        "event": event,
        "ending": ending,
        "trainers": telling.to_tell(event).count(),
        "reason": reason,
        "instead": form.next_date,
        "preview": notices.cancellation_of(first.reference, reason, form.next_date) if first else None,
    }


def _planned(request: SignedInRequest, event: Event, form: CancelForm) -> HttpResponse:
    reason = form.cleaned_data["reason"]
    event = calling_off.plan(event=event, by=request.person, reason=reason, instead=form.next_date)
    at = clock(event.to_cancel_at) if event.to_cancel_at else ""
    messages.success(request, f"{event} will be cancelled at {at}. Nobody is told before.")
    return returning.to(request, "events:event", event.reference)


@require_POST
@signed_in
def cancel_now(request: SignedInRequest, reference: str) -> HttpResponse:
    """Do not wait for the moment: on a snow morning each minute counts."""
    event = _found(request, reference)
    instead = event.to_cancel_instead
    done = calling_off.carry_out(event=event)
    if done is None:
        messages.error(request, f"Nothing was changed: {event} was cancelled already, or is to stay.")
        return returning.to(request, "events:event", reference)
    messages.success(request, " ".join(_said(done, instead)))
    if done.ending.unreached:
        names = first_few(booking.delegate.name for booking in done.ending.unreached)
        messages.warning(request, f"No email goes to {names}, as nobody knows an address. Tell them yourself.")
    return returning.to(request, "events:event", reference)


@require_POST
@signed_in
def do_not_cancel(request: SignedInRequest, reference: str) -> HttpResponse:
    """Nobody was told that it would be, and nobody is."""
    event = _found(request, reference)
    try:
        calling_off.stop(event=event, by=request.person)
    except BookingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{event} is not cancelled. Nobody was told that it would be.")
    return returning.to(request, "events:event", reference)


def _found(request: SignedInRequest, reference: str) -> Event:
    seen = Event.objects.visible_to(request.person).select_related("course", "to_cancel_instead")
    event = get_object_or_404(seen, reference=reference)
    require(may_change_programme(request.person), who="A coordinator")
    return event


def _said(done: Cancelled, instead: Event | None) -> list[str]:
    ending, told = done.ending, done.ending.number_told
    said = [f"{done.event} is cancelled."]
    if not (ending.bookings or ending.made_up):
        said.append("Nobody was booked on it.")
    elif not ending.is_told:
        said.append("Nobody is told of it.")
    else:
        said.append(f"{plural(told, 'person is', 'people are')} told by email.")
    if ending.made_up:
        theirs = plural(len(ending.made_up), "delegate", "delegates")
        said.append(f"The session that {theirs} made up there is to be made up elsewhere.")
    if instead and done.carried:
        offered = sum(booking.state == State.OFFERED for booking in done.carried)
        waits = len(done.carried) - offered
        wait = f", and {plural(waits, 'waits', 'wait')} there" if waits else ""
        there = full_date(instead.starts_at) if instead.starts_at else ""
        said.append(f"{plural(offered, 'person is', 'people are')} offered a place on {there}{wait}.")
    return said

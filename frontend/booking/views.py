"""Booking a place for oneself: the steps that have something to ask, one page to check all, and what happens next."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bookings import needs, places, queue, reminders
from bookings.cost_in_words import cost_of_place, cost_under
from bookings.models import Booking
from bookings.policies import Terms
from bookings.refusals import AlreadyBooked, BookingRefused, NotEligible, NotOffered, WorkshopFull
from frontend.access import SignedInRequest, signed_in
from frontend.booking import others, steps
from frontend.booking.forms import BookingForm
from frontend.booking.journey import Journey
from frontend.booking.needs import unsaved
from frontend.booking.stale import cannot_be_booked, why_not, wrote
from frontend.booking.steps import Concerns, Step
from frontend.bookings import rows

# What is typed on the last page and carried through a step that is changed from there.
CARRIED = tuple(BookingForm.base_fields)


@require_http_methods(["GET", "POST"])
@signed_in
def book(request: SignedInRequest, reference: str) -> HttpResponse:
    """Check all, say what one needs, and book; before that the steps. Who books for others does so first."""
    if others.books_others(request.person) and request.GET.get("for") != "me":
        return others.book(request, reference)
    form = BookingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        journey = Journey.to_act(request, reference)
        if _is_ready(journey):
            return _booked(journey, form)
    journey = Journey.of(request, reference)
    if stopped := _stopped(journey):
        return stopped
    if step := steps.next_of(journey):
        return _onward(journey, step)
    return _check(journey, form if form.is_bound else BookingForm(None, initial=_kept(journey)))


@require_http_methods(["GET", "POST"])
@signed_in
def book_step(request: SignedInRequest, reference: str, step: str) -> HttpResponse:
    """One step; with "change" in the form it is asked again, and what was typed on the last page comes along."""
    journey, asked = Journey.of(request, reference), steps.named(step)
    if asked is None:
        raise Http404
    # Who said that no staff group fits may think better of it.
    if stopped := _stopped(journey, thinks_again=journey.fits_no_group and isinstance(asked, Concerns)):
        return stopped
    if not asked.asks(journey):
        return redirect(journey.address())
    is_answer = request.method == "POST" and "change" not in request.POST
    form = asked.form(journey, request.POST if is_answer else None)
    # A form without fields is valid as soon as it is sent.
    if is_answer and form.is_valid():
        asked.take(journey, form)
        journey = Journey.of(request, reference)
        return _onward(journey, steps.next_of(journey))
    return _page(journey, asked, form)


@require_safe
@signed_in
def booked(request: SignedInRequest, reference: str) -> HttpResponse:
    """What one has booked, and what happens next."""
    own = rows.with_whereabouts(Booking.objects.filter(delegate=request.person), request.person)
    own = rows.with_request(own)
    found = own.select_related("event__course", "delegate", "policy")
    booking = get_object_or_404(found, reference=reference)
    if booking.state == Booking.State.CANCELLED or booking.event.has_begun():
        return redirect("bookings:booking", reference)
    waits = booking.state == Booking.State.WAITING
    context = {
        "booking": booking,
        "event": booking.event,
        "standing": queue.standing(booking) if waits else None,
        "reminders": reminders.to_come(booking, timezone.now()),
        "cost": "" if waits else cost_of_place(booking, Terms.load()),
    }
    return render(request, "booking/booked.html", context)


def _is_ready(journey: Journey) -> bool:
    """Whether nothing is left to ask, and nothing stands in the way; a booking of their own is found by booking."""
    return not (why_not(journey) or journey.standing.is_blocked or steps.next_of(journey))


def _stopped(journey: Journey, *, thinks_again: bool = False) -> HttpResponse | None:
    """The page that says why there is nothing to book here, and what to do instead.

    thinks_again: where what stops them is what they said, and may be said anew.
    """
    if journey.event.own:
        return _booked_already(journey)
    if why := why_not(journey):
        return cannot_be_booked(journey.request, journey.event, why)
    if journey.standing.is_blocked and not thinks_again:
        context = {"journey": journey, "event": journey.event, "carried": _carried(journey)}
        return render(journey.request, "booking/not_eligible.html", context | {"wrote": wrote(journey.request)})
    return None


def _booked_already(journey: Journey) -> HttpResponse:
    """A second click, another tab, the back button: it is one booking. What was written in the other is not lost."""
    if page := unsaved(journey.request, journey.event.own):
        return page
    messages.info(journey.request, "You are booked on this already. Nothing was changed.")
    return redirect("bookings:booked", journey.event.own)


def _onward(journey: Journey, step: Step | None) -> HttpResponse:
    """To the next page. With something typed on the last page it is shown at once, as that is kept nowhere."""
    if not _carried(journey):
        return redirect(journey.address(step.name if step else ""))
    if step:
        return _page(journey, step, step.form(journey, None))
    return _check(journey, BookingForm(None, initial=_carried(journey)))


def _page(journey: Journey, step: Step, form: Any) -> HttpResponse:
    context = {"journey": journey, "event": journey.event, "step": step, "form": form, "carried": _carried(journey)}
    return render(journey.request, f"booking/{step.name.replace('-', '_')}.html", context)


def _check(journey: Journey, form: BookingForm) -> HttpResponse:
    asked = [step for step in steps.STEPS if step.asks(journey)]
    context = {
        "journey": journey,
        "event": journey.event,
        "form": form,
        "answers": [(step, list(step.told(journey))) for step in asked],
        "cost": cost_under(journey.terms, journey.event.course, journey.event.starts_at),
    }
    return render(journey.request, "booking/check.html", context)


def _booked(journey: Journey, form: BookingForm) -> HttpResponse:
    person, event = journey.person, journey.event
    chosen = [one.pk for one in journey.workshops]
    try:
        booking = places.book(
            event=event,
            delegate=person,
            by=person,
            workshops=chosen,
            needs=form.needs,
            approver=steps.approver_of(journey),
        )
    except BookingRefused as refusal:
        return _refused(journey, refusal)
    if form.cleaned_data["keep"]:
        needs.keep(person=person, needs=form.needs)
    journey.forget()
    return redirect("bookings:booked", booking.reference)


def _refused(journey: Journey, refusal: BookingRefused) -> HttpResponse:
    """Something has changed since the page was shown: as it is now, with all that was typed."""
    again = Journey.of(journey.request, journey.event.reference)
    if isinstance(refusal, AlreadyBooked | NotEligible) and (stopped := _stopped(again)):
        return stopped
    if isinstance(refusal, WorkshopFull | NotOffered) and (step := steps.next_of(again)):
        return _onward(again, step)
    return cannot_be_booked(again.request, again.event, why_not(again) or str(refusal))


def _carried(journey: Journey) -> dict[str, str]:
    """What was typed on the last page."""
    return {name: value for name in CARRIED if (value := journey.request.POST.get(name, ""))}


def _kept(journey: Journey) -> dict[str, Any]:
    kept = journey.kept_needs
    return {"access": kept.access, "dietary": kept.dietary, "keep": bool(kept)}

"""Moving a booking to another date of its course: the dates, what it costs, one button; full ones are waited for."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from bookings import eligibility, moving, permissions
from bookings.eligibility import Standing
from bookings.models import Booking
from bookings.refusals import BookingRefused
from frontend import formats, returning
from frontend.access import SignedInRequest, require, signed_in
from frontend.bookings import meanwhile
from frontend.programme import listing
from people.permissions import Right, may
from training.models import Event


class DateForm(forms.Form):
    """One of the other dates."""

    to = forms.ChoiceField(
        label="To which date?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select a date",
            "invalid_choice": "The date that you chose cannot be had any more. Select another",
        },
    )

    def __init__(self, data: object, dates: list[Event]) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # what a request holds
        self.fields["to"].choices = [  # type: ignore[attr-defined]  # a choice field
            (event.reference, formats.full_moment(event.starts_at)) for event in dates if event.starts_at
        ]


@require_http_methods(["GET", "POST"])
@signed_in
def move(request: SignedInRequest, reference: str) -> HttpResponse:
    """Who may cancel the booking may move it while there is a place on another date."""
    found = Booking.objects.visible_to(request.person).select_related("event__course", "delegate", "agency", "policy")
    booking = get_object_or_404(found, reference=reference)
    require(permissions.may_cancel(request.person, booking), who="The delegate, their line manager or a coordinator")
    if said := meanwhile.too_late(request, booking):
        messages.error(request, said)
        return returning.to(request, "bookings:booking", booking.reference)
    decides = may(request.person, Right.CHANGE_BOOKINGS)
    others = list(listing.counted(moving.other_dates(booking, request.person)))
    free = [event for event in others if event.places_left > 0]
    standings = eligibility.standing_on([booking.event, *free], booking.delegate)
    now = standings[booking.event_id]
    dates = [event for event in free if decides or not standings[event.pk].is_blocked]
    form = DateForm(request.POST if request.method == "POST" else None, dates)
    cost = moving.cost_of_moving(booking)
    if said := meanwhile.risen(request, booking, cost):
        messages.error(request, said)
    elif request.method == "POST" and form.is_valid():
        to = next(event for event in dates if event.reference == form.cleaned_data["to"])
        try:
            moved = moving.move(booking=booking, to=to, by=request.person)
        except BookingRefused as refusal:
            messages.error(request, str(refusal))
            return returning.to(request, "bookings:booking", booking.reference)
        messages.success(request, f"The place is on {to} now. The new booking’s reference is {moved.reference}.")
        return returning.to(request, "bookings:workshops" if to.has_workshops else "bookings:booking", moved.reference)
    context = {
        "booking": booking,
        "is_own": booking.delegate_id == request.person.pk,
        "plans": may(request.person, Right.CHANGE_PROGRAMME),
        "hints": {event.reference: _about(event, standings[event.pk], now, booking) for event in dates},
        "barred": [(event, standings[event.pk].missing) for event in free if event not in dates],
        # A coordinator may let them wait there; the place here is theirs until it is given up.
        "full": [event for event in others if decides and event.places_left <= 0],
        "has_workshops": any(event.has_workshops for event in dates),
        "form": form,
        "cost": cost,
        "shown": meanwhile.cost_shown(cost),
    }
    return render(request, "bookings/move.html", context)


def _about(event: Any, standing: Standing, now: Standing, booking: Booking) -> str:
    """What to know of a date before it is chosen: where it is, and what is in the way that is not in the way now."""
    left = formats.plural(event.places_left, "place left", "places left")
    said = [f"{event.venue_name}, {left}" if event.venue_name else left]
    if missing := [one for one in standing.missing if one not in now.missing]:
        said.append(f"By then this is missing: {'; '.join(missing)}")
    # The place that is given up is not in the way.
    if clashes := [str(clash) for clash in standing.clashes if clash.reference != booking.reference]:
        said.append(f"At the same time: {'; '.join(clashes)}")
    return f"{'. '.join(said)}."

"""Making up a missed session at another run of the course: choosing where, and taking it back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from bookings import making_up
from bookings.making_up import Missed
from bookings.models import Booking
from bookings.permissions import may_arrange_make_ups
from bookings.refusals import BookingRefused
from frontend import formats, returning
from frontend.access import SignedInRequest, require, signed_in
from frontend.bookings.telling import told
from frontend.programme import listing
from training.models import Event

# Sessions further ahead are not offered: whoever chooses among so many chooses one of the next.
MOST = 60
WHO = "A coordinator"


class MakeUpForm(forms.Form):
    """The session that was missed, where there are several, and one of another run."""

    missed = forms.TypedChoiceField(
        label="Which session was missed?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Select the session that was missed"},
    )
    at = forms.TypedChoiceField(
        label="Where is it made up?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select where it is made up",
            "invalid_choice": "That session cannot be had any more. Select another",
        },
    )

    def __init__(self, data: object, open_ones: list[Missed], chances: list[Any]) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # what a request holds
        self.fields["missed"].choices = [(one.session.pk, _missed(one)) for one in open_ones]  # type: ignore[attr-defined]  # a choice field
        self.fields["at"].choices = [(one.pk, formats.full_moment(one.starts_at)) for one in chances]  # type: ignore[attr-defined]  # a choice field
        if len(open_ones) == 1:
            self.fields["missed"].initial = open_ones[0].session.pk


@require_http_methods(["GET", "POST"])
@signed_in
def make_up(request: SignedInRequest, reference: str) -> HttpResponse:
    """What was missed and is made up, and for what is not yet the sessions of other runs with a free place."""
    booking = _booking(request, reference)
    missed = making_up.missed(booking)
    open_ones = [one for one in missed if not one.made_up]
    chances, events = _chances(booking, open_ones)
    form = MakeUpForm(request.POST if request.method == "POST" else None, open_ones, chances)
    if form.is_valid():
        by_key = {one.session.pk: one.session for one in open_ones} | {one.pk: one for one in chances}
        wanted = {name: by_key[key] for name, key in form.cleaned_data.items()}
        try:
            made_up = making_up.arrange(booking=booking, by=request.person, **wanted)
        except BookingRefused as refusal:
            messages.error(request, str(refusal))
        else:
            when = formats.full_moment(wanted["at"].starts_at)
            said = f"{booking.delegate.name} makes the session up on {when}, at event {made_up.event.reference}."
            messages.success(request, f"{said} {told(booking.delegate)}")
        return returning.to(request, "bookings:make_up", booking.reference)
    context = {
        "booking": booking,
        "missed": missed,
        "open": open_ones,
        "now": timezone.now(),
        "form": form,
        "hints": {one.pk: _about(one, events[one.event_id]) for one in chances},
    }
    return render(request, "bookings/make_up.html", context)


@require_POST
@signed_in
def take_back(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """Before it begins there; number: of the session that was missed."""
    booking = _booking(request, reference)
    found = next((one for one in making_up.missed(booking) if one.number == number), None)
    if found is None:
        raise Http404
    if found.made_up is None:
        messages.error(request, "That session is made up nowhere. Nothing was changed.")
        return returning.to(request, "bookings:make_up", booking.reference)
    try:
        making_up.take_back(made_up=found.made_up, by=request.person)
    except BookingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Taken back: the chair there is free again. {told(booking.delegate)}")
    return returning.to(request, "bookings:make_up", booking.reference)


def _booking(request: SignedInRequest, reference: str) -> Booking:
    found = Booking.objects.visible_to(request.person).on_the_register()
    booking = get_object_or_404(
        found.select_related("event__course", "delegate", "agency", "policy"), reference=reference
    )
    require(may_arrange_make_ups(request.person), who=WHO)
    return booking


def _chances(booking: Booking, missed: list[Missed]) -> tuple[list[Any], dict[int, Any]]:
    """The next sessions of other runs with a place left, and their events: the same ones where a run has as many."""
    numbers = {(one.number, one.of) for one in missed}
    lengths = {one.of for one in missed}
    others = making_up.chances(booking, timezone.now())[:MOST]
    found = [one for one in others if one.sessions not in lengths or (one.number, one.sessions) in numbers]
    events = listing.counted(Event.objects.filter(pk__in={one.event_id for one in found})).filter(places_left__gt=0)
    by_key = {event.pk: event for event in events}
    return [one for one in found if one.event_id in by_key], by_key


def _missed(one: Missed) -> str:
    return f"Session {one.number}, {formats.full_moment(one.session.starts_at)}: {one.said.lower()}"


def _about(session: Any, event: Any) -> str:
    said = [f"Session {session.number} of {session.sessions}"]
    if session.room:
        said.append(str(session.room))
    return f"{', '.join(said)}, {formats.plural(event.places_left, 'place left', 'places left')}."

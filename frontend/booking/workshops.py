"""Changing the workshops of a booking: all are chosen anew."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bookings import permissions, workshop_choices
from bookings.models import Booking
from bookings.refusals import BookingRefused, NotOffered, ReasonMissing, WorkshopFull
from frontend.access import SignedInRequest, require, signed_in
from frontend.booking.forms import WorkshopsForm
from frontend.returning import kept_list


class WhyForm(forms.Form):
    reason = forms.CharField(
        label="Why",
        help_text="Where they had chosen others: they are told it by email, so write it to them.",
        required=False,
        max_length=workshop_choices.LONGEST,
    )


@require_http_methods(["GET", "POST"])
@signed_in
def change(request: SignedInRequest, reference: str) -> HttpResponse:
    """Choose one workshop of each slot; where one is full by now, all stay as they were and what is left is shown."""
    found = Booking.objects.visible_to(request.person).select_related("event__course", "delegate")
    booking = get_object_or_404(found, reference=reference)
    require(
        permissions.may_choose_workshops(request.person, booking),
        who="The delegate, their line manager or a coordinator",
    )
    form, why = _form(request, booking), WhyForm(request.POST if request.method == "POST" else None)
    if form.fields and form.is_valid() and why.is_valid():
        try:
            workshop_choices.change(booking=booking, chosen=form.chosen, by=request.person, **why.cleaned_data)
        except ReasonMissing as refusal:
            why.add_error("reason", str(refusal))
        except (WorkshopFull, NotOffered) as refusal:
            # With what is left now, and the choices that can still be had.
            form = _form(request, booking)
            if form.is_valid():
                form.add_error(None, str(refusal))
        except BookingRefused as refusal:
            messages.error(request, str(refusal))
            return _back(request, booking)
        else:
            messages.success(request, "The workshops are changed.")
            return _back(request, booking)
    context = {"booking": booking, "form": form, "why": why, "is_own": booking.delegate_id == request.person.pk}
    return render(request, "booking/change_workshops.html", context)


def _form(request: SignedInRequest, booking: Booking) -> WorkshopsForm:
    slots = list(workshop_choices.by_slot(workshop_choices.of_event(booking.event, but=booking)))
    chosen = list(booking.workshop_choices.values_list("workshop", flat=True))
    return WorkshopsForm(request.POST if request.method == "POST" else None, slots=slots, chosen=chosen)


def _back(request: SignedInRequest, booking: Booking) -> HttpResponse:
    """To the workshops of the event, where one came from there; else to the booking."""
    view, of = ("events:workshops", booking.event) if "event" in request.GET else ("bookings:booking", booking)
    return redirect(reverse(view, args=[of.reference]) + kept_list(request))

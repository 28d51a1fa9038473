"""Changing the workshops of a booking: all are chosen anew."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bookings import permissions, workshop_choices
from bookings.models import Booking
from bookings.refusals import BookingRefused, NotOffered, WorkshopFull
from frontend.access import SignedInRequest, require, signed_in
from frontend.booking.forms import WorkshopsForm
from frontend.returning import kept_list


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
    form = _form(request, booking)
    if form.fields and form.is_valid():
        try:
            workshop_choices.change(booking=booking, chosen=form.chosen, by=request.person)
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
    context = {"booking": booking, "form": form, "is_own": booking.delegate_id == request.person.pk}
    return render(request, "booking/change_workshops.html", context)


def _form(request: SignedInRequest, booking: Booking) -> WorkshopsForm:
    slots = list(workshop_choices.by_slot(workshop_choices.of_event(booking.event, but=booking)))
    chosen = list(booking.workshop_choices.values_list("workshop", flat=True))
    return WorkshopsForm(request.POST if request.method == "POST" else None, slots=slots, chosen=chosen)


def _back(request: SignedInRequest, booking: Booking) -> HttpResponse:
    return redirect(reverse("bookings:booking", args=[booking.reference]) + kept_list(request))

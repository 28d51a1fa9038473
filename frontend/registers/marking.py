"""Beside marking one by one: all the rest as present, somebody at the door, and handing in."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from bookings import places
from bookings import register as registers
from bookings.refusals import BookingRefused, RegisterRefused
from frontend import formats, returning
from frontend.access import SignedInRequest, signed_in
from frontend.bookings.choosing import NewPersonForm
from frontend.registers import sheet as sheets
from frontend.registers.forms import HandInForm
from people.models import Agency

GET_OR_POST = ["GET", "POST"]


@require_http_methods(GET_OR_POST)
@signed_in
def mark_rest(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """Mark as present who is not marked yet: asks first, with their names."""
    sheet = sheets.find(request, reference, number)
    if request.method == "POST":
        try:
            marked = registers.mark_remaining_present(session=sheet.session, by=request.person)
        except (RegisterRefused, BookingRefused) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{formats.plural(marked, 'delegate')} marked as present.")
        return _to(request, sheet)
    return render(request, "registers/mark_rest.html", {"sheet": sheet})


@require_http_methods(GET_OR_POST)
@signed_in
def walk_in(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """Put somebody on the register who came without a place."""
    sheet = sheets.find(request, reference, number, lines=False)
    form = NewPersonForm(request.POST or None, agencies=Agency.objects.all())
    if request.method == "POST" and form.is_valid():
        try:
            booking = form.then(lambda person: places.walk_in(event=sheet.event, delegate=person, by=request.person))
        except BookingRefused as refusal:
            messages.error(request, str(refusal))
            return _to(request, sheet)
        messages.success(request, f"{booking.delegate.name} is on the register, and not marked yet.")
        return _to(request, sheet, f"#{booking.reference}")
    return render(request, "registers/walk_in.html", {"sheet": sheet, "form": form})


@require_http_methods(GET_OR_POST)
@signed_in
def hand_in(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """Hand the register in with the number of people counted in the room."""
    sheet = sheets.find(request, reference, number)
    form = HandInForm(request.POST or None, in_the_room=sheet.in_the_room, unmarked=len(sheet.unmarked))
    if request.method == "POST" and form.is_valid():
        try:
            registers.hand_in(session=sheet.session, head_count=form.cleaned_data["head_count"], by=request.person)
        except (RegisterRefused, BookingRefused) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "The register is handed in. A coordinator closes it.")
        return _to(request, sheet)
    return render(request, "registers/hand_in.html", {"sheet": sheet, "form": form})


def _to(request: SignedInRequest, sheet: sheets.Sheet, line: str = "") -> HttpResponseRedirect:
    return returning.to(request, "registers:register", sheet.event.reference, sheet.number, at=line)

"""The marks of a register for the script on its page: read, and made one by one; and the worker that needs no network.

Both answer in JSON. What a device marks without network it sends later, maybe twice: each mark comes with a nonce.
"""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bookings import register
from bookings.models import Booking, Mark
from bookings.models.register import MOST_MINUTES
from bookings.refusals import BookingRefused, MarkedOtherwise
from frontend.access import SignedInRequest, signed_in
from frontend.registers import sheet as sheets

WORKER = Path(settings.BASE_DIR) / "frontend" / "assets" / "register-worker.js"
TAKEN, BAD, CONFLICT = 200, 400, 409


class MarkForm(forms.Form):
    """One mark as a device sends it; without attendance it is taken back."""

    booking = forms.CharField(max_length=12)
    attendance = forms.ChoiceField(choices=Mark.Attendance.choices, required=False)
    minutes = forms.IntegerField(min_value=1, max_value=MOST_MINUTES, required=False)
    seen = forms.ChoiceField(choices=Mark.Attendance.choices, required=False)
    nonce = forms.UUIDField()


@require_http_methods(["GET", "POST"])
@signed_in
def marks(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """All marks of the register, with a token for sending some; or one made, and what stands there then."""
    if request.method == "POST":
        return _mark(request, sheets.find(request, reference, number, lines=False))
    sheet = sheets.find(request, reference, number)
    lines = {line.booking.reference: _said(line) for line in sheet.lines}
    # Marks that somebody else made on the device are not this person's to send.
    return JsonResponse({"token": get_token(request), "person": request.person.reference, "marks": lines})


@require_safe
@never_cache
def worker(request: HttpRequest) -> HttpResponse:
    """The script that shows a register without network: at the root, as it serves only what lies below it."""
    return HttpResponse(WORKER.read_bytes(), content_type="text/javascript")


def _mark(request: SignedInRequest, sheet: sheets.Sheet) -> JsonResponse:
    form = MarkForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"refused": "This is no mark that the register knows."}, status=BAD)
    said = form.cleaned_data
    known = sheet.event.bookings.all() | Booking.objects.expected_at(sheet.session)
    booking = known.select_related("delegate", "policy").filter(reference=said.pop("booking")).first()
    if booking is None:
        return JsonResponse({"refused": "This delegate is not on the register any more."}, status=CONFLICT)
    try:
        found = register.mark(
            session=sheet.session,
            booking=booking,
            attendance=said["attendance"],
            minutes=said["minutes"],
            by=request.person,
            seen=said["seen"] or None,
            nonce=said["nonce"],
        )
    except MarkedOtherwise as refusal:
        return JsonResponse({"conflict": str(refusal), "mark": _of(booking, refusal.found)}, status=CONFLICT)
    except BookingRefused as refusal:
        return JsonResponse({"refused": str(refusal)}, status=CONFLICT)
    return JsonResponse({"mark": _of(booking, found)}, status=TAKEN)


def _of(booking: Booking, mark: Mark | None) -> dict[str, Any]:
    line = sheets.Line(booking, "", None, "", None)
    if mark:
        line.attendance, line.minutes, line.marked_by = mark.attendance, mark.minutes, str(mark.marked_by or "")
    return _said(line)


def _said(line: sheets.Line) -> dict[str, Any]:
    return {"attendance": line.attendance, "minutes": line.minutes, "by": line.marked_by, "note": line.note}

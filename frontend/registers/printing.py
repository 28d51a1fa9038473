"""The sheet to sign in the room: how many rows for others, and the PDF."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import making_up, sign_in_sheet
from bookings.permissions import may_mark
from frontend.access import SignedInRequest, require, signed_in
from frontend.downloads import record
from frontend.registers.sheet import find_event
from people.models import Partnership
from training.models import Event, Session

USUAL = 5
MOST = 60


class SheetForm(forms.Form):
    blank = forms.IntegerField(
        label="Empty rows for who comes without a booking",
        min_value=0,
        max_value=MOST,
        error_messages={"required": "Enter how many empty rows there are, or 0"},
    )


@require_safe
@signed_in
def sign_in_sheet_page(request: SignedInRequest, reference: str) -> HttpResponse:
    """What will be on it; asked with the number of rows it is the PDF. A sheet without a session is none."""
    event = find_event(request, reference)
    sessions = _sessions(request, event)
    form = SheetForm(request.GET if "blank" in request.GET else None, initial={"blank": USUAL})
    expected = event.bookings.on_the_register().and_making_up_at(event).annotate(here=making_up.sessions_at(event))
    bookings: list[Any] = list(expected.select_related("delegate", "agency").order_by("delegate__sort_name", "id"))
    listed = [one for one in bookings if not one.delegate.is_off_lists]
    if form.is_bound and form.is_valid():
        partnership = Partnership.objects.first() or Partnership()
        content = sign_in_sheet.made(
            event,
            sessions,
            listed,
            made_up={one.pk: one.here for one in listed if one.event_id != event.pk},
            blank=form.cleaned_data["blank"],
            partnership=partnership.name,
            at=timezone.now(),
        )
        record(request, f"sign-in-sheet-{reference}", "pdf", len(listed))
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="sign-in-sheet-{reference}.pdf"'
        return response
    context = {
        "event": event,
        "form": form,
        "sessions": sessions,
        "listed": len(listed),
        "off_lists": len(bookings) - len(listed),
    }
    return render(request, "registers/sign_in_sheet.html", context)


def _sessions(request: SignedInRequest, event: Event) -> list[Session]:
    sessions = list(event.sessions.select_related("room__venue", "event").order_by("starts_at", "id"))
    if not sessions:
        raise Http404
    require(may_mark(request.person, sessions[0]), who="The event’s trainers and coordinators")
    return sessions

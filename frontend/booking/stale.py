"""The page for an event that cannot be booked, or not any more: why, and what to do instead."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from frontend.access import SignedInRequest
from frontend.booking.forms import NeedsForm
from frontend.formats import full_date
from frontend.programme import listing
from training.models import Event

NEXT_DATES = 3


def why_not(event: Event) -> str:
    """Why nobody can book the event now; empty where it can be."""
    if event.state in (Event.State.CANCELLED, Event.State.ABANDONED):
        on = f" on {full_date(event.cancelled_at)}" if event.cancelled_at else ""
        reason = f" The reason: {event.cancelled_reason}" if event.cancelled_reason else ""
        return f"This event was cancelled{on}.{reason}"
    if event.state != Event.State.PUBLISHED:
        return "This event is not open for booking yet."
    if event.starts_at is None:
        return "This event has no date yet."
    if event.is_over():
        return "This event is over."
    return "This event has begun." if event.has_begun() else ""


def cannot_be_booked(request: SignedInRequest, event: Event, why: str) -> HttpResponse:
    """With what was typed, to copy, and the next dates of the course; where there are none, one can ask to be told."""
    dates = Event.objects.open_to_all().filter(course=event.course_id).exclude(pk=event.pk)
    found: list[Any] = listing.rows(dates.order_by("starts_at", "pk").values_list("pk", flat=True)[:NEXT_DATES])
    wrote = [text for name in NeedsForm.base_fields if (text := request.POST.get(name, "").strip())]
    context = {"event": event, "why": why, "dates": found, "wrote": wrote}
    return render(request, "booking/cannot_be_booked.html", context)

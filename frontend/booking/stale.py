"""The page for an event that cannot be booked, or not any more: why, and what to do instead."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from bookings import approval, claims
from frontend.access import SignedInRequest
from frontend.booking.forms import NeedsForm
from frontend.booking.journey import Journey
from frontend.formats import full_date
from frontend.programme import listing
from people.permissions import Right, may
from training import booking_window
from training.models import Event

NEXT_DATES = 3


def why_not(journey: Journey) -> str:
    """Why the person cannot book a place of their own on the event now; empty where they can."""
    return _why_nobody(journey.event) or _why_not_now(journey)


def _why_not_now(journey: Journey) -> str:
    """Outside the time for booking, and too late to ask for approval; no query where the course needs none."""
    words = booking_window.words(journey.event)
    if words and not may(journey.person, Right.CHANGE_BOOKINGS):
        return f"{words}."
    if journey.needs_approval and journey.is_too_late:
        return approval.TOO_LATE.format(course=journey.event.course)
    return ""


def _why_nobody(event: Event) -> str:
    if event.state in (Event.State.CANCELLED, Event.State.ABANDONED):
        on = f" on {full_date(event.cancelled_at)}" if event.cancelled_at else ""
        reason = f" The reason: {_ended(event.cancelled_reason)}" if event.cancelled_reason else ""
        return f"This event was cancelled{on}.{reason}"
    if event.state != Event.State.PUBLISHED:
        return "This event is not open for booking yet."
    if event.starts_at is None:
        return "This event has no date yet."
    if event.is_over():
        return "This event is over."
    if event.has_begun():
        return "This event has begun."
    return f"Nobody can be booked on it at this moment. {claims.LATER}" if event.to_cancel_at else ""


def wrote(request: SignedInRequest) -> list[str]:
    """What was typed and is kept nowhere, to copy."""
    return [text for name in NeedsForm.base_fields if (text := request.POST.get(name, "").strip())]


def _ended(text: str) -> str:
    """With a full stop, where it ends with nothing of that kind."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def cannot_be_booked(request: SignedInRequest, event: Event, why: str) -> HttpResponse:
    """With what was typed, to copy, and the next dates of the course; where there are none, one can ask to be told."""
    dates = Event.objects.open_to_all().filter(course=event.course_id).exclude(pk=event.pk)
    found: list[Any] = listing.rows(dates.order_by("starts_at", "pk").values_list("pk", flat=True)[:NEXT_DATES])
    context = {"event": event, "why": why, "dates": found, "wrote": wrote(request)}
    return render(request, "booking/cannot_be_booked.html", context)

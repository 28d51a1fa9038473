"""Bringing back a booking that was given up along with something else, when that is undone."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from bookings.models import Booking
from training.models import Event

State = Booking.State


def noted(booking: Booking) -> dict[str, Any]:
    """What to bring it back by; its id and moments, to be kept as JSON. Note it before it is given up."""
    return {"id": booking.pk, "placed_at": booking.placed_at and booking.placed_at.isoformat()}


def restore(was: dict[str, Any]) -> str:
    """Have the booking be what it was, if it can; else a sentence that says what stays given up. Lock the event first.

    Who was offered a place, or was to be approved, waits: neither an offer nor a request lives again.
    """
    booking = Booking.objects.select_related("event__course", "delegate").get(pk=was["id"])
    said = f"the booking of {booking.delegate} on {booking.event}, whose place is taken or over"
    if booking.state != State.CANCELLED or booking.event.has_begun() or booking.event.state != Event.State.PUBLISHED:
        return said
    booking.state = State.CONFIRMED if was["placed_at"] else State.WAITING
    booking.placed_at = datetime.fromisoformat(was["placed_at"]) if was["placed_at"] else None
    booking.outcome = booking.cancelled_at = booking.cancelled_by = booking.received_at = booking.notice = None
    booking.received_from = ""
    try:
        with transaction.atomic():
            booking.save()
    except IntegrityError:  # the place is somebody else's by now, or they booked again
        return said
    return ""

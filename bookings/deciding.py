"""Deciding about a booking that awaits approval: yes or no, by who is asked or who may answer for them."""

from django.db import transaction
from django.utils import timezone

from bookings import approval, claims, places, queue, steps, workshop_choices
from bookings.models import Approval, Booking
from people.models import Person

State, Decision = Booking.State, Approval.Decision


@transaction.atomic
def approve(*, booking: Booking, by: Person | None) -> Booking:
    """Give the place that was kept; else one by the rules for everybody, or the waiting list.

    Who waits stands there since the day of the booking. by is None where an address decides that nobody is known by.
    Who was asked as a line manager, of somebody who has none, is it from now on. Raises BookingRefused, ApprovalOver
    when somebody was first.
    """
    booking = claims.lock_booking(booking)
    event, delegate, now = booking.event, booking.delegate, timezone.now()
    asked = approval.undecided(booking)
    claims.refuse_unless_open(event)
    claims.refuse_leaver(delegate)
    has_place = booking.keeps_place or _has_place(booking)
    approval.decide(asked, Decision.APPROVED, by, now)
    if by is not None and by.pk == asked.asked_id and delegate.line_manager_id is None:
        delegate.line_manager = by
        delegate.save(update_fields=["line_manager"])
    if has_place:
        return steps.confirm(booking, event)
    booking.state = State.WAITING
    booking.save(update_fields=["state"])
    steps.tell(booking, "booking_waiting")
    queue.promote(event, now)
    booking.refresh_from_db(fields=["state"])
    return booking


def _has_place(booking: Booking) -> bool:
    """A place by the rules for everybody, and one in each workshop that was chosen."""
    event, delegate = booking.event, booking.delegate
    return places.has_place(event, delegate, claims.count(event, delegate)) and not workshop_choices.full(booking)


@transaction.atomic
def decline(*, booking: Booking, by: Person | None, reason: str = "") -> Booking:
    """End the request; the delegate is told why in these words, and a place that was kept goes to the next.

    Raises ApprovalOver.
    """
    booking = claims.lock_booking(booking)
    now = timezone.now()
    asked = approval.undecided(booking)
    approval.decide(asked, Decision.DECLINED, by, now, " ".join(reason.split())[:500])
    steps.end(booking, by, now, now)
    steps.tell(booking, "booking_declined")
    queue.promote(booking.event, now)
    return booking

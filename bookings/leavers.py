"""What becomes of the bookings of somebody who leaves."""

from datetime import date

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet
from django.utils import timezone

from bookings import places
from bookings.models import Booking, Tariff
from bookings.policies import Terms
from people import leaving
from people.models import Person


def coming(person: Person) -> QuerySet[Booking]:
    """The person's places and waits on events that have not begun, in the order in which events are locked."""
    return coming_of(person).select_related("event__course", "policy", "delegate").order_by("event_id")


def coming_of(delegate: "Person | OuterRef") -> QuerySet[Booking]:
    ahead = Q(event__starts_at__gt=timezone.now()) | Q(event__starts_at=None)
    return Booking.objects.live().filter(ahead, delegate=delegate, outcome=None)


def costs(bookings: list[Booking]) -> list[Tariff | None]:
    """What cancelling each costs now, as places.cost_of_cancelling() says, in two statements for all."""
    if not bookings:
        return []
    terms = Terms.load()
    return [places.cost_under(booking, terms).tariff if booking.placed_at else None for booking in bookings]


@transaction.atomic
def leave(*, person: Person, left_on: date, release: bool, by: Person) -> list[Booking]:
    """Record that the person left, and where release says so cancel all that they are booked on; returns that.

    One act: where a booking cannot be cancelled nothing is done. Raises PersonRefused and BookingRefused.
    """
    # Bookings first: the project locks event and booking before all else. Who has left is not booked again.
    released = [places.cancel(booking=booking, by=by) for booking in coming(person)] if release else []
    leaving.leave(person=person, left_on=left_on, by=by)
    return released

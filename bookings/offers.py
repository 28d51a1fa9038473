"""Answers to an offer, and its end: accepted, declined, put off once, or lapsed."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from bookings import claims, queue, refusals, steps
from bookings.models import Booking, Offer
from bookings.windows import Windows
from people.models import Person
from training.models import Event
from training.moments import until

State, How = Booking.State, Offer.How


@transaction.atomic
def accept(*, booking: Booking, by: Person) -> Booking:
    """Take the place that is offered. Who has it already keeps it: a second click changes nothing.

    Raises BookingRefused when the offer has ended, were it a second ago and the job not there yet.
    """
    booking = claims.lock_booking(booking)
    if booking.state == State.CONFIRMED:
        return booking
    offer = _live(booking)
    _end(offer, How.ACCEPTED, timezone.now())
    return steps.confirm(booking, booking.event)


@transaction.atomic
def put_off(*, booking: Booking, by: Person) -> Offer:
    """Prolong the offer, which can be done once. Raises BookingRefused when it cannot, or not any more."""
    booking = claims.lock_booking(booking)
    offer, now = _live(booking), timezone.now()
    if offer.put_off_at is not None:
        raise refusals.OfferOver(f"The offer’s end was put off before. It stands until {until(offer.ends_at)}.")
    later = put_off_until(offer, booking.event, queue.windows(now))
    if later is None:
        raise refusals.OfferOver(
            f"The offer’s end cannot be put off, as the event is near. It stands until {until(offer.ends_at)}."
        )
    offer.ends_at, offer.put_off_at = later, now
    offer.save(update_fields=["ends_at", "put_off_at"])
    return offer


def put_off_until(offer: Offer, event: Event, windows: Windows) -> datetime | None:
    """Until when the offer would stand if it were put off now; None where that cannot be."""
    if offer.put_off_at is not None or event.starts_at is None:
        return None
    return windows.put_off_until(offer.ends_at, event.starts_at)


def decline(booking: Booking, now: datetime) -> None:
    """End the offer of a booking that is about to be cancelled. Lock it first."""
    for offer in booking.offers.live():
        _end(offer, How.DECLINED, now)


@transaction.atomic
def lapse(event: Event) -> list[Booking]:
    """End what nobody answered in time, offer the places to the next, and return the bookings that ended."""
    event, now = claims.lock(event), timezone.now()
    offers = Offer.objects.to_lapse(now).filter(booking__event=event)
    ended = list(event.bookings.filter(offers__in=offers).select_related("delegate").order_by("pk"))
    offers.update(ended_at=now, how=How.LAPSED)
    lapsed = event.bookings.filter(pk__in=[booking.pk for booking in ended])
    lapsed.update(state=State.CANCELLED, cancelled_at=now, received_at=now)
    queue.tell_each("booking_lapsed", ended, again=f":{now.isoformat()}")
    queue.promote(event, now)
    return ended


def _live(booking: Booking) -> Offer:
    """The booking's offer, while it can be answered."""
    offer = booking.offers.live().first()
    if offer is None:
        raise refusals.OfferOver(f"No place on {booking.event} is on offer for {booking.delegate} any more.")
    if offer.ends_at <= timezone.now():
        raise refusals.OfferOver(
            f"The offer of a place on {booking.event} ended at {until(offer.ends_at)}. It goes to the next on the list."
        )
    return offer


def _end(offer: Offer, how: Offer.How, now: datetime) -> None:
    offer.how, offer.ended_at = how, now
    offer.save(update_fields=["how", "ended_at"])

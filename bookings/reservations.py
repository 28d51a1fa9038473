"""Places that an agency's lead reserves before they have names, names later, or lets go."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from bookings import claims, queue, refusals, steps
from bookings.models import Booking, Reservation
from bookings.room import Room, queue_of
from people.models import Agency, Person
from training.models import Event
from training.moments import until


@transaction.atomic
def reserve(*, event: Event, agency: Agency, places: int, named_until: datetime, by: Person) -> Reservation:
    """Hold so many places for people of the agency who are named later; more are added to what it has reserved.

    All of them or none. Raises BookingRefused where there are not as many, after the waiting list has had its share.
    """
    event, now = claims.lock(event), timezone.now()
    claims.refuse_unless_open(event)
    claims.refuse_outside_window(event, by)
    if event.starts_at is None or not now < named_until <= event.starts_at:
        raise refusals.WrongMoment("Say by when the places are named: from now on, and before the event begins.")
    waiting = queue_of(event)
    room = Room.of(event, waiting)
    room.give_each(waiting)
    for found in range(places):
        if room.refusal(agency.pk, agency.type):
            raise refusals.PlacesHeld(f"{agency} can have {found} places on {event}, not {places}. None is reserved.")
        room.give(agency.pk, agency.type)
    reservation = event.reservations.live().filter(agency=agency).first()
    reservation = reservation or Reservation(event=event, agency=agency, places=0, made_by=by)
    reservation.places += places
    reservation.named_until = named_until
    reservation.save()
    return reservation


@transaction.atomic
def name(*, reservation: Reservation, delegate: Person, by: Person) -> Booking:
    """Book somebody of the agency on one of its reserved places. Raises BookingRefused."""
    event = claims.lock(reservation.event)
    claims.refuse_unless_open(event)
    reservation = Reservation.objects.select_related("agency").get(pk=reservation.pk)
    if reservation.released_at or reservation.named_until <= timezone.now() or not reservation.places:
        raise refusals.NoPlacesLeft(
            f"{reservation.agency} has no reserved place on {event} any more: names were asked for until "
            f"{until(reservation.named_until)}."
        )
    if delegate.agency_id != reservation.agency_id:
        raise refusals.PlacesHeld(f"The place is reserved for somebody of {reservation.agency}.")
    claimed = claims.count(event, delegate)
    claims.refuse_delegate(claimed, event, delegate)
    reservation.places -= 1
    reservation.save(update_fields=["places"])
    return steps.make(event, delegate, by, claimed, state=Booking.State.CONFIRMED)


@transaction.atomic
def let_go(*, reservation: Reservation, by: Person) -> None:
    """Give back what is not named yet; the list has it next. A second call does nothing."""
    event = claims.lock(reservation.event)
    _release(event, Reservation.objects.live().filter(pk=reservation.pk))


@transaction.atomic
def release_unnamed(event: Event) -> None:
    """Give back what was not named in time."""
    event = claims.lock(event)
    _release(event, event.reservations.live().filter(named_until__lte=timezone.now()))


def _release(event: Event, reservations: QuerySet[Reservation]) -> None:
    if reservations.update(released_at=timezone.now()):
        queue.promote(event)

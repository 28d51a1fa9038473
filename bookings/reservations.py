"""Places that an agency's lead reserves before they have names, names later, or lets go."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from bookings import approvers, claims, eligibility, queue, refusals, steps, working_days
from bookings.models import Booking, Reservation
from bookings.room import Room, queue_of
from bookings.windows import CLOSES_AT
from outbox import messages
from people import persons
from people.models import Agency, Person
from training.models import Event
from training.moments import until

# How many working days before an event names are asked for at the latest, so that who waits can have what is not
# needed; and how many from today are proposed where there is time.
LATEST, USUAL = 5, 10
WENT_BACK = "places_went_back"


def end_of(day: date) -> datetime:
    """The moment at which naming ends on a day."""
    return timezone.make_aware(datetime.combine(day, CLOSES_AT))


def last_day(event: Event, closing: Collection[date]) -> date | None:
    """The last day on which reserved places of the event may be named; None where it is over, or there is no date."""
    if event.starts_at is None:
        return None
    day = timezone.localdate(event.starts_at)
    for _ in range(LATEST):
        day = working_days.previous_working_day(day, closing)
    return day if end_of(day) > timezone.now() else None


def usual_day(last: date, closing: Collection[date]) -> date:
    """The day that is proposed, where last is the last."""
    day = timezone.localdate()
    for _ in range(USUAL):
        day = working_days.next_working_day(day, closing)
    return min(day, last)


@transaction.atomic
def reserve(*, event: Event, agency: Agency, places: int, named_until: datetime, by: Person) -> Reservation:
    """Hold so many places for people of the agency who are named later; more are added to what it has reserved.

    All of them or none. Raises BookingRefused where there are not as many, after the waiting list has had its share.
    """
    event, now = claims.lock(event), timezone.now()
    claims.refuse_unless_open(event)
    claims.refuse_outside_window(event, by)
    last = last_day(event, working_days.closing_days())
    if last is None:
        raise refusals.WrongMoment(
            f"{event} is too near to reserve places without names: they are named {LATEST} working days before it "
            "at the latest. Book people by name."
        )
    if not now < named_until <= end_of(last):
        raise refusals.WrongMoment(f"The places must be named from now on, and at the latest by {until(end_of(last))}.")
    waiting = queue_of(event)
    room = Room.of(event)
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


def of(event: Event, agency: Agency) -> Reservation | None:
    """The agency's reservation on the event, while its places can be named."""
    return event.reservations.live().filter(agency=agency, named_until__gt=timezone.now()).first()


def led_by(person: Person) -> QuerySet[Reservation]:
    """What is to be named by the agencies that the person leads, the nearest end first."""
    live = Reservation.objects.live().filter(
        agency__in=person.led_agencies, places__gt=0, named_until__gt=timezone.now()
    )
    return live.select_related("agency", "event__course").order_by("named_until", "pk")


@transaction.atomic
def name(*, reservation: Reservation, delegate: Person, by: Person) -> Booking:
    """Book somebody of the agency on one of its reserved places. Raises BookingRefused."""
    eligibility.refuse(reservation.event, delegate, by)
    approvers.refuse_without(reservation.event.course, delegate, by)
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
def let_go(*, reservation: Reservation, by: Person) -> list[Booking]:
    """Give back what is not named yet; returns who is offered it. A second call does nothing."""
    event = claims.lock(reservation.event)
    return _release(event, Reservation.objects.live().filter(pk=reservation.pk))


@transaction.atomic
def release_unnamed(event: Event) -> None:
    """Give back what was not named in time."""
    event = claims.lock(event)
    over = event.reservations.live().filter(named_until__lte=timezone.now())
    told = [(f"places-went-back:{one.pk}", one.mailbox, str(one.pk)) for one in with_lead(over.filter(places__gt=0))]
    _release(event, over)
    messages.post_each(template=WENT_BACK, messages=[one for one in told if one[1]])


def with_lead(reservations: QuerySet[Reservation]) -> QuerySet[Any]:
    """With lead, the name, and mailbox, the address, of whom messages about each go to; both empty if nobody leads.

    It is who made the reservation if they lead the agency, else who has led it longest.
    """
    others = Case(When(pk=OuterRef("made_by"), then=0), default=1, output_field=IntegerField())
    leads = persons.leads_of("agency").annotate(others=others)
    leads = leads.order_by("others", "roles_held__starts_on", "roles_held__pk")
    return reservations.annotate(
        lead=Coalesce(Subquery(leads.values("name")[:1]), Value("")),
        mailbox=Coalesce(Subquery(leads.values("email")[:1]), Value("")),
    )


def _release(event: Event, reservations: QuerySet[Reservation]) -> list[Booking]:
    return queue.promote(event) if reservations.update(released_at=timezone.now()) else []

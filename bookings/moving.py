"""Moving a booking to another date of its course."""

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from bookings import claims, eligibility, needs, places, queue, refusals, steps
from bookings.models import Booking, Tariff
from people.models import Person
from people.permissions import Right, may
from training.models import Event, Workshop

State, Source, Outcome = Booking.State, Booking.Source, Booking.Outcome


def other_dates(booking: Booking, by: Person) -> QuerySet[Any]:
    """The dates of the course that by may move a booking to, each with has_workshops, which are then chosen anew.

    Whether there is a place says the move.
    """
    event, now = booking.event, timezone.now()
    dates = Event.objects.coming(now).filter(course=event.course_id, starts_at__gt=now, is_in_house=event.is_in_house)
    if not may(by, Right.CHANGE_BOOKINGS):
        dates = dates.with_booking_open(now)
    dates = dates.staying().annotate(has_workshops=Exists(Workshop.objects.filter(event=OuterRef("pk"))))
    return dates.exclude(pk=event.pk).exclude(bookings__in=Booking.objects.live().filter(delegate=booking.delegate_id))


def cost_of_moving(booking: Booking) -> Tariff | None:
    """What moving costs now: inside the notice as much as cancelling, unless the policy grants free moves."""
    if booking.policy and booking.policy.moves_are_free:
        return None
    return places.cost_of_cancelling(booking).tariff


@transaction.atomic
def move(*, booking: Booking, to: Event, by: Person) -> Booking:
    """Take a place on the other date and give this one up, both or neither; returns the new booking.

    The old one is moved out, or inside the notice cancelled late, as cost_of_moving() says; its place goes to the next
    on the list. What the delegate needs goes along; workshops do not, as the other date has its own. Raises
    BookingRefused when there is no place on the other date: then the old one is kept.
    """
    eligibility.refuse(to, booking.delegate, by)
    # Both in the order of their ids, so that two crossed moves do not wait for each other.
    locked = Event.objects.select_for_update(no_key=True).filter(pk__in=[booking.event_id, to.pk]).order_by("pk")
    found = {event.pk: event for event in locked}
    old, to = claims.lock_booking(booking), found[to.pk]
    _refuse(old, to)
    claims.refuse_outside_window(to, by)
    claimed = claims.count(to, old.delegate)
    claims.refuse_delegate(claimed, to, old.delegate)
    if not places.has_place(to, old.delegate, claimed):
        raise refusals.NoPlacesLeft(f"There is no free place on {to}. {old.delegate} keeps the one on {old.event}.")
    now = timezone.now()
    old.outcome = Outcome.CANCELLED_LATE if cost_of_moving(old) else Outcome.MOVED_OUT
    needed = needs.of_bookings([old])
    steps.end(old, by, now, now)
    new = steps.make(to, old.delegate, by, claimed, state=State.CONFIRMED, source=Source.MOVED_IN, replaces=old)
    needs.carry(needed, [new])
    queue.promote(old.event, now)
    return new


def _refuse(booking: Booking, to: Event) -> None:
    if booking.state == State.REQUESTED:
        raise refusals.NotConfirmed(
            f"{booking.delegate}’s booking on {booking.event} awaits approval for that date. Cancel the request, and "
            "ask for the other date."
        )
    if booking.state != State.CONFIRMED:
        raise refusals.NotConfirmed(f"{booking.delegate} has no place on {booking.event} that could be moved.")
    if booking.event.has_begun():
        raise refusals.HasBegun(f"{booking.event} has begun. Attendance is marked on its register.")
    if to.pk == booking.event_id or to.course_id != booking.event.course_id:
        raise refusals.NotAnotherDate(f"A booking is moved to another date of {booking.event.course}.")
    claims.refuse_unless_open(to)

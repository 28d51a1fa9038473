"""What is claimed of an event, counted under its lock; and what is refused whatever is counted."""

from dataclasses import dataclass
from functools import cache

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from bookings import refusals
from bookings.models import Booking
from bookings.models.booking import HOLDS_A_PLACE
from people.models import Person
from people.permissions import Right, may
from training import booking_window
from training.models import Event

LATER = "Try again in ten minutes."

# Written out, and with the policy in it, as each booking pays for it under the lock: the ORM takes thrice as long.
COUNT = f"""
select
  count(*) filter (where {HOLDS_A_PLACE})
    + (select coalesce(sum(places), 0) from bookings_reservation where event_id = %(event)s and released_at is null)
    + (select count(distinct booking_id) from bookings_makeup where event_id = %(event)s and ended_at is null),
  count(*) filter (where state = 'waiting'),
  max(reference) filter (where delegate_id = %(delegate)s),
  (select id from bookings_chargingpolicy where in_force_from <= %(today)s order by in_force_from desc limit 1),
  exists (select from bookings_hold where event_id = %(event)s)
    or exists (select from bookings_cap where event_id = %(event)s)
from bookings_booking where event_id = %(event)s and state <> 'cancelled'
"""  # noqa: S608  # our own words


@dataclass(frozen=True, slots=True)
class Claims:
    """What is claimed of an event."""

    # Reservations included, and who makes up a session there.
    held: int
    waiting: int
    # The delegate's own live booking, if there is one.
    own: str | None
    # As policies.in_force() has it.
    policy_id: int | None
    # Whether places are kept for some agencies, or capped: then the numbers do not say who may have one.
    is_shared_out: bool


def lock(event: Event) -> Event:
    """Everyone after a place on this event queues here. Raises Event.DoesNotExist."""
    for locked in Event.objects.raw(_lock(), [event.pk]):
        return locked
    raise Event.DoesNotExist


@cache
def _lock() -> str:
    """Written out for the same reason."""
    columns = ", ".join(str(field.column) for field in Event._meta.concrete_fields)
    return f"select {columns} from training_event where id = %s for no key update"  # noqa: S608  # our own words


def lock_booking(booking: Booking) -> Booking:
    """The booking as it is now, with its event locked before it."""
    lock(booking.event)
    rows = Booking.objects.select_for_update(no_key=True, of=["self"])
    return rows.select_related("event__course", "delegate", "policy").get(pk=booking.pk)


def count(event: Event, delegate: Person) -> Claims:
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"event": event.pk, "delegate": delegate.pk, "today": timezone.localdate()})
        return Claims(*cursor.fetchone())


def held(event: Event) -> int:
    """Places held by bookings, by reservations, and by who makes up a session there."""
    reserved = event.reservations.live().aggregate(places=Sum("places"))["places"] or 0
    made_up = event.make_ups.live().order_by().values("booking").distinct().count()
    return event.bookings.holding_a_place().count() + reserved + made_up


def refuse_unless_on(event: Event) -> None:
    if event.state != Event.State.PUBLISHED:
        raise refusals.NotOpen(f"{event} is {event.get_state_display().lower()}: nobody can be booked on it.")
    if event.to_cancel_at:
        # Nobody is to learn of it from here.
        raise refusals.NotOpen(f"Nobody can be booked on {event} at this moment. Nothing was changed. {LATER}")


def refuse_unless_open(event: Event) -> None:
    refuse_unless_on(event)
    if event.starts_at is None:
        raise refusals.NotOpen(f"{event} has no date yet.")
    if event.has_begun():
        raise refusals.HasBegun(f"{event} has begun. Who is there can be put on the register as a walk-in.")


def refuse_outside_window(event: Event, by: Person) -> None:
    """Before booking opens and after it has closed only coordinators book."""
    words = booking_window.words(event)
    if words and not may(by, Right.CHANGE_BOOKINGS):
        raise refusals.NotOpen(f"{words}. Nobody can be booked on {event} now.")


def refuse_delegate(claims: Claims, event: Event, delegate: Person) -> None:
    if claims.own is not None:
        raise refusals.AlreadyBooked(f"{delegate} already has a booking on {event}: {claims.own}. Nothing was changed.")
    refuse_leaver(delegate)


def refuse_leaver(delegate: Person) -> None:
    if delegate.left_on is not None and delegate.left_on <= timezone.localdate():
        raise refusals.HasLeft(f"{delegate} is recorded as having left. If that is wrong, have the record put right.")

"""The steps that changes are made of: make, confirm or end a booking, and tell its delegate. Lock the event first."""

from datetime import datetime, timedelta

from django.db import IntegrityError
from django.utils import timezone
from psycopg.errors import CheckViolation

from bookings import policies, refusals
from bookings.claims import Claims
from bookings.models import Booking
from outbox import messages
from people import persons
from people.models import Person
from training.models import Event

State, Source = Booking.State, Booking.Source
NOT_FOR_MERGED = "booking_is_not_for_a_merged_record"
# So long what somebody gave up can be brought back, and nobody is told of it (bookings/restoring.py).
UNDO_FOR = timedelta(minutes=10)


def make(
    event: Event,
    delegate: Person,
    by: Person,
    claims: Claims,
    *,
    state: Booking.State,
    source: Booking.Source = Source.BOOKED,
    replaces: Booking | None = None,
    keeps_place: bool = False,
) -> Booking:
    now = timezone.now()
    booking = Booking(
        event=event,
        delegate=delegate,
        agency_id=delegate.agency_id,
        state=state,
        source=source,
        replaces=replaces,
        keeps_place=keeps_place,
        booked_at=now,
        booked_by=by,
        placed_at=now if state == State.CONFIRMED else None,
        policy_id=claims.policy_id,
    )
    try:
        booking.save(force_insert=True)
    except IntegrityError as error:
        if isinstance(cause := error.__cause__, CheckViolation) and cause.diag.constraint_name == NOT_FOR_MERGED:
            raise refusals.HasLeft(f"The record of {delegate} was merged with another. Find them again.") from error
        raise
    # Who walks in stands there already.
    if source != Source.WALK_IN:
        tell(booking, f"booking_{state}")
    return booking


def confirm(booking: Booking, event: Event, replaces: Booking | None = None) -> Booking:
    """Give who has no place yet one, or that of a booking which has ended."""
    booking.event = event
    booking.state, booking.placed_at, booking.keeps_place = State.CONFIRMED, timezone.now(), False
    if replaces:
        booking.source, booking.replaces = Source.SUBSTITUTE, replaces
    booking.save(update_fields=["state", "placed_at", "keeps_place", "source", "replaces"])
    tell(booking, "booking_confirmed")
    return booking


def end(booking: Booking, by: Person | None, received_at: datetime, now: datetime, received_from: str = "") -> None:
    booking.state, booking.keeps_place = State.CANCELLED, False
    booking.cancelled_at, booking.cancelled_by = now, by
    booking.received_at, booking.received_from = received_at, received_from
    if booking.placed_at is not None:
        booking.notice = policies.notice(event=booking.event, policy=booking.policy, received_at=received_at)
    booking.save(
        update_fields=[
            "state", "keeps_place", "outcome", "cancelled_at", "cancelled_by", "received_at", "received_from", "notice",
        ]
    )  # fmt: skip


def tell(booking: Booking, template: str, due_at: datetime | None = None, again: datetime | None = None) -> None:
    """Now, or from due_at. again: the moment of what is told, where a booking is told of such a thing before."""
    if booking.event.is_silent():
        return
    if to := persons.mailbox_of(booking.delegate):
        key = key_of(template, booking.reference, again or booking.cancelled_at)
        messages.post(key=key, template=template, to=to, reference=booking.reference, due_at=due_at)


def key_of(template: str, reference: str, at: datetime | None = None) -> str:
    """One message of a kind a booking; at: a moment, where it can happen twice, as it can be brought back meanwhile."""
    key = f"{template.replace('_', '-')}:{reference}"
    return f"{key}:{at.isoformat()}" if at else key

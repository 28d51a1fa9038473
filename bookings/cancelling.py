"""Cancelling an event: with it end all its live bookings, and who is on them is told."""

from django.db import transaction
from django.db.models import Case, Value, When
from django.utils import timezone

from bookings import refusals
from bookings.models import Booking
from outbox import messages
from people import persons
from people.models import Person
from training.models import Event

State, Outcome = Booking.State, Booking.Outcome


@transaction.atomic
def cancel_event(*, event: Event, by: Person, reason: str) -> Event:
    """Cancel an event and every live booking on it; nobody is charged. The reason is told to who was booked.

    Raises BookingRefused when it is cancelled already, or a register is closed.
    """
    if not reason.strip():
        raise refusals.ReasonMissing("Say why the event is cancelled: everyone who is booked is told.")
    event = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    if event.state in {Event.State.CANCELLED, Event.State.ABANDONED}:
        raise refusals.AlreadyCancelled(f"{event} is {event.get_state_display().lower()} already.")
    if event.sessions.filter(register__closed_at__isnull=False).exists():
        raise refusals.RegisterClosed(f"{event} took place: its register is closed. Reopen it first if that is wrong.")
    now = timezone.now()
    live = event.bookings.live()
    told = [] if event.is_over(now) else list(live.values_list("reference", persons.mailbox("delegate")))
    live.update(
        state=State.CANCELLED,
        # Who only waited held no place, and so has no outcome.
        outcome=Case(When(placed_at__isnull=False, then=Value(Outcome.EVENT_CANCELLED))),
        cancelled_at=now,
        cancelled_by=by,
        received_at=now,
    )
    was_public = event.state == Event.State.PUBLISHED
    event.state, event.cancelled_at, event.cancelled_by = Event.State.CANCELLED, now, by
    event.cancelled_reason = reason.strip()[:200]
    event.save(update_fields=["state", "cancelled_at", "cancelled_by", "cancelled_reason"])
    if was_public:
        _tell(told)
    return event


def _tell(told: list[tuple[str, str]]) -> None:
    for reference, email in told:
        if email:
            messages.post(key=f"event-cancelled:{reference}", template="event_cancelled", to=email, reference=reference)

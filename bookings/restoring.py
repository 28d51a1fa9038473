"""Bringing back a booking that was given up: for some minutes by who did it, or along with something that is undone."""

import logging
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Case, DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from bookings import claims, queue, refusals, steps
from bookings.models import Approval, Booking, Offer
from outbox import messages
from people.models import Person
from training.models import Event

log = logging.getLogger(__name__)

State, Outcome = Booking.State, Booking.Outcome
# What says that a booking was given up.
TOLD = ("booking_cancelled", "booking_left")
OFFERED = "booking_offered"


def with_undo_until(bookings: QuerySet[Any], now: datetime | None = None) -> QuerySet[Any]:
    """With undo_until, when it is too late to bring a booking back that somebody gave up just now; else None.

    Not what a colleague or another date has by now, of who is booked again or has left, nor a request: that is made
    again without loss.
    """
    now = now or timezone.now()
    request = Approval.objects.filter(booking=OuterRef("pk"), decided_at=OuterRef("cancelled_at"))
    again = Booking.objects.live().filter(event=OuterRef("event"), delegate=OuterRef("delegate"))
    given_up = Q(outcome=None) | Q(outcome__in=[Outcome.CANCELLED_IN_TIME, Outcome.CANCELLED_LATE])
    just_now = Q(state=State.CANCELLED, cancelled_by__isnull=False, cancelled_at__gt=now - steps.UNDO_FOR)
    is_on = Q(event__state=Event.State.PUBLISHED, replaced_by=None, delegate__left_on=None)
    can_be = just_now & given_up & is_on & ~Exists(request) & ~Exists(again)
    until = ExpressionWrapper(F("cancelled_at") + Value(steps.UNDO_FOR), DateTimeField())
    found: QuerySet[Any] = bookings.annotate(undo_until=Case(When(can_be, then=until), output_field=DateTimeField()))
    return found


@transaction.atomic
def undo(*, booking: Booking, by: Person) -> Booking:
    """Have a booking that was given up just now be what it was: its place or offer, or where it stood on the list.

    The delegate is not told of either, as is nobody who was offered the place and has not been told yet: they wait
    again. A second call changes nothing. Raises BookingRefused when the minutes are over or the place is not free.
    """
    claims.lock(booking.event)
    rows = with_undo_until(Booking.objects.select_for_update(no_key=True, of=["self"]))
    booking = rows.select_related("event__course", "delegate").get(pk=booking.pk)
    if booking.state != State.CANCELLED:
        return booking
    _refuse(booking)
    event, now = booking.event, timezone.now()
    _take_offers_back(booking)
    last = booking.offers.filter(ended_at=booking.cancelled_at, how=Offer.How.DECLINED, ends_at__gt=now).first()
    _revive(booking, State.CONFIRMED if booking.placed_at else State.OFFERED if last else State.WAITING)
    try:
        with transaction.atomic():
            booking.save()
    except IntegrityError as error:
        raise refusals.NoPlacesLeft(
            f"The place of {booking.delegate} on {event} is somebody else’s by now. Book again: they wait for the next."
        ) from error
    if last:
        # An ended offer stays as it ended; this one ends when that would have.
        Offer.objects.create(booking=booking, made_at=now, ends_at=last.ends_at, put_off_at=last.put_off_at)
    queue.promote(event, now, now + steps.UNDO_FOR)
    log.info("Booking %s was brought back by person %s.", booking.reference, by.reference)
    booking.refresh_from_db(fields=["state"])
    return booking


def noted(booking: Booking) -> dict[str, Any]:
    """What to bring it back by; its id and moments, to be kept as JSON. Note it before it is given up."""
    return {"id": booking.pk, "placed_at": booking.placed_at and booking.placed_at.isoformat()}


def restore(was: dict[str, Any]) -> str:
    """Have the booking be what it was, if it can; else a sentence that says what stays given up. Lock the event first.

    Who was offered a place, or was to be approved, waits: neither an offer nor a request lives again. Whoever was told
    of the end already is told that it is back.
    """
    booking = Booking.objects.select_related("event__course", "delegate").get(pk=was["id"])
    said = f"the booking of {booking.delegate} on {booking.event}, whose place is taken or over"
    if booking.state != State.CANCELLED or booking.event.has_begun() or booking.event.state != Event.State.PUBLISHED:
        return said
    told = _told(booking)
    booking.placed_at = datetime.fromisoformat(was["placed_at"]) if was["placed_at"] else None
    _revive(booking, State.CONFIRMED if booking.placed_at else State.WAITING)
    try:
        with transaction.atomic():
            booking.save()
    except IntegrityError:  # the place is somebody else's by now, or they booked again
        return said
    if messages.take_back(told):
        steps.tell(booking, f"booking_{booking.state}", again=timezone.now())
    return ""


def _refuse(booking: Any) -> None:
    """Raise BookingRefused where it cannot be brought back. Takes back what would tell its delegate of the end."""
    event, delegate = booking.event, booking.delegate
    if event.sessions.filter(register__closed_at__isnull=False).exists():
        raise refusals.RegisterClosed(f"The register of {event} is closed. Reopen it first.")
    if event.bookings.live().filter(delegate=delegate).exists():
        raise refusals.AlreadyBooked(f"{delegate} has another booking on {event} by now. Nothing was changed.")
    claims.refuse_leaver(delegate)
    if booking.undo_until is None or messages.take_back(_told(booking)):
        raise refusals.TooLateToUndo(
            f"The booking of {delegate} on {event} was cancelled too long ago to bring it back. Book again instead."
        )


def _told(booking: Booking) -> set[str]:
    """The keys of the messages that say that it was given up."""
    return {steps.key_of(template, booking.reference, booking.cancelled_at) for template in TOLD}


def _take_offers_back(booking: Booking) -> None:
    """Have whoever was offered a place since it was given up, and was not told yet, wait as before.

    All of them, and not one: the list moves again from its beginning, so that nobody is passed over.
    """
    since = Offer.objects.live().filter(booking__event=booking.event, made_at__gte=booking.cancelled_at)
    offered = since.values_list("booking__reference", "booking", "made_at")
    keys = {steps.key_of(OFFERED, reference, at): pk for reference, pk, at in offered}
    told = messages.take_back(keys)
    untold = [pk for key, pk in keys.items() if key not in told]
    since.filter(booking__in=untold).update(ended_at=timezone.now(), how=Offer.How.WITHDRAWN)
    Booking.objects.filter(pk__in=untold).update(state=State.WAITING)


def _revive(booking: Booking, state: Booking.State) -> None:
    """Without saving it."""
    booking.state = state
    booking.outcome = booking.cancelled_at = booking.cancelled_by = booking.received_at = booking.notice = None
    booking.received_from = ""

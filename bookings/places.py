"""Places: who gets one, who waits, and how one is given up or taken over.

Each change locks the event first and counts in a statement after the lock, so that the count stays true until it
commits. The order for the whole project is event, booking, charge, invoice, series. The capacity trigger stands behind.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from bookings import (
    approval,
    approvers,
    claims,
    cut_off,
    eligibility,
    needs,
    offers,
    policies,
    queue,
    refusals,
    steps,
    workshop_choices,
)
from bookings.approvers import Approver
from bookings.claims import Claims
from bookings.cut_off import CancellationCost
from bookings.models import Booking, Tariff
from bookings.needs import Needs
from bookings.policies import Terms
from bookings.room import would_have_place
from people.models import Person
from training.models import Event
from training.moments import full_moment

State, Source, Outcome = Booking.State, Booking.Source, Booking.Outcome
ON_THE_LIST = (State.WAITING, State.OFFERED)
# What who held no place yet is told when they give the booking up.
ENDED: dict[str, str] = {
    State.WAITING: "booking_left",
    State.OFFERED: "booking_left",
    State.REQUESTED: "booking_request_withdrawn",
}


@transaction.atomic
def book(
    *,
    event: Event,
    delegate: Person,
    by: Person,
    workshops: Collection[int] = (),
    needs: Needs | None = None,
    approver: Approver | None = None,
) -> Booking:
    """Give the delegate a place with these workshops, by their keys, or the end of the waiting list.

    Where somebody has to approve it first they are asked: the approver, or approvers.usual().

    Place and workshops are taken together or not at all. Raises BookingRefused when the event is not open, has begun,
    the delegate is booked on it already, may not be (NotEligible), or a workshop is full (WorkshopFull).
    """
    eligibility.refuse(event, delegate, by)
    course = event.course
    needs_approval = approvers.is_needed(course, delegate, by)
    event = claims.lock(event)
    claims.refuse_unless_open(event)
    claims.refuse_outside_window(event, by)
    claimed = claims.count(event, delegate)
    claims.refuse_delegate(claimed, event, delegate)
    is_free = has_place(event, delegate, claimed)
    if needs_approval:
        event.course = course
        booking = approval.request(
            event=event, delegate=delegate, by=by, claimed=claimed, has_place=is_free, approver=approver
        )
    else:
        booking = steps.make(event, delegate, by, claimed, state=State.CONFIRMED if is_free else State.WAITING)
    workshop_choices.take(booking, workshops)
    _note(booking, needs)
    return booking


@transaction.atomic
def overbook(*, event: Event, delegate: Person, by: Person, reason: str) -> Booking:
    """Give the delegate a place past the waiting list, and beyond the event's places if need be; the reason is kept.

    A delegate who waits gets the place for that booking. Raises BookingRefused.
    """
    if not reason.strip():
        raise refusals.ReasonMissing("Say why there is room for one more: it is kept with the event.")
    event = claims.lock(event)
    claims.refuse_unless_open(event)
    claimed = claims.count(event, delegate)
    waiting = event.bookings.waiting().filter(delegate=delegate).first()
    if waiting is None:
        claims.refuse_delegate(claimed, event, delegate)
    else:
        workshop_choices.refuse_full(waiting)
    if claimed.held >= event.places:
        event.overbooking = max(event.overbooking, claimed.held + 1 - event.places)
        event.overbooking_reason = f"{reason.strip()}; {event.overbooking_reason}".rstrip("; ")[:200]
        event.save(update_fields=["overbooking", "overbooking_reason"])
    if waiting is None:
        return steps.make(event, delegate, by, claimed, state=State.CONFIRMED)
    return steps.confirm(waiting, event)


@transaction.atomic
def confirm_waiting(*, event: Event, by: Person, booking: Booking | None = None) -> Booking:
    """Give a free place to the first on the waiting list, or to the one chosen.

    Raises BookingRefused when no place is free or nobody waits. Calling it twice for one booking refuses the second.
    """
    event = claims.lock(event)
    claims.refuse_unless_open(event)
    waiting = event.bookings.waiting()
    chosen = waiting.filter(pk=booking.pk).first() if booking else waiting.first()
    if chosen is None:
        raise refusals.NobodyWaits(
            f"{booking.delegate} is not on the waiting list of {event}." if booking else f"Nobody waits for {event}."
        )
    workshop_choices.refuse_full(chosen)
    if claims.count(event, chosen.delegate).held >= event.places:
        raise refusals.NoPlacesLeft(
            f"All {event.places} places on {event} are taken. Add places to the event, or overbook it with a reason."
        )
    return steps.confirm(chosen, event)


@transaction.atomic
def cancel(*, booking: Booking, by: Person, received_at: datetime | None = None, received_from: str = "") -> Booking:
    """Cancel a booking or a request, leave the list, or decline the place offered; what is freed goes to the next.

    Notice counts from when the cancellation was received: now, or for an entry on someone's behalf an earlier moment
    (a date without a time is its midnight). Who held a place has cancelled in time or late, as cost_of_cancelling()
    says; who only waited has no outcome. While restoring.undo() can bring it back nobody is told, but of an offer that
    is short. Raises BookingRefused when it is cancelled already, the event had begun, or the moment lies in the future
    or before the booking.
    """
    booking = claims.lock_booking(booking)
    now = timezone.now()
    received_at = received_at or now
    _refuse_cancelling(booking, received_at, now)
    if booking.placed_at is not None:
        late = cost_of_cancelling(booking, received_at=received_at).tariff
        booking.outcome = Outcome.CANCELLED_LATE if late else Outcome.CANCELLED_IN_TIME
    template = ENDED.get(booking.state, "booking_cancelled")
    told_at = None
    if booking.state == State.REQUESTED:
        approval.withdraw(booking, by, now)
    else:
        offers.decline(booking, now)
        told_at = now + steps.UNDO_FOR
    steps.end(booking, by, received_at, now, received_from)
    steps.tell(booking, template, told_at)
    queue.promote(booking.event, now, told_at)
    return booking


@transaction.atomic
def substitute(*, booking: Booking, substitute: Person, by: Person) -> Booking:
    """Let a colleague take over a booking: the original is substituted out, the new one is returned.

    On the day it still can be done, until the registers are closed. Who comes has the workshops of who does not, and
    none of their needs. A colleague who waits gets the place for that entry; a place that was held for them goes on to
    the next. Raises BookingRefused.
    """
    refuse_substitute(booking, substitute, by)
    original = claims.lock_booking(booking)
    event = original.event
    if original.state == State.REQUESTED:
        raise refusals.NotConfirmed(
            f"{original.delegate}’s booking on {event} awaits approval. Cancel the request, and book for {substitute}."
        )
    if original.state != State.CONFIRMED:
        raise refusals.NotConfirmed(
            f"{original.delegate} has no place on {event} that somebody could take over."
            if original.state != State.CANCELLED
            else f"{original.delegate}'s place on {event} has been given up already. Nothing was changed."
        )
    if original.outcome is not None:
        raise refusals.HasBegun(f"The register of {event} is closed. A coordinator can reopen it.")
    claimed = claims.count(event, substitute)
    waits = event.bookings.filter(delegate=substitute, state__in=ON_THE_LIST).select_related("delegate").first()
    if waits is None:
        claims.refuse_delegate(claimed, event, substitute)
    claims.refuse_leaver(substitute)
    now = timezone.now()
    original.outcome = Outcome.SUBSTITUTED_OUT
    steps.end(original, by, now, now)
    if waits is None:
        taken_over = steps.make(
            event, substitute, by, claimed, state=State.CONFIRMED, source=Source.SUBSTITUTE, replaces=original
        )
    else:
        waits.workshop_choices.all().delete()
        taken_over = steps.confirm(waits, event, replaces=original)
        queue.promote(event, now)
    workshop_choices.hand_over(original, taken_over)
    steps.tell(original, "booking_substituted")
    return taken_over


def refuse_substitute(booking: Booking, substitute: Person, by: Person) -> Booking | None:
    """Raise BookingRefused where by may not let this person take it over, as far as is seen now: before the lock.

    Returns their entry on the event's waiting list, which becomes the place; None for who does not wait.
    """
    eligibility.refuse(booking.event, substitute, by)
    approvers.refuse_without(booking.event.course, substitute, by)
    own = booking.event.bookings.live().filter(delegate=substitute).first()
    if own and own.state == State.REQUESTED:
        raise refusals.AlreadyBooked(
            f"{substitute} has asked for a place on {booking.event}, which awaits approval. Once that is decided or "
            "withdrawn, they can take over this place."
        )
    if own and own.state not in ON_THE_LIST:
        raise refusals.AlreadyBooked(f"{substitute} already has a booking on {booking.event}. Nothing was changed.")
    return own


@transaction.atomic
def walk_in(*, event: Event, delegate: Person, by: Person) -> Booking:
    """Put someone who is at the door on the register; nobody is refused for want of a place.

    Who is on the register already stays as they are; who waits is taken off the list and has come as a walk-in. Raises
    BookingRefused before the event's first day, on an event that is off, and once its registers are closed.
    """
    event = claims.lock(event)
    claims.refuse_unless_on(event)
    if event.starts_at is None or timezone.localdate() < timezone.localdate(event.starts_at):
        raise refusals.HasNotBegun(f"{event} has not begun. Book a place instead.")
    if event.sessions.filter(register__closed_at__isnull=False).exists():
        raise refusals.HasBegun(f"The register of {event} is closed. A coordinator can reopen it.")
    here = event.bookings.live().filter(delegate=delegate).first()
    if here is None:
        claimed = claims.count(event, delegate)
        return steps.make(event, delegate, by, claimed, state=State.CONFIRMED, source=Source.WALK_IN)
    if here.state != State.CONFIRMED:
        here.state, here.source, here.placed_at = State.CONFIRMED, Source.WALK_IN, timezone.now()
        here.keeps_place = False
        here.save(update_fields=["state", "source", "placed_at", "keeps_place"])
    return here


def cost_of_cancelling(booking: Booking, *, received_at: datetime | None = None) -> CancellationCost:
    """What cancelling the booking costs, now or when it was received, and until when it is free."""
    return policies.cost_of_cancelling(
        event=booking.event,
        policy=booking.policy,
        received_at=received_at or timezone.now(),
        free_before=free_before(booking),
    )


def cost_under(booking: Booking, terms: Terms) -> CancellationCost:
    """What cancelling the booking costs now, as cost_of_cancelling() says, by terms in memory: no query."""
    event, policy = booking.event, booking.policy
    if event.starts_at is None:
        return CancellationCost(free_until=None, tariff=None, steps=())
    late, course = Tariff.Reason.CANCELLED_LATE, event.course
    return cut_off.cost_of_cancelling(
        tariffs=terms.tariffs_for(policy, reason=late, duration=course.duration, delivery=course.delivery),
        starts_at=event.starts_at,
        received_at=timezone.now(),
        closing=terms.closing,
        office_closes_at=policy.office_closes_at if policy else None,
        free_before=free_before(booking),
    )


def free_before(booking: Booking) -> datetime | None:
    """Until when the place may be given up free of charge whatever the notice: one may think better of it.

    Only who booked may, else each late cancellation would be free by way of a substitute. And a workbook's dates have
    no times to reckon an hour from. Who had the place before the event moved to another day may until it begins.
    """
    policy, event = booking.policy, booking.event
    if event.moved_at and booking.placed_at and booking.placed_at < event.moved_at:
        return event.starts_at
    if policy and booking.placed_at and booking.source == Source.BOOKED and booking.imported_at is None:
        return booking.placed_at + timedelta(minutes=policy.minutes_to_reconsider)
    return None


def has_place(event: Event, delegate: Person, claimed: Claims) -> bool:
    """The queue goes first: who comes while others wait has a place only where there are more than they need."""
    if not claimed.is_shared_out:
        return claimed.held + claimed.waiting < event.places
    return would_have_place(event, delegate.agency)


def refuse_moment(booking: Booking, received_at: datetime, now: datetime) -> None:
    """Raise WrongMoment where a cancellation cannot have been received then; cancel() asks the same."""
    if received_at > now:
        raise refusals.WrongMoment("The cancellation cannot have been received in the future.")
    if received_at < booking.booked_at:
        raise refusals.WrongMoment(
            "The cancellation cannot have been received before the booking was made, on "
            f"{full_moment(booking.booked_at)}."
        )


def _note(booking: Booking, needed: Needs | None) -> None:
    if needed:
        needs.say(booking, needed)


def _refuse_cancelling(booking: Booking, received_at: datetime, now: datetime) -> None:
    if booking.state == State.CANCELLED:
        raise refusals.AlreadyCancelled(f"{booking.delegate}'s booking on {booking.event} is cancelled already.")
    refuse_moment(booking, received_at, now)
    if booking.event.has_begun(received_at):
        raise refusals.HasBegun(f"{booking.event} had begun by then. Attendance is marked on its register.")
    if booking.outcome is not None:
        raise refusals.HasBegun(f"The register of {booking.event} is closed. A coordinator can reopen it.")

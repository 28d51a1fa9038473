"""Bookings that await approval: asked for, reminded of, withdrawn, and over when nobody answers.

Whether one needs it says the course; who is asked says bookings/approvers.py, and what the answer brings
bookings/deciding.py. As with offers the row of the request is written under the event's lock.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from bookings import approvers, claims, policies, queue, refusals, steps
from bookings.approval_links import Sent
from bookings.approvers import Approver
from bookings.claims import Claims
from bookings.models import Approval, Booking
from outbox import messages
from people.models import Person
from training.models import Event
from training.moments import until

State, Decision = Booking.State, Approval.Decision
TOO_LATE = (
    "A place on {course} needs your line manager’s approval, and there is no time left to ask for it: the event is too "
    "near. Ask your agency’s training lead or the training team to book you."
)
REQUEST, REMINDER, LAPSED = "approval_request", "approval_reminder", "approval_lapsed"


def request(
    *,
    event: Event,
    delegate: Person,
    by: Person,
    claimed: Claims,
    has_place: bool,
    approver: Approver | None = None,
) -> Booking:
    """Ask for a place, which is kept meanwhile where there is one and the course says so. Lock the event before.

    Without an approver it is approvers.usual(). Raises TooLateToAsk.
    """
    course, now = event.course, timezone.now()
    asking = _asking(event, now)
    if asking is None:
        raise refusals.TooLateToAsk(TOO_LATE.format(course=course))
    booking = steps.make(
        event, delegate, by, claimed, state=State.REQUESTED, keeps_place=has_place and course.keeps_place_for_approval
    )
    approver = approver or approvers.usual(delegate)
    asked = {"asked": approver.person, "email": approver.email, "asked_at": booking.booked_at}
    approval = Approval(booking=booking, **asked, **asking)
    approval.save(force_insert=True)
    _tell(approval, REQUEST)
    return booking


def withdraw(booking: Booking, by: Person, now: datetime) -> None:
    """End the request of a booking that is about to be cancelled. Lock it first."""
    for approval in booking.approvals.undecided():
        decide(approval, Decision.WITHDRAWN, by, now)


def decide(approval: Approval, decision: Approval.Decision, by: Person | None, now: datetime, reason: str = "") -> None:
    """Write what was decided; nobody in by where it was the owner of an address that we know no name to."""
    approval.decision, approval.decided_by, approval.decided_at, approval.reason = decision, by, now, reason
    approval.save(update_fields=["decision", "decided_by", "decided_at", "reason"])


@transaction.atomic
def lapse(event: Event) -> list[Booking]:
    """End what nobody decided in time, offer the places to the next, and return the bookings that ended."""
    event, now = claims.lock(event), timezone.now()
    over = list(
        Approval.objects.to_lapse(now)
        .filter(booking__event=event)
        .select_related("asked", "booking__delegate")
        .order_by("booking_id")
    )
    for approval in over:
        approval.booking.event = event
        decide(approval, Decision.LAPSED, None, now)
        steps.end(approval.booking, None, now, now)
        _tell(approval, LAPSED)
    ended = [approval.booking for approval in over]
    queue.tell_each("booking_request_lapsed", ended)
    queue.promote(event, now)
    return ended


@transaction.atomic
def remind(*, booking: Booking, by: Person) -> Approval:
    """Remind who is asked, once a day. Raises ApprovalOver and RemindedAlready."""
    booking = claims.lock_booking(booking)
    approval, now = undecided(booking), timezone.now()
    last = max(approval.asked_at, approval.reminded_at or approval.asked_at)
    if timezone.localdate(last) == timezone.localdate(now):
        done = "reminded" if approval.reminded_at else "asked"
        raise refusals.RemindedAlready(f"They were {done} today. You can remind them again tomorrow.")
    _remind(approval, now)
    return approval


def remind_due(now: datetime | None = None) -> int:
    """Remind who was asked two working days ago, and once more before the end. Safe twice; returns how many."""
    now = now or timezone.now()
    due = Booking.objects.filter(approvals__in=Approval.objects.to_remind(now)).order_by("pk")
    return sum(_remind_if_due(booking, now) for booking in due.select_related("event"))


def undecided(booking: Booking) -> Approval:
    """The booking's request, while it can be answered. Raises ApprovalOver, which says what was decided."""
    approval = booking.approvals.select_related("asked", "decided_by").order_by("asked_at", "pk").last()
    if approval is None:
        raise refusals.ApprovalOver(f"{booking.delegate}’s booking on {booking.event} needs no approval.")
    approval.booking = booking
    if said := over(approval, timezone.now()):
        raise refusals.ApprovalOver(said)
    return approval


def over(approval: Approval, now: datetime) -> str:
    """Why nobody can decide about the request any more, in a sentence; empty while somebody can."""
    by = approval.decided_by.name if approval.decided_by else approval.email
    match approval.decision:
        case Decision.APPROVED | Decision.DECLINED:
            decided_at = until(approval.decided_at or now)
            return f"{by} {approval.get_decision_display().lower()} this at {decided_at}."
        case Decision.WITHDRAWN:
            return "This is not to be decided any more: the booking was cancelled, or made in another way."
    if approval.decision or approval.ends_at <= now:
        return f"This could be answered until {until(approval.ends_at)}. Nobody did, and the request is over."
    return ""


def ask_again(new: Sequence[tuple[Booking, Approval]], event: Event, now: datetime) -> None:
    """Ask who was asked before about another date; the bookings are saved."""
    asking = _asking(event, now)
    for booking, before in new:
        approval = Approval(booking=booking, asked=before.asked, email=before.email, asked_at=now, **asking or {})
        approval.save(force_insert=True)
        _tell(approval, REQUEST)


def can_be_asked(event: Event, now: datetime) -> bool:
    return _asking(event, now) is not None


def latest_of(bookings: Iterable[Booking]) -> dict[int, Approval]:
    """The latest request of each, by the booking's key."""
    rows = Approval.objects.filter(booking__in=list(bookings)).select_related("asked", "decided_by")
    return {approval.booking_id: approval for approval in rows.order_by("asked_at", "pk")}


def _asking(event: Event, now: datetime) -> dict[str, Any] | None:
    """The times of a request made now, by the names of their fields."""
    if event.starts_at is None:
        return None
    cost = policies.cost_of_cancelling(event=event, policy=policies.in_force(timezone.localdate(now)), received_at=now)
    asking = queue.windows(now).asking(now, event.starts_at, cost.free_until)
    if asking is None:
        return None
    return {"ends_at": asking.ends_at, "remind_at": asking.remind_at, "remind_again_at": asking.remind_again_at}


@transaction.atomic
def _remind_if_due(booking: Booking, now: datetime) -> bool:
    booking = claims.lock_booking(booking)
    approval = booking.approvals.to_remind(now).select_related("asked").first()
    if approval is None:
        return False
    approval.booking = booking
    _remind(approval, now)
    return True


def _remind(approval: Approval, now: datetime) -> None:
    approval.reminded_at = now
    approval.save(update_fields=["reminded_at"])
    _tell(approval, REMINDER, f":{timezone.localdate(now)}")


def _tell(approval: Approval, template: str, more: str = "") -> None:
    """Tell those who are to decide, each under a key of their own: the link in it says who they are."""
    for one in approvers.recipients(approval):
        sent = Sent(approval.booking.reference, one.reference)
        key = f"{steps.key_of(template, str(sent))}{more}"
        messages.post(key=key, template=template, to=one.email, reference=str(sent))

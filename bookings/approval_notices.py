"""What messages about requests for approval say: to who asked for a place, and to who decides about it."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from bookings import approval, approval_links, approvers, described
from bookings.approval_links import Sent
from bookings.cost_in_words import cost_of_place
from bookings.facts import booking_of, facts_of
from bookings.models import Approval, Booking
from bookings.policies import Terms
from outbox import templates
from outbox.templates import Facts, NoLongerNeeded
from people.models import Person
from training.moments import until


def requested(reference: str) -> Facts:
    booking = booking_of(reference)
    asked = _undecided(booking)
    kept = "A place is kept for you meanwhile." if booking.keeps_place else ""
    return facts_of(booking) | {
        "whom": asked.whom,
        "until": until(asked.ends_at),
        "kept": kept or "No place is kept meanwhile: whether there is one is seen when it is approved.",
    }


def declined(reference: str) -> Facts:
    booking = booking_of(reference)
    asked = booking.approvals.select_related("decided_by").get(decision=Approval.Decision.DECLINED)
    by = asked.decided_by.name if asked.decided_by else asked.email
    said = [f"{by} gave this reason:", f"“{asked.reason}”"] if asked.reason else [f"{by} gave no reason."]
    return facts_of(booking) | {"by": by, "reason": said}


def lapsed(reference: str) -> Facts:
    booking = booking_of(reference)
    asked = booking.approvals.select_related("asked").get(decision=Approval.Decision.LAPSED)
    if booking.event.is_over():
        raise NoLongerNeeded("The event is over.")
    return facts_of(booking) | {"whom": asked.whom, "until": until(asked.ends_at)}


def withdrawn(reference: str) -> Facts:
    return facts_of(booking_of(reference))


def to_decide(reference: str) -> Facts:
    """For who decides, while they can: the booking's reference, and theirs."""
    sent = Sent.parse(reference)
    booking = booking_of(sent.booking)
    asked = _undecided(booking)
    may, person = approvers.may_answer(sent.person, asked)
    if not may:
        raise NoLongerNeeded("They do not decide about it any more.")
    return _of_the_decider(booking, person) | {
        "until": until(asked.ends_at),
        "cost": cost_of_place(booking, Terms.load()),
        "kept": "A place is kept meanwhile." if booking.keeps_place else "",
        "link": approval_links.address(sent),
    }


def not_decided(reference: str) -> Facts:
    """For who was asked, when it is over."""
    sent = Sent.parse(reference)
    booking = booking_of(sent.booking)
    asked = booking.approvals.get(decision=Approval.Decision.LAPSED)
    person = Person.objects.filter(reference=sent.person).first() if sent.person else None
    return _of_the_decider(booking, person) | {"until": until(asked.ends_at)}


FACTS: dict[str, Callable[[str], Facts]] = {
    "booking_requested": requested,
    "booking_declined": declined,
    "booking_request_lapsed": lapsed,
    "booking_request_withdrawn": withdrawn,
}
# Their reference is approval_links.Sent.
TO_DECIDERS: dict[str, Callable[[str], Facts]] = {
    approval.REQUEST: to_decide,
    approval.REMINDER: to_decide,
    approval.LAPSED: not_decided,
}


def register() -> None:
    """Let the outbox use the templates."""
    for name, facts in (FACTS | TO_DECIDERS).items():
        templates.register(name, facts, described=described.APPROVAL[name])


def _undecided(booking: Booking) -> Approval:
    asked = booking.approvals.undecided().select_related("asked").first()
    if asked is None or asked.ends_at <= timezone.now():
        raise NoLongerNeeded("It is decided, was withdrawn, or its time is over.")
    asked.booking = booking
    return asked


def _of_the_decider(booking: Any, person: Person | None) -> dict[str, str | list[str]]:
    """Nothing that is only for who has a place, and the name of who reads it."""
    facts = facts_of(booking)
    return {key: facts[key] for key in ("course", "sessions", "reference", "contact", "partnership")} | {
        "name": person.name if person else "colleague",
        "delegate": booking.delegate.name,
        "agency": booking.agency.name,
    }

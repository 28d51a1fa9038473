"""What messages about bookings say: the facts for each template, found when the message is sent."""

from collections.abc import Callable
from typing import Any

from django.db.models import Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from bookings import links, queue
from bookings.cost_in_words import cost_of_place
from bookings.models import Booking, Offer
from bookings.policies import Terms
from outbox import templates
from outbox.templates import Facts, NoLongerNeeded
from people.models import Partnership
from training.models import Event
from training.moments import clock, full_date, until

State, Outcome = Booking.State, Booking.Outcome


def confirmed(reference: str) -> Facts:
    booking = _booking(reference)
    if booking.state != State.CONFIRMED or booking.event.is_over():
        raise NoLongerNeeded("The booking holds no place any more, or the event is over.")
    return _facts(booking) | {"cost": cost_of_place(booking, Terms.load())}


def waiting(reference: str) -> Facts:
    booking = _booking(reference)
    if booking.state != State.WAITING or booking.event.is_over():
        raise NoLongerNeeded("The booking does not wait any more, or the event is over.")
    return _facts(booking) | {"standing": str(queue.standing(booking)), "link": links.address(reference)}


def offered(reference: str) -> Facts:
    booking = _booking(reference)
    offer = booking.offers.live().first()
    if offer is None or offer.ends_at <= timezone.now():
        raise NoLongerNeeded("The offer has been answered, or has ended.")
    return _facts(booking) | {
        "until": until(offer.ends_at),
        "cost": cost_of_place(booking, Terms.load()),
        "link": links.address(reference),
    }


def lapsed(reference: str) -> Facts:
    booking = _booking(reference)
    offer = booking.offers.filter(how=Offer.How.LAPSED).latest("ended_at")
    if booking.event.is_over():
        raise NoLongerNeeded("The event is over.")
    return _facts(booking) | {"until": until(offer.ends_at), "link": links.address(reference)}


def left(reference: str) -> Facts:
    return _facts(_booking(reference))


def cancelled(reference: str) -> Facts:
    booking = _booking(reference)
    recorded = {
        Outcome.CANCELLED_IN_TIME: "You cancelled in time, so there is nothing to pay.",
        Outcome.CANCELLED_LATE: "Cancelling was no longer free at that time, so your agency may be charged.",
    }
    return _facts(booking) | {"recorded": recorded.get(Outcome(booking.outcome), "") if booking.outcome else ""}


def substituted(reference: str) -> Facts:
    booking = _booking(reference)
    return _facts(booking) | {"substitute": booking.replaced_by.delegate.name}


def event_cancelled(reference: str) -> Facts:
    booking = _booking(reference)
    return _facts(booking) | {"reason": booking.event.cancelled_reason}


FACTS: dict[str, Callable[[str], Facts]] = {
    "booking_confirmed": confirmed,
    "booking_waiting": waiting,
    "booking_offered": offered,
    "booking_lapsed": lapsed,
    "booking_left": left,
    "booking_cancelled": cancelled,
    "booking_substituted": substituted,
    "event_cancelled": event_cancelled,
}


def register() -> None:
    """Let the outbox use the templates."""
    for name, facts in FACTS.items():
        templates.register(name, facts)


def _booking(reference: str) -> Any:
    """The booking, with the partnership's name and address: whoever reads many messages pays for each statement."""
    partnership = Partnership.objects.order_by("pk")
    rows = Booking.objects.annotate(
        partnership_name=Coalesce(Subquery(partnership.values("name")[:1]), Value("")),
        training_email=Coalesce(Subquery(partnership.values("training_email")[:1]), Value("")),
    )
    return rows.select_related("event__course", "delegate", "policy").get(reference=reference)


def _facts(booking: Any) -> dict[str, str | list[str]]:
    email = booking.training_email
    return {
        "name": booking.delegate.name,
        "course": booking.event.course.title,
        "sessions": _sessions(booking.event),
        "reference": booking.reference,
        "partnership": booking.partnership_name,
        "contact": f"Write to {email} if something is not right." if email else "",
    }


def _sessions(event: Event) -> list[str]:
    return [
        f"{full_date(session.starts_at)}, {clock(session.starts_at)} to {clock(session.ends_at)}"
        + (f", {session.room}" if session.room else "")
        for session in event.sessions.select_related("room__venue")
    ]

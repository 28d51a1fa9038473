"""What messages about evaluations say, found when they are sent: by then the delegate may have answered."""

from bookings.models import Booking
from evaluations import answering, concern, invitations, links, refusals
from outbox import templates
from outbox.templates import Facts, NoLongerNeeded
from people.models import Partnership
from training.moments import full_date, until


def facts(reference: str) -> Facts:
    """Raises NoLongerNeeded where there is nothing left to ask."""
    booking = Booking.objects.select_related("event__course", "event__evaluation", "delegate").get(reference=reference)
    try:
        evaluation = answering.open_evaluation(booking)
    except refusals.AnswerRefused as refusal:
        raise NoLongerNeeded(str(refusal)) from refusal
    partnership = Partnership.objects.first()
    event = booking.event
    return {
        "name": booking.delegate.name,
        "course": event.course.title,
        "day": full_date(event.ends_at) if event.ends_at else "",
        "link": links.address(reference),
        "until": until(evaluation.closes_at),
        "concern": [f"{concern.HEADING}.", *concern.sentences()],
        "partnership": partnership.name if partnership else "",
    }


def register() -> None:
    """Let the outbox use the templates."""
    for name in (invitations.INVITATION, invitations.REMINDER, invitations.LAST_REMINDER):
        templates.register(name, facts)

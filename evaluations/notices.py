"""What messages about evaluations say, found when they are sent: by then the delegate may have answered."""

from bookings.models import Booking
from evaluations import answering, concern, described, invitations, links, refusals
from outbox import templates
from outbox.templates import Facts, NoLongerNeeded
from people.models import Partnership
from training.moments import full_date, until

# Whatever a coordinator writes around it, whoever answers reads this before.
PROMISE = (
    "Your answers are anonymous. We keep the day on which you answered, so as not to ask again, and apart from "
    "that what was answered, without names and in no order. Nobody reads any of it before the form has closed, "
    "nor if fewer than 5 delegates have answered: then the figures count in the totals of the course and the "
    "year, and that is all. After that the training team reads the answers, and your trainers and the learning "
    "and development sub-group see the figures."
)
PROMISE_IN_SHORT = (
    "Your answers are anonymous: the training team reads them, without names, after the form has closed and if "
    "at least 5 delegates have answered; trainers and the learning and development sub-group see the figures."
)


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
        "promise": PROMISE,
        "promise_in_short": PROMISE_IN_SHORT,
        "concern": [f"{concern.HEADING}.", *concern.sentences()],
        "partnership": partnership.name if partnership else "",
    }


def register() -> None:
    """Let the outbox use the templates."""
    for name in (invitations.INVITATION, invitations.REMINDER, invitations.LAST_REMINDER):
        templates.register(name, facts, described=described.DESCRIBED[name])

"""The way from a delegate's own pages to the form after an event."""

from django.urls import reverse

from bookings.models import Booking
from evaluations import answering, links, refusals


def answer_address(booking: Booking) -> str:
    """Of the booking's form while it can be answered, else empty. Reads its event with the evaluation: no query."""
    try:
        answering.open_evaluation(booking)
    except refusals.AnswerRefused:
        return ""
    return reverse("evaluations:answer", args=[links.token(booking.reference)])

"""What the tests of evaluations share: an event that is over, its register closed, and its delegates."""

from bookings.models import Booking
from evaluations import answering, invitations, questionnaires
from evaluations.models import Response
from tests.factories import BookingFactory, EventFactory, RegisterFactory
from training.models import Event

ANSWERS = {"before": 3, "now": 8, "rating": 4}


def over(number: int = 1, *, days: int = 1, closed: bool = True, **facts: object) -> Event:
    """An event that ended so many days ago, with so many delegates who came."""
    event = EventFactory(**{"days": -days, "places": 60, **facts})
    for session in event.sessions.all():
        RegisterFactory(session=session, closed=closed)
    for _ in range(number):
        came(event)
    return event


def came(event: Event, outcome: str = "attended", **facts: object) -> Booking:
    return BookingFactory(event=event, outcome=outcome, **facts)


def asked(number: int = 1, **facts: object) -> list[Booking]:
    """The bookings of an event whose delegates have been asked."""
    event = over(number, **facts)
    invitations.ask()
    return list(Booking.objects.filter(event=event).select_related("event__evaluation", "delegate").order_by("pk"))


def answer(booking: Booking, **answers: int | str) -> None:
    answering.send(booking=booking, answers={**ANSWERS, **answers})


def closed(number: int, *, days: int = 40, texts: bool = False, **facts: object) -> Event:
    """An event of so many days ago with as many responses, of which none was asked for: as from a workbook."""
    event, asked_then = over(number, days=days, **facts), questionnaires.after()
    for at in range(number):
        more = {"comment": f"Text {at} of {event.reference}"} if texts else {}
        Response.objects.create(event=event, questionnaire=asked_then, answers={**ANSWERS, **more})
    return event

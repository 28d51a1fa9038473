"""The sheet that delegates sign in the room, as a PDF: their names, a column for each session, and rows for others."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from bookings.models import Booking
from outbox import pdf
from training.models import Event, Session
from training.moments import clock, full_date

TEMPLATE = "bookings/documents/sign-in-sheet.typ"
# As many columns to sign as fit beside a name; an event of more sessions has several sheets.
COLUMNS = 6


def made(
    event: Event,
    sessions: Sequence[Session],
    bookings: Sequence[Booking],
    *,
    blank: int,
    partnership: str,
    at: datetime,
) -> bytes:
    """In this order; needs no database where all is read with course, rooms and people.

    Who is kept off printed lists must not be among the bookings. blank: rows for who comes without a booking.
    """
    facts = {
        "title": f"Sign-in sheet, {event.course.title}",
        "course": event.course.title,
        "reference": event.reference,
        "partnership": partnership,
        "made": full_date(at),
        "sheets": [[_head(one) for one in sessions[first : first + COLUMNS]] for first in _firsts(sessions)],
        "delegates": [[one.delegate.name, one.agency.name] for one in bookings],
        "blank": blank,
        "colour": settings.BRAND_COLOUR,
    }
    return pdf.compiled(TEMPLATE, facts, created_at=at)


def _firsts(sessions: Sequence[Session]) -> range:
    return range(0, len(sessions), COLUMNS)


def _head(session: Session) -> dict[str, str]:
    return {
        "day": full_date(session.starts_at),
        "time": f"{clock(session.starts_at)} to {clock(session.ends_at)}",
        "room": str(session.room or ""),
    }

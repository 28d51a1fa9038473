"""The sheet that delegates sign in the room, as a PDF: their names, a column for each session, and rows for others."""

from collections.abc import Collection, Mapping, Sequence
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
    made_up: Mapping[int, Collection[int]],
    blank: int,
    partnership: str,
    at: datetime,
) -> bytes:
    """In this order; needs no database where all is read with course, rooms and people.

    Who is kept off printed lists must not be among the bookings. made_up: of those that are of another event the
    sessions made up here, all by their keys. blank: rows for who comes without a booking.
    """
    facts = {
        "title": f"Sign-in sheet, {event.course.title}",
        "course": event.course.title,
        "reference": event.reference,
        "partnership": partnership,
        "made": full_date(at),
        "sheets": [_sheet(sessions[first : first + COLUMNS], bookings, made_up) for first in _firsts(sessions)],
        "blank": blank,
        "colour": settings.BRAND_COLOUR,
    }
    return pdf.compiled(TEMPLATE, facts, created_at=at)


def _firsts(sessions: Sequence[Session]) -> range:
    return range(0, len(sessions), COLUMNS)


def _sheet(
    sessions: Sequence[Session], bookings: Sequence[Booking], made_up: Mapping[int, Collection[int]]
) -> dict[str, object]:
    """Each delegate with the columns to sign in; who makes up a session of another sheet is not on this one."""
    everyone = {one.pk for one in sessions}
    signs = [(one, everyone & set(made_up.get(one.pk, everyone))) for one in bookings]
    return {
        "sessions": [_head(one) for one in sessions],
        "delegates": [
            {
                "name": one.delegate.name,
                "agency": one.agency.name + (", makes up a session" if one.pk in made_up else ""),
                "signs": [session.pk in here for session in sessions],
            }
            for one, here in signs
            if here
        ],
    }


def _head(session: Session) -> dict[str, str]:
    return {
        "day": full_date(session.starts_at),
        "time": f"{clock(session.starts_at)} to {clock(session.ends_at)}",
        "room": str(session.room or ""),
    }

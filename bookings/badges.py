"""Badges of who comes to a conference, as a PDF to cut out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from outbox import pdf
from training.models import Event
from training.moments import full_date

TEMPLATE = "bookings/documents/badges.typ"


@dataclass(frozen=True, slots=True)
class Badge:
    name: str
    agency: str
    # When, and which.
    workshops: Sequence[tuple[str, str]]


def made(event: Event, badges: Sequence[Badge], *, partnership: str, at: datetime) -> bytes:
    """Ten a page, in this order; needs no database where the event is read with its course."""
    facts = {
        "title": f"Badges, {event.course.title}",
        "event": event.course.title,
        "day": full_date(event.starts_at) if event.starts_at else "",
        "partnership": partnership,
        "badges": [
            {"name": one.name, "agency": one.agency, "workshops": [list(pair) for pair in one.workshops]}
            for one in badges
        ],
        "colour": settings.BRAND_COLOUR,
    }
    return pdf.compiled(TEMPLATE, facts, created_at=at)

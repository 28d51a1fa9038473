"""A certificate of attendance as a PDF: the same bytes as long as what it says is the same."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.urls import reverse

from bookings.models import Certificate
from outbox import pdf
from training.models import Course, Session
from training.moments import full_date

TEMPLATE = "bookings/documents/certificate.typ"


def made(certificate: Certificate, sessions: Iterable[Session], *, partnership: str, contact: str) -> bytes:
    """The PDF; the caller reads the booking with delegate, event and course, as this needs no database."""
    facts = said(certificate, sessions, partnership=partnership, contact=contact) | {"colour": settings.BRAND_COLOUR}
    pictures = [qr_code(address(certificate.code))]
    return pdf.compiled(TEMPLATE, facts, created_at=certificate.made_at, pictures=pictures)


def said(certificate: Certificate, sessions: Iterable[Session], *, partnership: str, contact: str) -> dict[str, Any]:
    """What the document says, as texts."""
    booking, sessions = certificate.booking, list(sessions)
    event, course = booking.event, booking.event.course
    # One that was moved online was not given as its course usually is.
    is_online = event.online_link and course.delivery == Course.Delivery.FACE_TO_FACE
    met_online = is_online and all(one.room_id is None for one in sessions)
    return {
        "title": "Certificate of attendance",
        "name": booking.delegate.name,
        "course": course.title,
        "level": course.level,
        "days": days_of(sessions),
        "duration": course.get_duration_display(),
        "delivery": Course.Delivery.VIRTUAL.label if met_online else course.get_delivery_display(),
        "partnership": partnership,
        "contact": contact,
        "code": in_two(certificate.code),
        "check_at": settings.SITE_URL + reverse("certificates:find"),
    }


def days_of(sessions: Iterable[Session]) -> list[str]:
    """The days that a delegate attended on, in the sessions' order."""
    return list(dict.fromkeys(full_date(session.starts_at) for session in sessions))


def address(code: str) -> str:
    """Where anyone may ask about the certificate: what the QR code says."""
    return settings.SITE_URL + reverse("certificates:check", args=[code])


def in_two(code: str) -> str:
    """The code as it is read out and typed: K7QX2 M3QWE."""
    middle = len(code) // 2
    return f"{code[:middle]} {code[middle:]}"


def qr_code(text: str, *, fills_its_place: bool = False) -> str:
    """As an SVG: of its own size, or as large as the place it stands in."""
    import segno  # as with typst, most processes never make a document

    drawn = BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="svg", xmldecl=False, border=2, omitsize=fills_its_place)
    return drawn.getvalue().decode()

"""Bookings that the workbook does not name any more: told with whose they are, and what may have become of them."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import prefetch_related_objects
from django.utils import timezone
from rapidfuzz import fuzz

from bookings.models import Booking
from programme import identity
from programme.understood import BookingRow


def lines(unnamed: Iterable[Booking], planned: Iterable[tuple[BookingRow, Booking]]) -> list[str]:
    """One line for each that an import brought. With names: only for whoever brought the workbook.

    planned: the workbook's rows with their bookings, one of which may be the same under a corrected address.
    """
    gone = [booking for booking in unnamed if booking.imported_at is not None]
    if not gone:
        return []
    prefetch_related_objects(gone, "delegate", "event")
    new: dict[str, list[BookingRow]] = defaultdict(list)
    for row, booking in planned:
        if booking._state.adding:
            new[row.event].append(row)
    return [f"{_named(booking)}{_hint(booking, new[booking.event.reference])}" for booking in gone]


def _named(booking: Booking) -> str:
    event, delegate = booking.event, booking.delegate
    on = f" of {timezone.localdate(event.starts_at):%d/%m/%Y}" if event.starts_at else ""
    booked_on = f"booked on {timezone.localdate(booking.booked_at):%d/%m/%Y}"
    return f"booking {booking} of {delegate.name}, {delegate.email}, on event {event.reference}{on}, {booked_on}"


def _hint(booking: Booking, rows: list[BookingRow]) -> str:
    """Who has the same name on the same event, and is new there. A first name alone is many people's."""
    key, email = identity.key(booking.delegate.name), booking.delegate.email
    for row in rows:
        if row.email != email and fuzz.ratio(key, identity.key(row.name)) >= identity.ALIKE:
            return (
                f". {row.row.cell('Email')} has {row.name} with another address, {row.email}: is it the same person,"
                f" then both bookings count. Write {email} there again before you import: the address says who it is"
            )
    return ""

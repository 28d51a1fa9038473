"""From when until when an event is booked, in words."""

from datetime import datetime, time
from typing import Protocol

from django.utils import timezone

from training.moments import full_date, full_moment, until


class Booked(Protocol):
    """An event, or a row that is as good as one."""

    @property
    def booking_opens_at(self) -> datetime | None: ...

    @property
    def booking_closes_at(self) -> datetime | None: ...


def words(event: Booked, now: datetime | None = None) -> str:
    """That booking opens only later, or has closed; empty while it is open. Without a full stop."""
    now = now or timezone.now()
    opens_at, closes_at = event.booking_opens_at, event.booking_closes_at
    if opens_at and now < opens_at:
        is_midnight = timezone.localtime(opens_at).time() == time.min
        return f"Booking opens on {full_date(opens_at) if is_midnight else full_moment(opens_at)}"
    if closes_at and closes_at <= now:
        return f"Booking closed at {until(closes_at)}"
    return ""


def plan(event: Booked) -> str:
    """When it opens and closes, whether that is to come or not; empty where neither is said."""
    opens_at, closes_at = event.booking_opens_at, event.booking_closes_at
    opens = f"from {full_moment(opens_at)}" if opens_at else ""
    closes = f"until {until(closes_at)}" if closes_at else ""
    return " ".join(filter(None, (opens, closes)))

"""Reminding agencies of the places that they have reserved and not named: two working days before they go back."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from bookings import described, reservations, working_days
from bookings.models import Reservation
from bookings.reminders import FROM
from outbox import messages, templates
from outbox.templates import Facts, NoLongerNeeded
from people.models import Partnership
from training.models import Event
from training.moments import full_moment, until

TO_NAME = "places_to_name"


@transaction.atomic
def remind(now: datetime | None = None) -> int:
    """Post what is due, and return how many reservations that are. Safe twice: one message for each day they end."""
    now = now or timezone.now()
    if timezone.localtime(now).time() < FROM:
        return 0
    closing = working_days.closing_days()
    due = [one for one in reservations.with_lead(_open(now)) if one.mailbox and _is_due(one, now, closing)]
    named = [(f"places-to-name:{one.pk}:{one.named_until:%Y-%m-%d}", one.mailbox, str(one.pk)) for one in due]
    messages.post_each(template=TO_NAME, messages=named)
    return len(due)


def to_name(reference: str) -> Facts:
    reservation = _reservation(reference)
    if reservation.released_at or not reservation.places or reservation.named_until <= timezone.now():
        raise NoLongerNeeded("The places are named, or went back.")
    return _facts(reservation)


def went_back(reference: str) -> Facts:
    return _facts(_reservation(reference))


FACTS: dict[str, Callable[[str], Facts]] = {TO_NAME: to_name, reservations.WENT_BACK: went_back}


def register() -> None:
    """Let the outbox use the templates."""
    for name, facts in FACTS.items():
        templates.register(name, facts, described=described.RESERVED[name])


def _open(now: datetime) -> Any:
    return Reservation.objects.live().filter(places__gt=0, named_until__gt=now)


def _is_due(reservation: Reservation, now: datetime, closing: Collection[date]) -> bool:
    """From the morning two working days before; who reserves later has just read until when."""
    day = timezone.localdate(reservation.named_until)
    for _ in range(2):
        day = working_days.previous_working_day(day, closing)
    opens = timezone.make_aware(datetime.combine(day, FROM))
    return reservation.made_at < opens <= now


def _reservation(reference: str) -> Any:
    found = reservations.with_lead(Reservation.objects.select_related("event__course", "agency")).get(pk=reference)
    if found.event.state != Event.State.PUBLISHED or found.event.has_begun():
        raise NoLongerNeeded("The event is off, or has begun.")
    return found


def _facts(reservation: Any) -> dict[str, str]:
    partnership, event = Partnership.objects.first(), reservation.event
    email = partnership.training_email if partnership else ""
    return {
        "name": reservation.lead or reservation.agency.name,
        "agency": reservation.agency.name,
        "places": "1 place" if reservation.places == 1 else f"{reservation.places} places",
        "course": event.course.title,
        "date": full_moment(event.starts_at) if event.starts_at else "",
        "until": until(reservation.named_until),
        "link": settings.SITE_URL + reverse("agency_bookings:reserve", args=[event.reference]),
        "event": settings.SITE_URL + reverse("events:event", args=[event.reference]),
        "contact": f"Is something not right? Answer this message, or write to {email}." if email else "",
        "partnership": partnership.name if partnership else "",
    }

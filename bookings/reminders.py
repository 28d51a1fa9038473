"""Reminding who has a place: two weeks before, before the free cut-off, how to join, and two days before.

Each is a setting. A reminder is due from a moment on until another, and only for who had the place before that moment:
who books later has just read it all. When it is sent that is asked again, so that one for an event that was moved, or a
cut-off that has passed, is dropped.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from bookings import places
from bookings.models import Booking
from bookings.policies import Terms
from bookings.working_days import previous_working_day
from outbox import messages
from outbox.models import Message
from people import persons
from training.models import Event

# Nobody is written to at night.
FROM = time(8)
DAY = timedelta(days=1)
# How far ahead a free cut-off is looked for.
AHEAD = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Window:
    """From when on and until when a reminder is sent."""

    opens: datetime
    closes: datetime

    def includes(self, moment: datetime) -> bool:
        return self.opens <= moment < self.closes


def two_weeks_before(booking: Booking, terms: Terms) -> Window | None:
    return days_before(booking.event.starts_at, DAYS_BEFORE["reminder_two_weeks"], until=10)


def two_days_before(booking: Booking, terms: Terms) -> Window | None:
    return days_before(booking.event.starts_at, DAYS_BEFORE["reminder_two_days"])


def before_cut_off(booking: Booking, terms: Terms) -> Window | None:
    """From two working days before the last day on which cancelling is free, to the end of that; None: always is."""
    free_until = places.cost_under(booking, terms).free_until
    if free_until is None:
        return None
    last_day = timezone.localdate(free_until - timedelta(microseconds=1))
    day = previous_working_day(previous_working_day(last_day, terms.closing), terms.closing)
    return Window(_at(day, FROM), free_until)


def joining(booking: Booking, terms: Terms) -> Window | None:
    """From five days before, where there is something to say; who books later gets it too, and at once."""
    if not says_how_to_join(booking.event):
        return None
    return days_before(booking.event.starts_at, DAYS_BEFORE["joining_instructions"])


# How many days before those come whose time depends on the event alone.
DAYS_BEFORE = {"reminder_two_weeks": 14, "joining_instructions": 5, "reminder_two_days": 2}
REMINDERS: dict[str, Callable[[Booking, Terms], Window | None]] = {
    "reminder_two_weeks": two_weeks_before,
    "reminder_cut_off": before_cut_off,
    "joining_instructions": joining,
    "reminder_two_days": two_days_before,
}
# What whoever books within the time has not read in the confirmation.
TOLD_TO_LATE_ONES_TOO = ("joining_instructions",)


@transaction.atomic
def remind(now: datetime | None = None) -> dict[str, int]:
    """Post what is due. Safe twice: a message's key is its booking's. Returns how many of each were new."""
    now = now or timezone.now()
    if is_night(now):
        return {}
    terms = Terms.load()
    return {name: _post(name, now, terms) for name in REMINDERS if name in settings.REMINDERS}


def is_night(now: datetime) -> bool:
    return timezone.localtime(now).time() < FROM


def says_how_to_join(event: Event) -> bool:
    """Whether there is something to say of how it is joined. Reads the course."""
    return bool(event.joining_instructions or event.online_link or event.course.added_to_messages)


def is_due(name: str, booking: Booking, now: datetime, terms: Terms) -> bool:
    """Whether the reminder may be sent at this moment. Reads the booking's event with its course, and its policy."""
    window = REMINDERS[name](booking, terms)
    if window is None or not window.includes(now):
        return False
    if name in TOLD_TO_LATE_ONES_TOO:
        return True
    # Who was told that the date is sure has just read it all, too.
    dated_at = booking.event.dated_at
    has_read = dated_at is not None and dated_at >= window.opens
    return not has_read and booking.placed_at is not None and booking.placed_at < window.opens


def to_come(booking: Booking, now: datetime) -> set[str]:
    """Of those in DAYS_BEFORE, which are sent and have their time still before them."""
    windows = {name: days_before(booking.event.starts_at, days) for name, days in DAYS_BEFORE.items()}
    return {name for name, window in windows.items() if window and now < window.opens and name in settings.REMINDERS}


def to_remind(now: datetime) -> QuerySet[Any]:
    """Who has a place on an event that is coming, was not brought as a thing of the past, and can be written to.

    With mailbox, where their mail goes.
    """
    return (
        Booking.objects.filter(
            Q(event__imported_at=None) | Q(event__imported_at__lt=F("event__ends_at")),
            state=Booking.State.CONFIRMED,
            event__state=Event.State.PUBLISHED,
            event__starts_at__gt=now,
            event__starts_at__lt=now + AHEAD,
            delegate__left_on=None,
        )
        .exclude(source=Booking.Source.WALK_IN)
        .exclude(event__certainty=Event.Certainty.HELD)
        .annotate(mailbox=persons.mailbox("delegate"))
        .exclude(mailbox="")
    )


def _post(name: str, now: datetime, terms: Terms) -> int:
    there = Message.objects.filter(key=Concat(Value(f"{name}:"), OuterRef("reference")))
    found = to_remind(now).filter(~Exists(there)).select_related("event__course", "policy", "delegate")
    new = list(_new(name, found.iterator(), now, terms))
    messages.post_each(template=name, messages=new)
    return len(new)


def _new(name: str, found: Iterator[Any], now: datetime, terms: Terms) -> Iterator[tuple[str, str, str]]:
    for booking in found:
        if is_due(name, booking, now, terms):
            yield f"{name}:{booking.reference}", booking.mailbox, booking.reference


def days_before(starts_at: datetime | None, days: int, *, until: int = 0) -> Window | None:
    """From this many days before it to so many before it, each in the morning; 0: to its beginning."""
    if starts_at is None:
        return None
    first_day = timezone.localdate(starts_at)
    closes = _at(first_day - timedelta(days=until), FROM) if until else starts_at
    return Window(_at(first_day - timedelta(days=days), FROM), closes)


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))

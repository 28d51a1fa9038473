"""A person's private calendar address: making it, ending it, and what it shows.

Who has the address reads when and where its person trains, and nothing else: it opens no page and changes nothing.
"""

import hashlib
import secrets
from datetime import timedelta

from django.db.models import Prefetch, Q
from django.utils import timezone

from bookings import calendar_files
from bookings.models import Booking, CalendarFeed, MakeUp
from bookings.models.booking import BookingQuerySet
from people.models import Person

# What is longer past is looked up in "my training".
PAST = timedelta(days=90)


def renew(*, by: Person) -> str:
    """A new address's secret, which nobody can read again; the one before ends."""
    secret = secrets.token_urlsafe(32)
    fresh = {"digest": digest(secret), "made_on": timezone.localdate()}
    CalendarFeed.objects.update_or_create(person=by, defaults=fresh)
    return secret


def end(*, by: Person) -> None:
    """The address shows nothing any more. A second call changes nothing."""
    CalendarFeed.objects.filter(person=by).delete()


def of(person: Person) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(person=person).first()


def person_of(secret: str) -> Person | None:
    """Whose address it is; nobody's once they have left."""
    feeds = CalendarFeed.objects.select_related("person").filter(digest=digest(secret), person__left_on=None)
    feed = feeds.first()
    return feed.person if feed else None


def calendar_of(person: Person, name: str) -> bytes:
    """The person's places, and the sessions that they make up, from some weeks ago on. In six statements."""
    since = timezone.now() - PAST
    made_up = MakeUp.objects.live().filter(booking__delegate=person, session__ends_at__gte=since).values("booking")
    held = with_sessions().filter(
        Q(event__ends_at__gte=since) | Q(pk__in=made_up), delegate=person, state=Booking.State.CONFIRMED
    )
    return calendar_files.file(held.order_by("event__starts_at", "id"), name=name)


def with_sessions() -> BookingQuerySet:
    """Bookings with all that a calendar file reads."""
    return Booking.objects.select_related("event__course", "delegate").prefetch_related(
        "event__sessions__room__venue",
        "event__changes",
        Prefetch("make_ups", calendar_files.with_told(MakeUp.objects.live())),
    )


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

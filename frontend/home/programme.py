"""Home sections about the programme: what takes place today and soon, and a trainer's dates."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from frontend import formats
from frontend.home.sections import Item, Section
from frontend.programme import listing
from people.models import Person
from people.permissions import Right, may
from training.models import Event, Session, TrainerInvitation

# More than these nobody looks through.
MOST, NEXT = 60, 10
# How far a coordinator's home looks ahead: what is to be prepared, and what may still be filled or called off.
SOON, AHEAD = timedelta(days=7), timedelta(days=28)
_TODAY = ("Today", "blue")


def dates(person: Person, now: datetime) -> Iterator[Section]:
    """For coordinators today and what comes; for trainers their dates, those first whose register waits for them."""
    sees_all = may(person, Right.CHANGE_PROGRAMME)
    begins = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    ends = begins + timedelta(days=1)
    ahead = Q(starts_at__lt=ends + AHEAD, ends_at__gte=begins)
    events = _dates(person, now, ahead if sees_all else Q(pk=None))
    today = [event for event in events if event.starts_at < ends and event.ends_at >= begins]
    if sees_all:
        items = tuple(_today(event, now) for event in today)
        yield Section("Today", items=items, empty=f"No event takes place today, {formats.full_date(now)}.")
        yield from _ahead([event for event in events if ends <= event.starts_at < ends + AHEAD], ends + SOON)
    to_mark = [event for event in events if event.is_own and (event in today or event.is_over(now))]
    if to_mark:
        items = tuple(_register(event, _TODAY if event in today else _tag(event)) for event in to_mark)
        yield Section("Your registers to mark and hand in", items=items)
    coming = [event for event in events if event.is_own and event not in to_mark]
    if coming:
        items = tuple(_asked(one) if one.is_asked else _dated(one) for one in coming[:NEXT])
        mine = (("All your dates, those that need a trainer, and days on which you cannot", reverse("trainers:mine")),)
        yield Section("Your next dates as a trainer", items=items, links=mine)


def _ahead(coming: list[Any], until: datetime) -> Iterator[Section]:
    """What begins before until, and of all of it what has few bookings."""
    soon = tuple(_dated(event) for event in coming if event.starts_at < until)
    few = tuple(_dated(event) for event in coming if event.held * 2 < event.places)
    later = f" The next one is on {formats.full_date(coming[0].starts_at)}." if coming else ""
    yield Section(
        "The next 7 days",
        items=soon,
        empty=f"No event takes place in the next 7 days.{later}",
        links=(("All that is coming", reverse("programme:list") + "?state=coming&year=all"),),
    )
    if few:
        yield Section("Fewer than half booked, in the next 4 weeks", items=few)


def _today(event: Any, now: datetime) -> Item:
    item = _item(event, _hours(event), _tag(event))
    is_due = not event.is_handed_in and not event.is_over(now)  # later its tag says so
    return replace(item, note=f"{item.note}. Register due today") if is_due else item


def _dated(event: Any) -> Item:
    return _item(event, formats.full_moment(event.starts_at), _tag(event))


def _asked(event: Any) -> Item:
    """What a trainer has yet to say yes or no to, which their dates lead to."""
    return _item(event, formats.full_moment(event.starts_at), ("Can you give it?", "orange"), reverse("trainers:mine"))


def _dates(person: Person, now: datetime, today: Q) -> list[Any]:
    """What the person trains and is coming or not handed in, and what else is asked for. In one query."""
    own = Q(pk__in=Event.objects.all().given_by(person).values("pk"))
    sessions = Session.objects.filter(event=OuterRef("pk")).order_by().values("event").annotate(n=Count("pk"))
    handed_in = sessions.filter(register__handed_in_at__isnull=False)
    return list(
        listing.counted(Event.objects.filter(own | today, state=Event.State.PUBLISHED))
        .annotate(
            is_own=ExpressionWrapper(own, BooleanField()),
            is_asked=Exists(
                TrainerInvitation.objects.unanswered().filter(event=OuterRef("pk"), trainer__person=person)
            ),
            sessions_in_all=Subquery(sessions.values("n")),
            handed_in=Coalesce(Subquery(handed_in.values("n"), output_field=IntegerField()), Value(0)),
        )
        .filter(Q(ends_at__gt=now) | Q(is_handed_in=False) | today)
        .order_by("starts_at", "id")[:MOST]
    )


def _item(event: Any, when: str, tag: tuple[str, str] | None, href: str = "") -> Item:
    where = f", {event.venue_name}" if event.venue_name else ""
    note = f"{when}{where}. {event.held} of {event.places} places held"
    return Item(event.course.title, href or reverse("events:event", args=[event.reference]), note, tag)


def _register(event: Any, tag: tuple[str, str] | None) -> Item:
    """A link to the first register that is not handed in."""
    number = min(event.handed_in + 1, event.sessions_in_all)
    href = reverse("registers:register", args=[event.reference, number])
    return _item(event, formats.full_moment(event.starts_at), tag, href)


def _hours(event: Event) -> str:
    return (
        f"{formats.clock(event.starts_at)} to {formats.clock(event.ends_at)}"
        if event.starts_at and event.ends_at
        else ""
    )


def _tag(event: Any) -> tuple[str, str] | None:
    """Where it stands; that it simply comes needs no tag."""
    standing = listing.standing(event)
    return None if standing == "coming" else listing.STANDINGS[standing]

"""Home sections about the programme: a coordinator's day, and a trainer's dates."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import (
    BooleanField,
    Count,
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

from bookings import counts
from frontend import formats
from frontend.home import messages
from frontend.home.sections import Figure, Item, Section
from frontend.programme import listing
from people.models import Person
from people.permissions import Right, may
from training.models import Event, Session

# More than these nobody looks through.
MOST, NEXT = 60, 10
# How far a coordinator's home looks ahead: what is to be prepared, and what may still be filled or called off.
SOON, AHEAD = timedelta(days=7), timedelta(days=28)
_TODAY = ("Today", "blue")

# What is counted, in the order of COUNTS: its words for one and for several, the list and the state that shows it.
_LIST = "programme:list"
TO_DO = (
    ("register to hand in", "registers to hand in", _LIST, "hand-in"),
    ("register to close", "registers to close", _LIST, "close"),
    ("register put right, people to tell", "registers put right, people to tell", _LIST, "corrected"),
    ("person wants to join", "people want to join", "joining:requests", "waiting"),
    ("approval stuck", "approvals stuck", "approvals:list", "stuck"),
    ("event with free places and people waiting", "events with free places and people waiting", _LIST, "room"),
    ("event overfull", "events overfull", _LIST, "overfull"),
    ("event under minimum numbers", "events under minimum numbers", _LIST, "minimum"),
    ("message could not be sent", "messages could not be sent", "messages:list", "failed"),
    ("background job given up", "background jobs given up", "jobs:list", "failed"),
)
IMPORT = "Import a programme workbook"

# Each number opens the programme filtered to what it counts (listing.in_state), so it must be the same; by hand, as the
# ORM writes out each count once for every number that it is part of.
COUNTS = f"""
select
  count(*) filter (where not is_coming and not is_handed_in),
  count(*) filter (where not is_coming and is_handed_in and not is_closed),
  (select count(distinct b.event_id) from bookings_correction c join bookings_booking b on b.id = c.booking_id
    where c.closed_at is not null and c.settled_at is null),
  (select count(*) from people_joining where decided_at is null),
  (select count(*) from bookings_approval a join bookings_booking b on b.id = a.booking_id
    where a.decided_at is null and a.remind_at <= %(now)s and b.delegate_id <> %(person)s),
  count(*) filter (where is_coming and held < places and waiting > 0),
  count(*) filter (where is_coming and held > places),
  count(*) filter (where is_coming and held < minimum),
  (select count(*) from outbox_message where state = 'failed'),
  (select count(*) from outbox_job where state = 'failed'),
  (select exists (select from training_event))
from (
  select
    e.places, e.minimum, e.ends_at > %(now)s as is_coming, held, waiting,
    not exists (select from training_session s left join bookings_register r on r.session_id = s.id
      where s.event_id = e.id and r.handed_in_at is null) as is_handed_in,
    not exists (select from training_session s left join bookings_register r on r.session_id = s.id
      where s.event_id = e.id and r.closed_at is null) as is_closed
  from training_event e
  cross join lateral ({counts.CLAIMS} and e.ends_at > %(now)s) as claims
  where e.state = 'published' and e.ends_at is not null
) as events
"""  # noqa: S608  # our own words


def to_do(person: Person, now: datetime) -> Iterator[Section]:
    """For coordinators: how many registers, waiting lists, messages and jobs want something done."""
    if not may(person, Right.CHANGE_PROGRAMME):
        return
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"now": now, "person": person.pk})
        *counts, has_events = cursor.fetchone()
    if not has_events:
        yield Section(
            "The programme is empty",
            empty="The partnership’s programme workbook brings its agencies, courses, events and bookings.",
            links=((IMPORT, reverse("imports:upload")),),
        )
        if not any(counts):
            return
    figures = tuple(
        Figure(one if count == 1 else several, count, _filtered(view, state))
        for count, (one, several, view, state) in zip(counts, TO_DO, strict=True)
        if count
    )
    yield Section("To do", figures=figures, empty="No register, waiting list or message needs you.")
    if any(figure.href == _filtered("messages:list", "failed") for figure in figures):
        yield from messages.unreached(person, now)


def _filtered(view: str, state: str) -> str:
    asked = {"state": state} | ({"year": "all"} if view == _LIST else {})
    return f"{reverse(view)}?{urlencode(asked)}"


def dates(person: Person, now: datetime) -> Iterator[Section]:
    """For coordinators today and what comes; for trainers their dates, those first whose register waits for them."""
    sees_all = may(person, Right.CHANGE_PROGRAMME)
    begins = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    ends = begins + timedelta(days=1)
    ahead = Q(starts_at__lt=ends + AHEAD, ends_at__gte=begins)
    undecided = Q(starts_at__gt=now, decide_on__lt=(ends + AHEAD).date())
    events = _dates(person, now, ahead | undecided if sees_all else Q(pk=None))
    today = [event for event in events if event.starts_at < ends and event.ends_at >= begins]
    if sees_all:
        items = tuple(_today(event, now) for event in today)
        yield Section("Today", items=items, empty=f"No event takes place today, {formats.full_date(now)}.")
        yield from _undecided(events, now)
        yield from _ahead([event for event in events if ends <= event.starts_at < ends + AHEAD], ends + SOON)
    to_mark = [event for event in events if event.is_own and (event in today or event.is_over(now))]
    if to_mark:
        items = tuple(_register(event, _TODAY if event in today else _tag(event)) for event in to_mark)
        yield Section("Your registers to mark and hand in", items=items)
    coming = [event for event in events if event.is_own and event not in to_mark]
    if coming:
        items = tuple(_dated(one) for one in coming[:NEXT])
        mine = (("All your dates, and days on which you cannot train", reverse("trainers:mine")),)
        yield Section("Your next dates as a trainer", items=items, links=mine)


def _undecided(events: list[Any], now: datetime) -> Iterator[Section]:
    """What is under its minimum numbers, first what is to be decided first."""
    short = sorted((one for one in events if listing.is_under_minimum(one, now)), key=lambda one: one.decide_on)
    if short:
        yield Section("Under minimum numbers: decide whether they take place", items=tuple(map(_to_decide, short)))


def _to_decide(event: Any) -> Item:
    when = formats.full_moment(event.starts_at)
    note = f"Decide by {formats.full_date(event.decide_on)}: {event.held} of at least {event.minimum} booked. {when}"
    return Item(event.course.title, reverse("events:event", args=[event.reference]), note)


def _ahead(coming: list[Any], until: datetime) -> Iterator[Section]:
    """What begins before until, and of all of it what has few bookings."""
    soon = tuple(_dated(event) for event in coming if event.starts_at < until)
    few = tuple(_dated(event) for event in coming if event.held * 2 < event.places)
    later = f" The next one is on {formats.full_date(coming[0].starts_at)}." if coming else ""
    yield Section(
        "The next 7 days",
        items=soon,
        empty=f"No event takes place in the next 7 days.{later}",
        links=(("All that is coming", _filtered(_LIST, "coming")),),
    )
    if few:
        yield Section("Fewer than half booked, in the next 4 weeks", items=few)


def _today(event: Any, now: datetime) -> Item:
    item = _item(event, _hours(event), _tag(event))
    is_due = not event.is_handed_in and not event.is_over(now)  # later its tag says so
    return replace(item, note=f"{item.note}. Register due today") if is_due else item


def _dated(event: Any) -> Item:
    return _item(event, formats.full_moment(event.starts_at), _tag(event))


def _dates(person: Person, now: datetime, today: Q) -> list[Any]:
    """What the person trains and is coming or not handed in, and what else is asked for. In one query."""
    own = Q(pk__in=Event.objects.all().given_by(person).values("pk"))
    sessions = Session.objects.filter(event=OuterRef("pk")).order_by().values("event").annotate(n=Count("pk"))
    handed_in = sessions.filter(register__handed_in_at__isnull=False)
    return list(
        listing.counted(Event.objects.filter(own | today, state=Event.State.PUBLISHED))
        .annotate(
            is_own=ExpressionWrapper(own, BooleanField()),
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

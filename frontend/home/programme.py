"""Home sections about the programme: a coordinator's day, and a trainer's dates."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from frontend import formats
from frontend.home.sections import Figure, Item, Section
from frontend.programme import listing
from outbox.models import Job, Message, Work
from people.models import Person
from people.permissions import Right, may
from training.models import Event, Session

# More than these nobody looks through.
MOST, NEXT = 30, 10

TO_DO = {
    "hand-in": ("register to hand in", "registers to hand in"),
    "close": ("register to close", "registers to close"),
    "room": ("event with free places and people waiting", "events with free places and people waiting"),
    "overfull": ("event overfull", "events overfull"),
}
GIVEN_UP = {
    "message": ("message could not be sent", "messages could not be sent"),
    "job": ("background job given up", "background jobs given up"),
}
IMPORT = "script/manage import_programme"


def to_do(person: Person, now: datetime) -> Iterator[Section]:
    """For coordinators: how many registers, waiting lists, messages and jobs want something done."""
    if not may(person, Right.CHANGE_PROGRAMME):
        return
    counts = _counts(now)
    if not counts.keys() & listing.STANDINGS.keys():
        yield Section(
            "The programme is empty",
            empty=f"Import the partnership’s programme workbook first: type {IMPORT} and the name of its file.",
        )
        return
    programme = reverse("programme:list")
    figures = [
        Figure(words[counts[key] > 1], counts[key], f"{programme}?{urlencode({'state': key, 'year': 'all'})}")
        for key, words in TO_DO.items()
        if counts.get(key)
    ]
    figures += [Figure(words[counts[key] > 1], counts[key]) for key, words in GIVEN_UP.items() if counts.get(key)]
    yield Section("To do", figures=tuple(figures), empty="No register, waiting list or message needs you.")


def _counts(now: datetime) -> dict[str, int]:
    """Events by standing, and messages and jobs given up, in one query."""
    standings = listing.counted(Event.objects.order_by(), now).values("standing").annotate(number=Count("pk"))
    rows = standings.values_list("standing", "number").union(
        *[_given_up(model.objects.order_by(), kind) for kind, model in (("message", Message), ("job", Job))], all=True
    )
    return dict(rows)


def _given_up(work: QuerySet[Any], kind: str) -> QuerySet[Any, Any]:
    failed = work.filter(state=Work.State.FAILED).annotate(work_kind=Value(kind, output_field=TextField()))
    counts: QuerySet[Any, Any] = (
        failed.values("work_kind").annotate(number=Count("pk")).values_list("work_kind", "number")
    )
    return counts


def dates(person: Person, now: datetime) -> Iterator[Section]:
    """The events of today for coordinators; for trainers their dates, those first whose register waits for them."""
    sees_all = may(person, Right.CHANGE_PROGRAMME)
    begins = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    today = Q(starts_at__lt=begins + timedelta(days=1), ends_at__gte=begins)
    events = _dates(person, now, today, everyones=sees_all)
    if sees_all:
        here = tuple(_item(event, _hours(event), _tag(event)) for event in events if event.is_today)
        yield Section("Today", items=here, empty=f"No event takes place today, {formats.full_date(now)}.")
    own = [event for event in events if event.is_own]
    to_mark = [event for event in own if event.is_today or event.standing == "hand-in"]
    if to_mark:
        items = tuple(
            _item(
                one, formats.full_moment(one.starts_at), ("Today", "blue") if one.is_today else _tag(one), register=True
            )
            for one in to_mark
        )
        yield Section("Your registers to mark and hand in", items=items)
    coming = [event for event in own if not event.is_today and event.standing in listing.COMING]
    if coming:
        items = tuple(_item(one, formats.full_moment(one.starts_at), _tag(one)) for one in coming[:NEXT])
        yield Section("Your next dates as a trainer", items=items)


def _dates(person: Person, now: datetime, today: Q, *, everyones: bool) -> list[Any]:
    """What the person trains and is not handed in; everyones: and all events of today. In one query."""
    trained = Q(pk__in=Event.objects.all().given_by(person).values("pk"))
    handed_in = Session.objects.filter(event=OuterRef("pk"), register__handed_in_at__isnull=False).order_by()
    numbers = handed_in.values("event").annotate(number=Count("pk")).values("number")
    events = (
        listing.counted(
            Event.objects.filter(trained | today if everyones else trained, state=Event.State.PUBLISHED), now
        )
        .annotate(
            is_own=ExpressionWrapper(trained, BooleanField()),
            is_today=ExpressionWrapper(today, BooleanField()),
            handed_in=Coalesce(Subquery(numbers, output_field=IntegerField()), Value(0)),
            sessions_in_all=Count("sessions"),
        )
        .filter(Q(standing__in=[*listing.COMING, "hand-in"]) | Q(is_today=True))
    )
    return list(events.order_by("starts_at", "id")[:MOST])


def _item(event: Any, when: str, tag: tuple[str, str] | None, *, register: bool = False) -> Item:
    """register: the link opens the first register that is not handed in."""
    number = min(event.handed_in + 1, event.sessions_in_all)
    href = (
        reverse("registers:register", args=[event.reference, number])
        if register
        else reverse("events:event", args=[event.reference])
    )
    where = f", {event.venue_name}" if event.venue_name else ""
    return Item(event.course.title, href, f"{when}{where}. {event.held} of {event.places} places held", tag)


def _hours(event: Event) -> str:
    return (
        f"{formats.clock(event.starts_at)} to {formats.clock(event.ends_at)}"
        if event.starts_at and event.ends_at
        else ""
    )


def _tag(event: Any) -> tuple[str, str] | None:
    """Where it stands; that it simply comes needs no tag."""
    return None if event.standing == "coming" else listing.STANDINGS[event.standing]

"""Home section of what needs a coordinator: one list, each line a link to the act, the most urgent first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from bookings.models.make_up import LOST_FOR
from frontend.formats import clock, full_date, full_moment, plural
from frontend.home import messages
from frontend.home.sections import Item, Section
from frontend.home.to_do_sql import TO_DO, Found
from frontend.outbox import words
from people.models import Person
from people.permissions import Right, may
from training.models import Event
from training.moments import until

# Of each kind so many are named; the rest is in its list.
MOST = 5
# Reserved places without names are shown when they end within so many days: until then it is their agency's affair.
SOON = timedelta(days=3)
TODAY = ("Today", "red")
IMPORT = "Import a programme workbook"
_LIST = "programme:list"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing to do: how one is said, and the list of all of them."""

    item: Callable[[Found], Item]
    one: str
    several: str
    view: str
    state: str = ""
    # How long before its moment it is for today; None: its moment is since when, and it waits until somebody has time.
    notice: timedelta | None = None

    @property
    def href(self) -> str:
        asked = {"state": self.state} | ({"year": "all"} if self.view == _LIST else {})
        return f"{reverse(self.view)}?{urlencode(asked)}" if self.state else reverse(self.view)


def to_do(person: Person, now: datetime) -> Iterator[Section]:
    """For coordinators: what is for today, then what waits since a moment, then what has time; each kind by kind."""
    if not may(person, Right.CHANGE_PROGRAMME):
        return
    tomorrow = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    rows = _found(person, now, tomorrow)
    kinds, found = {one.kind for one in rows}, [one for one in rows if one.kind in KINDS]
    if "no event" in kinds:
        yield Section(
            "The programme is empty",
            empty="The partnership’s programme workbook brings its agencies, courses, events and bookings.",
            links=((IMPORT, reverse("imports:upload")),),
        )
        if not found:
            return
    if "a failure" in kinds:
        found = messages.unreached(now, MOST) + found
    yield Section("To do", items=tuple(_items(found, tomorrow)), empty="Nothing needs you now.", is_wide=True)


def _found(person: Person, now: datetime, tomorrow: datetime) -> list[Found]:
    asked: dict[str, Any] = {
        "now": now,
        "tomorrow": tomorrow,
        "soon": tomorrow + SOON,
        "zone": settings.TIME_ZONE,
        "person": person.pk,
        "most": MOST,
        "lost_for": LOST_FOR,
    }
    with connection.cursor() as cursor:
        cursor.execute(TO_DO, asked)
        return [Found._make(row) for row in cursor.fetchall()]


def _items(found: list[Found], tomorrow: datetime) -> Iterator[Item]:
    """The lines in their order; behind the last of a kind how many more there are."""
    today: list[Found] = []
    waits: list[Found] = []
    ahead: list[Found] = []
    for one in found:
        notice = KINDS[one.kind].notice
        (waits if notice is None else ahead if one.at - notice >= tomorrow else today).append(one)
    ordered = [*((one, TODAY) for one in today), *((one, None) for one in (*waits, *ahead))]
    last = {one.kind: number for number, (one, _) in enumerate(ordered)}
    for number, (one, tag) in enumerate(ordered):
        kind = KINDS[one.kind]
        yield replace(kind.item(one), tag=tag)
        more = one.total - MOST
        if more > 0 and last[one.kind] == number:
            yield Item(f"and {plural(more, f'more {kind.one}', f'more {kind.several}')}", kind.href)


def _cancelling(one: Found) -> Item:
    return Item(
        f"Last chance to keep {one.course}",
        reverse("events:event", args=[one.reference]),
        f"It will be cancelled at {clock(one.at)}, and its people told. {_begins(one)}",
    )


def _minimum(one: Found) -> Item:
    return Item(
        f"Decide whether {one.course} takes place",
        reverse("events:event", args=[one.reference]),
        f"Decide by {full_date(one.at)}: {one.number} of at least {one.of} booked. {_begins(one)}",
    )


def _tentative(one: Found) -> Item:
    placed = plural(one.number, "person has", "people have") if one.number else "Nobody has"
    held = " Messages about places wait for you." if one.other == Event.Certainty.HELD else ""
    return Item(
        f"Confirm the date of {one.course}, or change it",
        reverse("events:date", args=[one.reference]),
        f"{placed} a place.{held} {_begins(one)}",
    )


def _trainers(one: Found) -> Item:
    missing = one.of - one.number
    declined = f" Declined: {one.who}." if one.who else ""
    return Item(
        f"Find {'a trainer' if missing == 1 else f'{missing} trainers'} for {one.course}",
        reverse("events:trainers", args=[one.reference]),
        f"{one.number} of {plural(one.of, 'trainer')} so far.{declined} {_begins(one)}",
    )


def _unanswered(one: Found) -> Item:
    return Item(
        f"Ring {one.who} about giving {one.course}",
        reverse("events:trainers", args=[one.reference]),
        f"Asked and reminded, and not answered. {_begins(one)}",
    )


def _volunteers(one: Found) -> Item:
    return Item(
        f"Answer {one.who}, who would give {one.course}",
        reverse("events:trainers", args=[one.reference]),
        _begins(one),
    )


def _unreached(one: Found) -> Item:
    return Item(
        f"Ring {one.who}: our messages do not arrive",
        reverse("people:person", args=[one.reference]),
        f"{one.other}: {one.course}. {_begins(one)}",
    )


def _need(one: Found) -> Item:
    return Item(
        f"Arrange what {plural(one.number, 'delegate needs', 'delegates need')} on {one.course}",
        reverse("events:needs", args=[one.reference]),
        _begins(one),
    )


def _offer(one: Found) -> Item:
    return Item(
        f"Ring {one.who} about a place on {one.course}",
        reverse("offers:offer", args=[one.reference]),
        f"Held until {until(one.at)}, and not answered. {_begins(one)}",
    )


def _approval(one: Found) -> Item:
    return Item(
        f"Help along {one.who}’s request for {one.course}",
        reverse("approvals:decide", args=[one.reference]),
        f"{one.other or 'Nobody by name'} was asked and reminded. It ends at {until(one.at)}",
    )


def _reserved(one: Found) -> Item:
    return Item(
        f"Ask {one.who} for names on {one.course}",
        reverse("agency_bookings:reserve", args=[one.reference]) + f"?of={one.other}",
        f"{plural(one.number, 'place')} to name by {until(one.at)}",
    )


def _room(one: Found) -> Item:
    return Item(
        f"Give free places on {one.course} to who waits",
        reverse("events:event", args=[one.reference]) + "#waiting",
        f"{plural(one.number, 'place')} free, {one.of} waiting. {_begins(one)}",
    )


def _overfull(one: Found) -> Item:
    return Item(
        f"Find room for everyone on {one.course}",
        reverse("events:places", args=[one.reference]),
        f"{one.number} hold one of {plural(one.of, 'place')}. {_begins(one)}",
    )


def _hand_in(one: Found) -> Item:
    mark = reverse("registers:register", args=[one.reference, one.number])
    note = f"Not handed in, and over since {full_moment(one.at)}"
    if not one.who:
        return Item(f"Mark the register of {one.course}", mark, f"{note}. Its trainer has no email address here")
    ask = f"{reverse('events:message', args=[one.reference])}?to=trainers"
    return Item(f"Ask {one.who} for the register of {one.course}", ask, note, links=(("Mark it from paper", mark),))


def _close(one: Found) -> Item:
    return Item(
        f"Close the register of {one.course}",
        reverse("registers:close", args=[one.reference]),
        f"Of {full_date(one.begins) if one.begins else ''}, handed in on {full_moment(one.at)}",
    )


def _corrected(one: Found) -> Item:
    return Item(
        f"Tell {plural(one.number, 'delegate')} that the register of {one.course} was put right",
        reverse("registers:corrections", args=[one.reference]),
        f"Of {full_date(one.begins) if one.begins else ''}, closed again on {full_moment(one.at)}",
    )


def _made_up(one: Found) -> Item:
    return Item(
        f"Arrange anew where {one.who} makes up a session of {one.course}",
        reverse("bookings:make_up", args=[one.reference]),
        f"They missed the one of {full_date(one.begins) if one.begins else ''}. The other date fell away on "
        f"{full_moment(one.at)}",
    )


def _joining(one: Found) -> Item:
    return Item(
        f"Let {one.who} in, or decline",
        reverse("joining:decide", args=[one.reference]),
        f"Says that they work for {one.other}. Waiting since {full_moment(one.at)}",
    )


def _message(one: Found) -> Item:
    return Item(
        f"Put right what did not reach {one.who}",
        f"{KINDS['message'].href}&{urlencode({'q': one.who})}",
        f"{plural(one.number, 'message')} given up, last on {full_moment(one.at)}",
    )


def _job(one: Found) -> Item:
    return Item(
        f"Try again: {words.kind(one.other)}",
        reverse("jobs:job", args=[one.reference]),
        f"Background work given up on {full_moment(one.at)}",
    )


def _begins(one: Found) -> str:
    return f"It begins on {full_moment(one.begins)}" if one.begins else "It has no date yet"


# The most urgent first; so is the statement ordered, which the unreached come before.
_NOW, _DAYS, _WEEK = timedelta(), timedelta(days=2), timedelta(days=7)
KINDS = {
    "unreached": Kind(_unreached, "delegate", "delegates", "messages:undeliverable", notice=_DAYS),
    "cancelling": Kind(
        _cancelling, "event about to be cancelled", "events about to be cancelled", _LIST, "cancelling", _NOW
    ),
    "minimum": Kind(_minimum, "event under minimum numbers", "events under minimum numbers", _LIST, "minimum", _NOW),
    "tentative": Kind(
        _tentative, "date that is not sure", "dates that are not sure", _LIST, "tentative", notice=2 * _WEEK
    ),
    "trainers": Kind(
        _trainers, "event that lacks trainers", "events that lack trainers", _LIST, "trainers", notice=_WEEK
    ),
    "unanswered": Kind(
        _unanswered, "event whose trainers do not answer", "events whose trainers do not answer", _LIST, "unanswered",
        notice=_WEEK,
    ),
    "volunteers": Kind(
        _volunteers, "event that trainers offer to give", "events that trainers offer to give", _LIST, "offers",
        notice=_WEEK,
    ),
    "offer": Kind(_offer, "offer that ends today", "offers that end today", "bookings:list", "offered", _NOW),
    "approval": Kind(_approval, "approval stuck", "approvals stuck", "approvals:list", "stuck", _NOW),
    "reserved": Kind(_reserved, "reservation", "reservations", _LIST, "reserved", _NOW),
    "room": Kind(
        _room, "event with free places and people waiting", "events with free places and people waiting", _LIST, "room"
    ),
    "overfull": Kind(_overfull, "event overfull", "events overfull", _LIST, "overfull"),
    "hand-in": Kind(_hand_in, "register to hand in", "registers to hand in", _LIST, "hand-in"),
    "close": Kind(_close, "register to close", "registers to close", _LIST, "close"),
    "need": Kind(
        _need, "event with needs to arrange", "events with needs to arrange", "events:needs_coming", notice=_WEEK
    ),
    "corrected": Kind(
        _corrected, "register put right", "registers put right", _LIST, "corrected"
    ),
    "made-up": Kind(
        _made_up, "session to be made up again", "sessions to be made up again", "bookings:list", "to-make-up"
    ),
    "joining": Kind(_joining, "person who wants to join", "people who want to join", "joining:requests", "waiting"),
    "message": Kind(
        _message, "address that messages did not reach", "addresses that messages did not reach", "messages:list",
        "failed",
    ),
    "job": Kind(_job, "background job given up", "background jobs given up", "jobs:list", "failed"),
}  # fmt: skip

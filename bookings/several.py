"""Booking several people on an event at once: what would become of each, and doing it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db import transaction

from bookings import claims, eligibility, places, reservations
from bookings.eligibility import Standing
from bookings.models import Booking, Reservation
from bookings.refusals import AlreadyBooked, BookingRefused
from bookings.room import Room, queue_of
from people import persons
from people.matching import Circle, Kind, Match
from people.models import Person
from people.permissions import Right, may
from training.models import Event

MOST = 100
# Who it is, where it is nobody we know.
NEW = "new"


@dataclass(slots=True)
class Row:
    """One person of the list on their way to a booking."""

    key: str
    match: Match
    # The reference of who it is, or NEW; empty until somebody chooses.
    who: str
    standings: dict[int, Standing]
    booked: dict[int, str]
    # Whether who books may do so although the course blocks whoever lacks something: coordinators.
    overrides: bool = False
    # The row of the same person before this one.
    twice: "Row | None" = None
    is_taken: bool = False
    # What taking it comes to: one of the agency's reserved places, or a number on the waiting list.
    is_reserved: bool = False
    position: int | None = None

    @property
    def person(self) -> Person | None:
        return next((one for one in self.match.people if one.reference == self.who), None)

    @property
    def standing(self) -> Standing:
        return self.standings.get(self.person.pk, Standing()) if self.person else Standing()

    @property
    def booking(self) -> str:
        """The reference of the live booking that they have on the event."""
        return self.booked.get(self.person.pk, "") if self.person else ""

    @property
    def can_be(self) -> bool:
        """Whether it can be booked as far as is seen now."""
        if self.match.kind not in (Kind.KNOWN, Kind.NEW, Kind.UNSURE):
            return False
        return not (self.twice or self.booking or self.is_blocked)

    @property
    def is_blocked(self) -> bool:
        return self.standing.is_blocked and not self.overrides

    @property
    def is_likely(self) -> bool:
        """Whether it is meant without asking: who is known, or new with an address, and has nothing else just then."""
        is_sure = self.match.kind == Kind.KNOWN or (self.match.kind == Kind.NEW and bool(self.match.entry.email))
        return is_sure and self.can_be and not (self.standing.clashes or self.standing.is_blocked)

    @property
    def said(self) -> str:
        """Who it is, or what was written."""
        entry = self.match.entry
        return self.person.name if self.person else entry.name or entry.email or entry.text

    @property
    def is_undecided(self) -> bool:
        return self.is_taken and not self.who


@dataclass(frozen=True, slots=True)
class Plan:
    """What would become of a list."""

    rows: list[Row]
    # Places of the agency's that have no name yet.
    reserved: int

    @classmethod
    def of(
        cls,
        event: Event,
        circle: Circle,
        matches: Sequence[Match],
        by: Person,
        who: dict[str, str],
        taken: Iterable[str] | None,
    ) -> Self:
        """who: by key what was chosen; taken: the keys to book, None for those that are likely.

        In as many statements for one line as for a hundred.
        """
        people = [person for match in matches for person in match.people]
        standings = eligibility.standing(event, people)
        live = event.bookings.live().filter(delegate__in=people)
        overrides = may(by, Right.CHANGE_BOOKINGS)
        booked = dict(live.values_list("delegate", "reference"))
        rows = [
            Row(str(number), match, _chosen(match, who.get(str(number), "")), standings, booked, overrides)
            for number, match in enumerate(matches)
        ]
        _mark_twice(rows)
        for row in rows:
            row.is_taken = row.can_be and (row.is_likely if taken is None else row.key in taken)
        reserved = _reservation(event, circle)
        plan = cls(rows, reserved.places if reserved else 0)
        plan._share_out(event, circle)
        return plan

    @property
    def taken(self) -> list[Row]:
        return [row for row in self.rows if row.is_taken]

    @property
    def waiting(self) -> list[Row]:
        """Of those taken, who has no place."""
        return [row for row in self.taken if row.position]

    @property
    def undecided(self) -> list[Row]:
        return [row for row in self.rows if row.is_undecided]

    def meant(self, taken: Iterable[str]) -> list[Row]:
        """The rows of these keys, each person once; who has a booking by now too, as it may come from this list."""
        keys = set(taken)
        return [row for row in self.rows if row.key in keys and not row.twice]

    def _share_out(self, event: Event, circle: Circle) -> None:
        """Places as book() gives them: reserved ones, then free ones that nobody before them waits for."""
        waiting, reserved = queue_of(event), self.reserved
        room, position = Room.of(event), len(waiting)
        room.give_each(waiting)
        for row in self.taken:
            agency = row.person.agency if row.person else circle.agency
            if reserved:
                reserved, row.is_reserved = reserved - 1, True
            elif agency and not room.has_given(agency.pk, agency.type):
                position += 1
                row.position = position


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a row: a booking, or why there is none."""

    row: Row
    booking: Booking | None
    why: str = ""


def book(
    *, event: Event, circle: Circle, rows: Iterable[Row], by: Person, since: datetime, allows: Callable[[Person], bool]
) -> list[Result]:
    """Book each, in their order, and who cannot be is told why; each in a transaction of their own.

    Whom the same person has booked since then is not refused: it was the second click, or another window. allows says
    of each whether they may be booked. The agency's reserved places are named first.
    """
    return [_booked(event, circle, row, by, since, allows) for row in rows]


def _booked(
    event: Event, circle: Circle, row: Row, by: Person, since: datetime, allows: Callable[[Person], bool]
) -> Result:
    delegate = row.person
    if not row.who:
        return Result(row, None, "What is known of them has changed just now. Check the list again.")
    try:
        with transaction.atomic():
            delegate = delegate or _new(row, circle)
            if not allows(delegate):
                raise BookingRefused(f"{delegate} is not for you to book.")
            return Result(row, _place(event, circle, delegate, by))
    except AlreadyBooked as refusal:
        again = event.bookings.live().filter(delegate=delegate, booked_by=by, booked_at__gte=since).first()
        return Result(row, again, "" if again else str(refusal))
    except BookingRefused as refusal:
        return Result(row, None, str(refusal))


def _new(row: Row, circle: Circle) -> Person:
    """Who is in the list and not among our people. Rolled back with the booking that is refused."""
    entry = row.match.entry
    if circle.agency is None:
        raise BookingRefused(f"{entry.name} is not among your staff.")
    person = persons.find_or_add(name=entry.name, agency=circle.agency, email=entry.email)
    if not circle.includes(person):
        raise BookingRefused(
            f"{entry.name} is recorded under another agency. Ask the training team to put that right first."
        )
    return person


def _place(event: Event, circle: Circle, delegate: Person, by: Person) -> Booking:
    event = claims.lock(event)
    reservation = _reservation(event, circle)
    if reservation and reservation.places:
        return reservations.name(reservation=reservation, delegate=delegate, by=by)
    return places.book(event=event, delegate=delegate, by=by)


def _reservation(event: Event, circle: Circle) -> Reservation | None:
    """The agency's own, while it can be named."""
    if circle.agency is None:
        return None
    return reservations.of(event, circle.agency)


def _chosen(match: Match, asked: str) -> str:
    """Who it is: where there is one answer that, else the one that was given if it is one of them."""
    if match.kind == Kind.KNOWN:
        return match.people[0].reference
    if match.kind == Kind.NEW:
        return NEW
    offered = {person.reference for person in match.people} | ({NEW} if match.may_be_new else set())
    return asked if match.kind == Kind.UNSURE and asked in offered else ""


def _mark_twice(rows: Iterable[Row]) -> None:
    first: dict[object, Row] = {}
    for row in rows:
        if row.person:
            whom: object = row.person.pk
        elif row.who == NEW:
            whom = (row.match.entry.key, row.match.entry.email)
        else:
            continue
        earlier = first.setdefault(whom, row)
        row.twice = None if earlier is row else earlier

"""What an event's page shows to the person who opens it: the public facts to everyone, names to who may see them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from bookings.models import Booking, Need
from bookings.permissions import may_open
from frontend.bookings import rows
from people.models import Person
from training.models import Course, Event, Workshop

State = Booking.State
COMING = (State.CONFIRMED, State.OFFERED, State.REQUESTED)


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session with who trains it and where its register is."""

    number: int
    starts_at: datetime
    ends_at: datetime
    room: str
    # How many the room holds; None: not known.
    capacity: int | None
    trainers: list[str]
    trainer_persons: list[int]
    marked: int
    # How many make up a session of another event here.
    made_up: int
    handed_in_at: datetime | None
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether its day has come."""
        return timezone.localdate(self.starts_at) <= timezone.localdate()

    @property
    def standing(self) -> tuple[str, str]:
        """Where its register is, as the word and the colour of a tag."""
        if self.closed_at:
            return "Closed", "green"
        if self.handed_in_at:
            return "Handed in, to close", "yellow"
        if self.ends_at <= timezone.now():
            return "To hand in", "yellow"
        return ("Open", "blue") if self.is_open else ("Not yet", "grey")


def sessions_of(event: Event) -> list[SessionRow]:
    """The event's sessions in the order of time, numbered from 1, in one query."""
    trainer = Q(trainers__trainer__isnull=False)
    sessions = (
        event.sessions.select_related("room__venue", "register")
        .annotate(
            trainer_names=ArrayAgg(
                "trainers__trainer__name", filter=trainer, distinct=True, default=[], order_by="trainers__trainer__name"
            ),
            trainer_persons=ArrayAgg(
                "trainers__trainer__person",
                filter=Q(trainers__trainer__person__isnull=False),
                distinct=True,
                default=[],
            ),
            marked=Count("marks", distinct=True),
            made_up=Count("make_ups", filter=Q(make_ups__ended_at=None), distinct=True),
        )
        .order_by("starts_at", "id")
    )
    found = []
    for number, session in enumerate(sessions, 1):
        register = getattr(session, "register", None)
        found.append(
            SessionRow(
                number=number,
                starts_at=session.starts_at,
                ends_at=session.ends_at,
                room=str(session.room) if session.room else "",
                capacity=session.room.capacity if session.room else None,
                trainers=session.trainer_names,
                trainer_persons=session.trainer_persons,
                marked=session.marked,
                made_up=session.made_up,
                handed_in_at=register.handed_in_at if register else None,
                closed_at=register.closed_at if register else None,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class BookingRow:
    """A booking with what the person can do about it."""

    booking: Booking
    actions: list[rows.Action]
    # Whether its own page is the person's to open: a trainer sees names and agencies only.
    opens: bool


@dataclass(frozen=True, slots=True)
class EventPage:
    """What is shown of an event: four queries at most, however many are booked."""

    sessions: list[SessionRow]
    workshops: list[Workshop]
    # Of the bookings, those that the person sees.
    # Offered and awaiting approval among them.
    booked: list[BookingRow]
    waiting: list[BookingRow]
    cancelled: list[BookingRow]
    is_trainer: bool
    own: Booking | None
    # Of how many who come something is noted that they need, and of how many of them it is to be arranged.
    needs: int
    to_arrange: int
    # For interpreters and support workers; and the rooms that do not hold them beside everyone who has a place.
    chairs: int
    crowded: list[str]

    @property
    def names_others(self) -> bool:
        """Whether the person sees bookings of others here."""
        seen = (*self.booked, *self.waiting, *self.cancelled)
        return any(row.booking is not self.own for row in seen)


def page_of(event: Event, person: Person, behind: str = "") -> EventPage:
    """The page of an event that is visible to the person. behind: after the address of what is done with a booking."""
    sessions = sessions_of(event)
    bookings: list[Any] = list(_bookings(event, person))
    coming = [one for one in bookings if one.state in COMING]
    chairs = sum(one.chairs or 0 for one in coming)
    return EventPage(
        sessions=sessions,
        workshops=list(_workshops(event)) if event.course.delivery == Course.Delivery.CONFERENCE else [],
        booked=_rows(bookings, COMING, person, behind),
        waiting=sorted(
            _rows(bookings, (State.WAITING,), person, behind), key=lambda row: (row.booking.booked_at, row.booking.pk)
        ),
        cancelled=_rows(bookings, (State.CANCELLED,), person, behind),
        is_trainer=any(person.pk in session.trainer_persons for session in sessions),
        own=next((one for one in bookings if one.delegate_id == person.pk and one.state != State.CANCELLED), None),
        needs=sum(one.has_need for one in coming),
        to_arrange=sum(one.is_to_arrange for one in coming),
        chairs=chairs,
        crowded=sorted(
            {one.room for one in sessions if chairs and one.capacity and event.places + chairs > one.capacity}
        ),
    )


def _bookings(event: Event, person: Person) -> QuerySet[Booking]:
    bookings = rows.with_request(rows.with_position(event.bookings.visible_to(person)))
    need = Need.objects.filter(booking=OuterRef("pk"))
    bookings = bookings.annotate(
        has_need=Exists(need),
        is_to_arrange=Exists(need.to_arrange()),
        chairs=Subquery(need.arranged().values("chairs")),
    )
    return bookings.select_related("delegate", "agency").order_by("delegate__sort_name", "booked_at", "id")


def _rows(bookings: list[Booking], states: Collection[str], person: Person, behind: str) -> list[BookingRow]:
    return [
        BookingRow(booking, rows.actions(booking, person, behind), may_open(person, booking))
        for booking in bookings
        if booking.state in states
    ]


def _workshops(event: Event) -> QuerySet[Workshop]:
    chosen = Q(choices__booking__in=Booking.objects.holding_a_place())
    return event.workshops.annotate(chosen=Count("choices", filter=chosen))

"""What an event's page shows to the person who opens it: the public facts to everyone, names to who may see them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from bookings import making_up, restoring, workshop_choices
from bookings.models import Booking, Need, Offer, WorkshopChoice
from bookings.permissions import may_bring_back, may_give_places, may_open
from bookings.room import Room, Why
from frontend.bookings import rows
from frontend.outbox.messages import addresses_given_up
from people import persons
from people.models import Person
from people.permissions import Right, may
from training.models import Course, Event, Workshop

State = Booking.State
COMING = (State.CONFIRMED, State.OFFERED, State.REQUESTED)
# What stands between who waits and a place, as a coordinator who may give one has to know it.
WAITS_FOR = {
    None: "A place is free for them",
    Why.FULL: "No place is free",
    Why.KEPT: "What is free is kept for other agencies",
    Why.CAPPED: "Their agency has its most here: {cap}",
    Why.WORKSHOP_FULL: "A place is free, and a workshop of theirs is full",
}


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session with who trains it and where its register is."""

    pk: int
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
                pk=session.pk,
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
    # What it waits for, to who may give places before the event begins.
    waits_for: str = ""
    # Until when the person can bring it back, where it was cancelled just now.
    undo_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class MakeUpRow:
    """A booking of another event whose delegate makes up sessions here, by their numbers."""

    booking: Any
    sessions: list[int]


@dataclass(frozen=True, slots=True)
class EventPage:
    """What is shown of an event: six queries at most, however many are booked."""

    sessions: list[SessionRow]
    workshops: list[Workshop]
    # Of the bookings, those that the person sees.
    # Offered and awaiting approval among them.
    booked: list[BookingRow]
    waiting: list[BookingRow]
    cancelled: list[BookingRow]
    is_trainer: bool
    own: Booking | None
    # Who makes up a session of another event here: a trainer sees their names, too.
    made_up: list[MakeUpRow]
    # Of how many who come something is noted that they need, and of how many of them it is to be arranged.
    needs: int
    to_arrange: int
    # For interpreters and support workers; and the rooms that do not hold them beside everyone who has a place.
    chairs: int
    crowded: list[str]

    @property
    def can_bring_back(self) -> bool:
        return any(row.undo_until for row in self.cancelled)

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
    waiting = sorted((one for one in bookings if one.state == State.WAITING), key=lambda one: (one.booked_at, one.pk))
    is_trainer = any(person.pk in session.trainer_persons for session in sessions)
    made_up = _made_up(event, sessions) if is_trainer or may(person, Right.SEE_BOOKINGS) else []
    coming += [one.booking for one in made_up]
    chairs = sum(one.chairs or 0 for one in coming)
    return EventPage(
        sessions=sessions,
        workshops=list(_workshops(event)) if event.course.delivery == Course.Delivery.CONFERENCE else [],
        booked=_rows(bookings, COMING, person, behind),
        waiting=_rows(waiting, (State.WAITING,), person, behind, _waits_for(event, waiting, person)),
        cancelled=_rows(bookings, (State.CANCELLED,), person, behind),
        is_trainer=is_trainer,
        made_up=made_up,
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
    bookings = restoring.with_undo_until(_with_needs(bookings))
    if may(person, Right.SEE_BOOKINGS):
        bookings = _with_all(bookings)
    return bookings.select_related("delegate", "agency").order_by("delegate__sort_name", "booked_at", "id")


def _with_needs(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    need = Need.objects.filter(booking=OuterRef("pk"))
    return bookings.annotate(
        has_need=Exists(need),
        is_to_arrange=Exists(need.to_arrange()),
        chairs=Subquery(need.arranged().values("chairs")),
    )


def _made_up(event: Event, sessions: list[SessionRow]) -> list[MakeUpRow]:
    """Asked for only where there are some."""
    if not any(one.made_up for one in sessions):
        return []
    numbers = {one.pk: one.number for one in sessions}
    bookings: Any = _with_needs(Booking.objects.making_up_at(event)).annotate(
        mailbox=persons.mailbox("delegate"),
        here=making_up.sessions_at(event),
    )
    rows = bookings.select_related("delegate", "agency", "event").order_by("delegate__sort_name", "pk")
    return [MakeUpRow(one, sorted(numbers[key] for key in one.here)) for one in rows]


def _with_all(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """With what coordinators see of each beside: workshop_titles, chosen, offered_until, mailbox, is_unreached."""
    given_up = addresses_given_up().order_by().values("to")
    choices = WorkshopChoice.objects.filter(booking=OuterRef("pk")).values("workshop")
    return workshop_choices.with_titles(bookings).annotate(
        chosen=ArraySubquery(choices),
        offered_until=Subquery(Offer.objects.filter(booking=OuterRef("pk"), ended_at=None).values("ends_at")),
        mailbox=persons.mailbox("delegate"),
        is_unreached=ExpressionWrapper(Q(mailbox__in=given_up), output_field=BooleanField()),
    )


def _waits_for(event: Event, waiting: list[Any], person: Person) -> dict[int, str]:
    """By booking what each of those who wait, in their order, waits for when all before them have had their share."""
    if not (waiting and may_give_places(person)) or event.has_begun():
        return {}
    room = Room.of(event)
    found = {}
    for one in waiting:
        whose = one.agency_id, one.agency.type, one.chosen
        why = room.refusal(*whose)
        found[one.pk] = WAITS_FOR[why].format(cap=room.cap)
        if why is None:
            room.give(*whose)
    return found


def _rows(
    bookings: list[Any],
    states: Collection[str],
    person: Person,
    behind: str,
    waits_for: Mapping[int, str] = MappingProxyType({}),
) -> list[BookingRow]:
    return [
        BookingRow(
            booking,
            rows.actions(booking, person, behind),
            may_open(person, booking),
            waits_for.get(booking.pk, ""),
            booking.undo_until if booking.undo_until and may_bring_back(person, booking) else None,
        )
        for booking in bookings
        if booking.state in states
    ]


def _workshops(event: Event) -> QuerySet[Workshop]:
    chosen = Q(choices__booking__in=Booking.objects.holding_a_place())
    return event.workshops.annotate(chosen=Count("choices", filter=chosen))

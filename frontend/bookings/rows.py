"""Bookings as lists and pages show them: the colour of their tag, the place on the waiting list, what can be done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils import timezone

from bookings import absences, permissions
from bookings.models import Approval, Booking, MakeUp
from bookings.models.approval import NOBODY_BY_NAME
from invoicing.models import Charge
from people.models import Person
from training import venues

# By outcome, or by state where there is none yet. The tag's word is the outcome's or the state's own.
TONES: dict[str, str] = {
    Booking.State.WAITING: "purple",
    Booking.State.REQUESTED: "purple",
    Booking.State.OFFERED: "yellow",
    Booking.State.CONFIRMED: "blue",
    Booking.State.CANCELLED: "grey",
    Booking.Outcome.ATTENDED: "green",
    Booking.Outcome.PART_ATTENDED: "teal",
    Booking.Outcome.DID_NOT_ATTEND: "red",
    Booking.Outcome.CANCELLED_IN_TIME: "grey",
    Booking.Outcome.CANCELLED_LATE: "orange",
    Booking.Outcome.SUBSTITUTED_OUT: "grey",
    Booking.Outcome.MOVED_OUT: "grey",
    Booking.Outcome.EVENT_CANCELLED: "grey",
}

# The views of what can be done.
CANCEL, GIVE, SUBSTITUTE = "bookings:cancel", "bookings:give_place", "bookings:substitute"
MOVE, OFFER, REASON = "bookings:move", "offers:offer", "bookings:reason"
# The same in a row, which has less room.
SHORT = {SUBSTITUTE: "Substitute", MOVE: "Move", REASON: "Reason"}


class MadeUp(NamedTuple):
    """When a missed session is made up, and where: empty where nobody knows yet."""

    at: datetime
    where: str


def with_position(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """With position: 1 for the first on the event's waiting list, None for who does not wait."""
    before = Q(booked_at__lt=OuterRef("booked_at")) | Q(booked_at=OuterRef("booked_at"), pk__lte=OuterRef("pk"))
    queue = Booking.objects.waiting().filter(before, event=OuterRef("event"))
    counts = queue.order_by().values("event").annotate(n=Count("*")).values("n")
    return bookings.annotate(
        position=Case(When(state=Booking.State.WAITING, then=Subquery(counts)), output_field=IntegerField())
    )


def with_request(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """With asked_whom, who is to approve it in words, asked_until, and asked_last, when they were asked or reminded.

    All None for who awaits no approval.
    """
    asked = Approval.objects.undecided().filter(booking=OuterRef("pk"))
    text = CharField()
    whom = Coalesce(
        "asked__name", NullIf("email", Value(""), output_field=text), Value(NOBODY_BY_NAME), output_field=text
    )
    return bookings.annotate(
        asked_whom=Subquery(asked.values(whom=whom)[:1]),
        asked_until=Subquery(asked.values("ends_at")[:1]),
        asked_last=Subquery(asked.values(last=Coalesce("reminded_at", "asked_at"))[:1]),
    )


def with_venue(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """With venue_name, that of the first session."""
    return bookings.annotate(venue_name=venues.name_of("event"))


def with_whereabouts(bookings: QuerySet[Booking], person: Person) -> QuerySet[Booking]:
    """With venue_name, and charge, the reference of the latest that the person may see."""
    charges = Charge.objects.visible_to(person).filter(booking=OuterRef("pk")).order_by("-proposed_at", "-pk")
    return with_venue(bookings).annotate(charge=Subquery(charges.values("reference")[:1]))


def with_make_ups(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """With made_up_at and made_up_where: when and where missed sessions are made up, of those that are not over."""
    ahead = MakeUp.objects.live().filter(booking=OuterRef("pk"), session__ends_at__gt=timezone.now())
    ahead = ahead.order_by("session__starts_at", "pk")
    online = Case(When(event__online_link="", then=Value("")), default=Value("online"))
    where = Coalesce("session__room__venue__name", online, output_field=CharField())
    return bookings.annotate(
        made_up_at=ArraySubquery(ahead.values("session__starts_at")),
        made_up_where=ArraySubquery(ahead.values(where=where)),
    )


def make_ups(booking: Any) -> list[MadeUp]:
    """What with_make_ups() found."""
    return list(map(MadeUp, booking.made_up_at, booking.made_up_where))


@dataclass(frozen=True, slots=True)
class Action:
    """A link with words, and whom it is about: said but not shown."""

    text: str
    href: str
    about: str
    short: str


def actions(booking: Booking, person: Person, behind: str = "", *, says_why: bool = False) -> list[Action]:
    """What the person can do with a booking now. Reads its event and delegate; no query. behind: after each address.

    says_why: the page says why the delegate did not come, and leads to where that is corrected.
    """
    whose = "your place" if booking.delegate_id == person.pk else f"{booking.delegate.name}’s place"
    name = booking.delegate.name
    abouts = {GIVE: f"to {name}", SUBSTITUTE: f"for {name}", REASON: f"({name})"}
    return [
        Action(text, reverse(view, args=[booking.reference]) + behind, abouts.get(view, whose), SHORT.get(view, text))
        for text, view in (*(() if says_why else _of_an_absence(booking, person)), *_possible(booking, person))
    ]


def _of_an_absence(booking: Booking, person: Person) -> Iterator[tuple[str, str]]:
    if absences.is_absence(booking) and permissions.may_note_reasons(person):
        yield "Note why they did not come", REASON


def _possible(booking: Booking, person: Person) -> Iterator[tuple[str, str]]:
    if booking.state == Booking.State.CANCELLED or booking.outcome is not None:
        return
    begun, waits = booking.event.has_begun(), booking.state == Booking.State.WAITING
    if booking.state == Booking.State.OFFERED:
        if permissions.may_cancel(person, booking):
            yield "Accept or decline", OFFER
        return
    if waits and not begun and permissions.may_give_places(person):
        yield "Give a place", GIVE
    if booking.state == Booking.State.CONFIRMED and permissions.may_substitute(person, booking):
        yield "Send a substitute", SUBSTITUTE
    if booking.state == Booking.State.CONFIRMED and not begun and permissions.may_cancel(person, booking):
        yield "Move to another date", MOVE
    # Once it has begun only an earlier cancellation can be entered.
    if permissions.may_cancel(person, booking) and (not begun or permissions.may_enter_cancellations(person)):
        is_list = waits and booking.delegate_id == person.pk
        is_request = booking.state == Booking.State.REQUESTED
        yield "Leave the waiting list" if is_list else "Cancel the request" if is_request else "Cancel", CANCEL

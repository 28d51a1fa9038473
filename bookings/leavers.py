"""What becomes of the bookings of somebody who leaves: released, taken over, or kept until a colleague is named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from bookings import places, refusals, restoring
from bookings.cut_off import CancellationCost
from bookings.models import Booking, Departure, Handover, Tariff
from bookings.policies import Terms
from outbox import messages
from people import leaving, persons
from people.models import Agency, Person
from training.models import Event

ASKED = "colleagues_asked"
# Who only waits gives up nothing.
FREE = CancellationCost(free_until=None, tariff=None, steps=())


class What(StrEnum):
    """What becomes of one booking."""

    RELEASE = "release"
    SEND = "send"  # a colleague takes it over
    ASK = "ask"  # the line manager and the agency's lead are asked to send one
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Choice:
    what: What
    # Who takes it over, where somebody does.
    colleague: Person | None = None


@dataclass(frozen=True, slots=True)
class Coming:
    """A booking to come, with what giving it up now costs, and until when that is free."""

    booking: Booking
    late: Tariff | None
    free_until: datetime | None

    @property
    def can_be_taken_over(self) -> bool:
        return self.booking.state == Booking.State.CONFIRMED

    @property
    def can_wait(self) -> bool:
        """Whether the place can be kept for a while without cost."""
        return self.can_be_taken_over and self.late is None and self.booking.event.starts_at is not None

    @property
    def kept_until(self) -> datetime | None:
        """Until when it would be kept for a colleague."""
        return (self.free_until or self.booking.event.starts_at) if self.can_wait else None


def coming(person: Person) -> QuerySet[Booking]:
    """The person's places and waits on events that have not begun, in the order in which events are locked."""
    return coming_of(person).select_related("event__course", "policy", "delegate").order_by("event_id")


def coming_of(delegate: "Person | OuterRef") -> QuerySet[Booking]:
    ahead = Q(event__starts_at__gt=timezone.now()) | Q(event__starts_at=None)
    return Booking.objects.live().filter(ahead, delegate=delegate, outcome=None)


def with_costs(bookings: Sequence[Booking]) -> list[Coming]:
    """What cancelling each costs now, as places.cost_of_cancelling() says, in two statements for all."""
    if not bookings:
        return []
    terms = Terms.load()
    found = []
    for booking in bookings:
        cost = places.cost_under(booking, terms) if booking.placed_at else FREE
        found.append(Coming(booking, cost.tariff, cost.free_until))
    return found


def to_ask(person: Person) -> dict[str, str]:
    """Who may send a colleague, the line manager and the agency's leads: their addresses by their references."""
    others = persons.leads_of("pk").exclude(pk=person.pk).values(one=JSONObject(reference="reference", email="email"))
    (leads,) = Agency.objects.filter(pk=person.agency_id).values_list(ArraySubquery(others), flat=True)
    manager = person.line_manager
    asked = {manager.reference: manager.email} if manager and manager.email and not manager.left_on else {}
    return asked | {lead["reference"]: lead["email"] for lead in leads}


@transaction.atomic
def leave(*, person: Person, left_on: date, choices: Mapping[str, Choice], by: Person) -> Departure:
    """Record that the person left, and do with each booking to come what was chosen, by its reference.

    One act: where something cannot be done nothing is. Raises PersonRefused and BookingRefused.
    """
    # Bookings first: the project locks event and booking before all else. Who has left is not booked again.
    released, waiting = [], []
    for one in with_costs(list(coming(person))):
        booking = one.booking
        choice = choices.get(booking.reference)
        if choice is None:
            raise refusals.AlreadyBooked(f"{person} was booked on {booking.event} meanwhile. Say what becomes of that.")
        if choice.what == What.RELEASE:
            released.append(restoring.noted(booking))
            places.cancel(booking=booking, by=by)
        elif choice.colleague:
            places.substitute(booking=booking, substitute=choice.colleague, by=by)
        elif choice.what == What.ASK and one.kept_until:
            waiting.append(Handover(booking=booking, until=one.kept_until))
    leaving.leave(person=person, left_on=left_on, by=by)
    departure = Departure.objects.create(person=person, by=by, released=released)
    _ask(departure, waiting)
    return departure


@transaction.atomic
def undo(*, person: Person, by: Person) -> list[str]:
    """They have not left, or are back, with what was released where there is still a place. Raises PersonRefused.

    Returns what could not be brought back, in words. What a colleague took over stays theirs.
    """
    departure = Departure.objects.filter(person=person, undone_at=None).first()
    released = departure.released if departure else []
    theirs = Booking.objects.filter(pk__in=[was["id"] for was in released]).values("event")
    list(Event.objects.select_for_update(no_key=True).filter(pk__in=theirs).order_by("pk"))
    left = [said for was in released if (said := restoring.restore(was))]
    leaving.undo(person=person, by=by)
    if departure:
        departure.handovers.all().delete()
        departure.undone_at = timezone.now()
        departure.save(update_fields=["undone_at"])
    return left


def lapse(now: datetime | None = None) -> int:
    """Give up the places that nobody was sent for in time; returns how many. Each in a transaction of its own.

    The word that the person does not come was received when they left, so it costs what it cost then: nothing.
    """
    over = Handover.objects.open().filter(until__lte=now or timezone.now(), booking__delegate=F("departure__person"))
    rows = list(over.select_related("departure__by", "booking__event").order_by("booking__event_id"))
    given_up = 0
    for handover in rows:
        try:
            places.cancel(
                booking=handover.booking, by=handover.departure.by, received_at=handover.departure.at, received_from=""
            )
        except refusals.BookingRefused:  # somebody was quicker
            continue
        given_up += 1
    return given_up


def _ask(departure: Departure, waiting: list[Handover]) -> None:
    """One message to each who may send somebody, about all the places."""
    if not waiting:
        return
    asked = to_ask(departure.person)
    if not asked:
        raise refusals.NobodyToWriteTo(
            f"{departure.person.agency} has no training lead with an address, and {departure.person} no line manager: "
            "there is nobody to ask. Choose something else for each booking."
        )
    for handover in waiting:
        handover.departure = departure
    Handover.objects.bulk_create(waiting)
    leaver = departure.person.reference
    messages.post_each(
        template=ASKED,
        messages=[
            (f"colleagues-asked:{departure.pk}:{who}", to, asked_about(leaver, who)) for who, to in asked.items()
        ],
    )


def asked_about(leaver: str, who: str) -> str:
    """What the message to somebody who may send a colleague is about, by their references."""
    return f"{leaver}:{who}"

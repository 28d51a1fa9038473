"""Home sections about bookings: one's own, and those of one's staff or agency."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse

from bookings import reservations
from bookings.models import Booking
from frontend import formats
from frontend.bookings import rows
from frontend.evaluations.own import answer_address
from frontend.home.sections import Item, Section
from people.models import Person
from people.permissions import Right, may
from training import moments

# A person's latest, whatever became of them; and how many of them are shown as past.
LATEST, PAST = 30, 5
# When what has no date yet comes.
LAST = datetime.max.replace(tzinfo=UTC)
# Of the staff or the agency, the next.
NEXT = 10


def own(person: Person, now: datetime) -> Iterator[Section]:
    """What the person is booked on, waits for, and how the last ones ended."""
    latest = rows.with_make_ups(rows.with_request(rows.with_position(Booking.objects.filter(delegate=person))))
    latest = latest.select_related("event__course", "event__evaluation")
    bookings: list[Any] = list(latest.order_by("-event__starts_at", "-id")[:LATEST])
    asked = tuple(_to_evaluate(one, href) for one in bookings if (href := answer_address(one)))
    if asked:
        yield Section("Tell us how it was", items=asked)
    live = [one for one in reversed(bookings) if one.state != Booking.State.CANCELLED and not one.event.is_over(now)]
    places = tuple(_places(bookings, live))
    offered = tuple(_item(one, to="offers:offer") for one in live if one.state == Booking.State.OFFERED)
    requested = tuple(_item(one, note=_asked(one)) for one in live if one.asked_until)
    waiting = tuple(_item(one, note=f"Number {one.position} on the waiting list. ") for one in live if one.position)
    past = tuple(_item(one) for one in bookings if one.event.is_over(now))[:PAST]
    more = (
        ("Find training", reverse("finding:list")),
        ("Your training, certificates and what you hold", reverse("holding:my_training")),
    )
    if offered:
        yield Section("A place is held for you: accept or decline it", items=offered)
    yield Section("Your bookings", items=places, empty="You are not booked on anything to come.", links=more)
    if waiting or requested:
        yield Section("You are waiting for", items=(*requested, *waiting))
    if past:
        yield Section("Your past training", items=past)


def to_name(person: Person, now: datetime) -> Iterator[Section]:
    """For agency leads: the places that they have reserved and not named, by when they go back."""
    found = reservations.led_by(person)[:NEXT] if person.led_agencies else ()
    items = tuple(
        Item(
            f"{formats.plural(one.places, 'place')} to name by {formats.full_moment(one.named_until)}",
            reverse("agency_bookings:reserve", args=[one.event.reference]) + f"?of={one.agency.reference}",
            str(one.event),
        )
        for one in found
    )
    if items:
        yield Section("Places that you have reserved", items=items)


def others(person: Person, now: datetime) -> Iterator[Section]:
    """For agency leads and line managers: who of theirs is booked on what comes next."""
    if may(person, Right.SEE_BOOKINGS):
        return
    theirs = Booking.objects.opened_by(person).exclude(delegate=person).exclude(state=Booking.State.CANCELLED)
    coming = theirs.filter(Q(event__ends_at__gt=now)).select_related("event__course", "delegate")
    items = tuple(_item(one, who=one.delegate) for one in coming.order_by("event__starts_at", "id")[:NEXT])
    if not items and not person.led_agencies and not person.is_line_manager:
        return
    whose = "agency" if person.led_agencies else "staff"
    yield Section(
        f"Your {whose}’s next bookings",
        items=items,
        empty=f"Nobody of your {whose} is booked on anything to come.",
        links=(
            *((("See all bookings", reverse("bookings:list")),) if items else ()),
            ("What they hold, and what is due", reverse("staff_training:list")),
        ),
    )


def _asked(booking: Any) -> str:
    return f"Awaiting approval by {booking.asked_whom} until {moments.until(booking.asked_until)}. "


def _places(bookings: list[Any], live: list[Any]) -> list[Item]:
    """What the person comes to, by date: their places, and the sessions that they make up."""
    placed = [(one.event.starts_at, _item(one)) for one in live if one.state == Booking.State.CONFIRMED]
    made_up = [(found.at, _made_up(one, found)) for one in bookings for found in rows.make_ups(one)]
    return [item for _, item in sorted(placed + made_up, key=lambda pair: pair[0] or LAST)]


def _made_up(booking: Any, found: rows.MadeUp) -> Item:
    there = formats.full_moment(found.at) + (f", {found.where}" if found.where else "")
    note = f"{there}. You make up a session that you missed"
    return Item(booking.event.course.title, reverse("bookings:booking", args=[booking.reference]), note)


def _to_evaluate(booking: Booking, href: str) -> Item:
    until = moments.until(booking.event.evaluation.closes_at)
    return Item(booking.event.course.title, href, f"Two minutes, anonymous, open until {until}")


def _item(booking: Booking, *, who: Person | None = None, note: str = "", to: str = "bookings:booking") -> Item:
    event = booking.event
    when = formats.full_moment(event.starts_at) if event.starts_at else "No date yet"
    is_plain = booking.outcome is None and booking.state == Booking.State.CONFIRMED
    if is_plain and event.is_over():
        when += ". The register is not closed yet"
    word = booking.get_outcome_display() or booking.get_state_display()
    return Item(
        f"{who.name}: {event.course.title}" if who else event.course.title,
        reverse(to, args=[booking.reference]),
        f"{note}{when}",
        None if is_plain else (word, rows.TONES[booking.outcome or booking.state]),
    )

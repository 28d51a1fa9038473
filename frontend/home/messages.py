"""Home section about messages: who is booked, and is not reached by the address that we have."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse

from bookings.models import Booking
from frontend import formats
from frontend.home.sections import Item, Section
from frontend.outbox.messages import addresses_given_up
from people import persons
from people.models import Person
from people.permissions import Right, may
from training.models import Event

# The next bookings of whom nothing reaches; the rest is on the page of addresses.
MOST = 10


def unreached(person: Person, now: datetime) -> Iterator[Section]:
    """Nothing where all who are booked can be reached."""
    if not (may(person, Right.SEE_BACKGROUND) and may(person, Right.SEE_BOOKINGS)):
        return
    theirs = (
        Booking.objects.live()
        .annotate(mailbox=persons.mailbox("delegate"))
        .filter(
            mailbox__in=addresses_given_up().values("to"),
            event__state=Event.State.PUBLISHED,
            event__ends_at__gt=now,
        )
    )
    coming = theirs.select_related("delegate", "event__course").order_by("event__starts_at", "id")
    items = tuple(_item(one) for one in coming[:MOST])
    if items:
        yield Section(
            "Booked, and our messages do not arrive",
            items=items,
            links=(("All addresses that do not work", reverse("messages:undeliverable")),),
        )


def _item(booking: Any) -> Item:
    event, delegate = booking.event, booking.delegate
    when = formats.full_moment(event.starts_at) if event.starts_at else "no date yet"
    address = reverse("people:person", args=[delegate.reference])
    return Item(delegate.name, address, f"{booking.mailbox}: {event.course.title}, {when}")

"""Home section about requests for approval: those that the person decides about."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from bookings.models import Approval
from frontend.home.sections import Item, Section
from people.models import Person
from people.permissions import Right, may
from training.moments import full_date, until

# Those that end first; the rest is in the list.
MOST = 10


def to_approve(person: Person, now: datetime) -> Iterator[Section]:
    """For line managers, their deputies and agency leads. A coordinator's home counts those that are stuck."""
    if may(person, Right.CHANGE_BOOKINGS):
        return
    open_ = Approval.objects.visible_to(person).undecided().filter(ends_at__gt=now)
    found = open_.select_related("booking__delegate", "booking__event__course").order_by("ends_at", "pk")
    items = tuple(_item(one) for one in found[:MOST])
    if items:
        yield Section("To approve", items=items, links=(("All requests", reverse("approvals:list")),))


def _item(approval: Approval) -> Item:
    booking = approval.booking
    event = booking.event
    day = full_date(event.starts_at) if event.starts_at else "no date yet"
    return Item(
        f"{booking.delegate.name}: {event.course.title}",
        reverse("approvals:decide", args=[booking.reference]),
        f"{day}. Answer by {until(approval.ends_at)}",
    )

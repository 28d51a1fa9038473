"""Who is booked, and is not reached by the address that we have."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Window

from bookings.models import Booking
from frontend.home.to_do_sql import Found
from frontend.outbox.messages import addresses_given_up
from people import persons
from people.models import Person, Role, RoleGrant
from training.models import Event


def unreached(now: datetime, most: int) -> list[Found]:
    """Of the next bookings of whom nothing reaches so many: who, by which address, and what begins when.

    Looked up from the addresses, as to work out the mailbox of everyone who is booked takes twenty times as long.
    """
    addresses = addresses_given_up().values("to")
    leads = RoleGrant.objects.filter(role=Role.AGENCY_LEAD, person__email__in=addresses)
    by_lead = Person.objects.filter(email="", agency__in=leads.values("agency"))
    theirs = (
        Booking.objects.live()
        .annotate(mailbox=persons.mailbox("delegate"), total=Window(Count("*")))
        .filter(
            delegate__in=Person.objects.filter(email__in=addresses).values("pk").union(by_lead.values("pk")),
            mailbox__in=addresses,
            event__state=Event.State.PUBLISHED,
            event__ends_at__gt=now,
        )
    )
    coming: Any = theirs.select_related("delegate", "event__course").order_by("event__starts_at", "id")
    return [
        Found(
            kind="unreached",
            total=one.total,
            at=one.event.starts_at,
            reference=one.delegate.reference,
            course=one.event.course.title,
            begins=one.event.starts_at,
            who=one.delegate.name,
            number=0,
            of=0,
            other=one.mailbox,
        )
        for one in coming[:most]
    ]

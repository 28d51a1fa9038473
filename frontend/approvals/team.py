"""How many of a line manager's people are away on the days of an event."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from bookings.models import Approval, Booking
from people.models import Person
from training.models import Session


@dataclass(frozen=True, slots=True)
class Away:
    """Of the others in the team: how many have a place on training on one of the days, and how many there are."""

    booked: int
    team: int


def away(approval: Approval, sessions: Iterable[Session]) -> Away | None:
    """None where nobody is known who has the same line manager. Numbers only: a deputy does not see who is where."""
    delegate = approval.booking.delegate
    manager = delegate.line_manager_id or approval.asked_id
    if manager is None:
        return None
    days = {timezone.localdate(session.starts_at) for session in sessions}
    there = Booking.objects.holding_a_place().filter(event__sessions__starts_at__date__in=days)
    team = Person.objects.employed().filter(line_manager=manager).exclude(pk=delegate.pk)
    found = team.aggregate(booked=Count("pk", filter=Q(pk__in=there.values("delegate"))), team=Count("pk"))
    return Away(**found) if found["team"] else None

"""Making two records of one person one, with what becomes of bookings of both on one event; and undoing it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from bookings import agency_changes, offers, queue, refusals, restoring, steps
from bookings.models import Booking
from people import merging
from people.models import Merge, Person
from people.refusals import ThereAlready
from training.models import Event

State, Outcome = Booking.State, Booking.Outcome


@dataclass(frozen=True, slots=True)
class Collision:
    """An event on which both are booked."""

    event: Event
    kept: Booking
    gone: Booking

    @property
    def is_to_choose(self) -> bool:
        """Before the event one of the two is given up. Once it began, both stay as they are, each with its record."""
        return not self.event.has_begun() and self.kept.outcome is None and self.gone.outcome is None

    @property
    def better(self) -> Booking:
        """The one that holds a place, or has waited longer."""
        return min((self.kept, self.gone), key=lambda one: (one.placed_at is None, one.booked_at))


def collisions(kept: Person, gone: Person) -> list[Collision]:
    """The events on which both have a live booking, as they come. One statement."""
    rows = Booking.objects.live().filter(delegate__in=[kept, gone]).select_related("event__course")
    pairs: dict[int, dict[int, Booking]] = {}
    for booking in rows.order_by("event__starts_at", "event_id"):
        pairs.setdefault(booking.event_id, {})[booking.delegate_id] = booking
    return [Collision(pair[kept.pk].event, pair[kept.pk], pair[gone.pk]) for pair in pairs.values() if len(pair) == 2]


@transaction.atomic
def merge(*, kept: Person, gone: Person, take: Collection[str], giving_up: Collection[str], by: Person) -> Merge:
    """Have one record become part of the other, as people.merging.merge() says.

    giving_up: references of the bookings that are given up, one of each pair to choose from; nobody is charged for
    those. Raises PersonRefused and BookingRefused.
    """
    events = _lock(kept, gone)
    # Who books for one of them at this moment waits here, and is then refused (migration 0008).
    kept, gone = merging.lock(kept, gone)
    merging.refuse(kept, gone, by)
    if agency_changes.pending(gone).exists():
        raise ThereAlready(f"A change of {gone}’s agency waits for its day. Stop that first.")
    now, given_up = timezone.now(), []
    for pair in [one for one in collisions(kept, gone) if one.is_to_choose]:
        if pair.event.pk not in events:
            raise refusals.AlreadyBooked("Something was booked meanwhile. Look at both records again.")
        given_up.append(_chosen(pair, giving_up))
    before = [restoring.noted(booking) for booking in given_up]
    for booking in given_up:
        _give_up(booking, by, now)
    merged = merging.merge(kept=kept, gone=gone, take=take, by=by, others={"bookings": before})
    for booking in given_up:
        queue.promote(booking.event, now)
    return merged


@transaction.atomic
def undo(*, merge: Merge, by: Person) -> list[str]:
    """Have the two be two again; what was given up comes back where there is still a place. Raises PersonRefused.

    Returns what could not be put back, in words.
    """
    _lock(merge.kept, merge.gone)
    left = merging.undo(merge=merge, by=by)
    return left + [said for was in merge.others.get("bookings", []) if (said := restoring.restore(was))]


def _lock(kept: Person, gone: Person) -> set[int]:
    """Ids of the events of their live bookings, which nobody else books now; the project's order is event, booking."""
    theirs = Booking.objects.filter(delegate__in=[kept, gone], outcome=None).values("event")
    rows = Event.objects.select_for_update(no_key=True).filter(pk__in=theirs).order_by("pk")
    return {event.pk for event in rows}


def _chosen(pair: Collision, giving_up: Collection[str]) -> Booking:
    """The one of the two to give up."""
    found = [one for one in (pair.kept, pair.gone) if one.reference in giving_up]
    if len(found) != 1:
        raise refusals.AlreadyBooked(f"Both are booked on {pair.event}. Choose which of the two bookings stays.")
    return found[0]


def _give_up(booking: Booking, by: Person, now: datetime) -> None:
    """Without cost and without a message: the person is booked once as before."""
    if booking.placed_at is not None:
        booking.outcome = Outcome.CANCELLED_IN_TIME
    offers.decline(booking, now)
    steps.end(booking, by, now, now, "two records that were merged")

"""How many places an event has, and for whom: changed by coordinators, and what becomes free goes to the list.

What changes places returns who is offered one by it.
"""

from copy import copy
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from bookings import claims, queue, refusals
from bookings.models import Booking, Cap, Hold
from people.models import Agency, Person
from training import events
from training.models import Event
from training.moments import until as until_when


@transaction.atomic
def publish(*, event: Event, by: Person) -> Event:
    """Open a draft for booking, and for who waits on it from a date that was cancelled. Raises ProgrammeRefused."""
    event = events.publish(event=event, by=by)
    queue.promote(event)
    return event


@transaction.atomic
def change_places(*, event: Event, places: int, by: Person) -> list[Booking]:
    """Give the event more or fewer places. Raises BookingRefused for fewer than are held: offers are promises, too."""
    event = _lock(event)
    _refuse_fewer(event, places)
    event.places = places
    event.save(update_fields=["places"])
    return queue.promote(event)


def what_follows(event: Event, places: int) -> tuple[list[Booking], datetime | None]:
    """Who would be offered a place, and until when, if there were so many; nothing is changed, and nothing locked.

    None when no offers would be made, whoever waits. Raises BookingRefused as change_places() would.
    """
    _refuse_fewer(event, places)
    changed = copy(event)
    changed.places = places
    return queue.next_offers(changed, timezone.now())


@transaction.atomic
def keep(
    *, event: Event, places: int, until: datetime, by: Person, agency: Agency | None = None, agency_type: str = ""
) -> list[Booking]:
    """Keep places for an agency or a type of agency until then; said again it replaces what was said.

    What others hold already they keep. What is kept and not taken goes to the list, and then to everyone, at the end.
    Raises BookingRefused for more places than there are, and for an end that has passed or comes after the start.
    """
    event = _lock(event)
    if places > event.places:
        raise refusals.PlacesHeld(f"{event} has {event.places} places, so {places} of them cannot be kept.")
    if until <= timezone.now() or (event.starts_at and until > event.starts_at):
        begins = f", {until_when(event.starts_at)}" if event.starts_at else ""
        raise refusals.WrongMoment(f"Places are kept until a moment from now on and before the event begins{begins}.")
    kept = {"places": places, "until": until}
    Hold.objects.update_or_create(event=event, agency=agency, agency_type=agency_type, defaults=kept)
    return queue.promote(event)


@transaction.atomic
def stop_keeping(*, hold: Hold, by: Person) -> list[Booking]:
    """What was kept is for the list, and then for everyone. A second call does nothing."""
    event = claims.lock(hold.event)
    return queue.promote(event) if Hold.objects.filter(pk=hold.pk).delete()[0] else []


@transaction.atomic
def cap(*, event: Event, places: int | None, by: Person) -> list[Booking]:
    """Let no agency have more places than these; None: as many as there are. Who has more keeps them.

    Raises BookingRefused.
    """
    event = _lock(event)
    if places is None:
        Cap.objects.filter(event=event).delete()
    else:
        Cap.objects.update_or_create(event=event, defaults={"places": places})
    return queue.promote(event)


def _lock(event: Event) -> Event:
    event = claims.lock(event)
    if event.cancelled_at is not None:
        raise refusals.NotOpen(f"{event} is {event.get_state_display().lower()}: its places are nobody’s any more.")
    return event


def _refuse_fewer(event: Event, places: int) -> None:
    held = claims.held(event)
    if places < event.places and places + event.overbooking < held:
        raise refusals.PlacesHeld(
            f"{held} places on {event} are taken, offered or reserved, so there cannot be {places}. "
            "Cancel bookings first, or wait until the offers have ended."
        )

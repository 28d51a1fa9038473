"""How many places an event has, and for whom: changed by coordinators, and what becomes free goes to the list."""

from datetime import datetime

from django.db import transaction

from bookings import claims, queue, refusals
from bookings.models import Cap, Hold
from people.models import Agency, Person
from training import events
from training.models import Event


@transaction.atomic
def publish(*, event: Event, by: Person) -> Event:
    """Open a draft for booking, and for who waits on it from a date that was cancelled. Raises ProgrammeRefused."""
    event = events.publish(event=event, by=by)
    queue.promote(event)
    return event


@transaction.atomic
def change_places(*, event: Event, places: int, by: Person) -> Event:
    """Give the event more or fewer places. Raises BookingRefused for fewer than are held: offers are promises, too."""
    event = claims.lock(event)
    held = claims.held(event)
    if places < event.places and places + event.overbooking < held:
        raise refusals.PlacesHeld(
            f"{held} places on {event} are taken, offered or reserved, so there cannot be {places}. "
            "Cancel bookings first, or wait until the offers have ended."
        )
    event.places = places
    event.save(update_fields=["places"])
    queue.promote(event)
    return event


@transaction.atomic
def keep(*, event: Event, places: int, until: datetime, agency: Agency | None = None, agency_type: str = "") -> None:
    """Keep places for an agency or a type of agency until then; said again it replaces what was said, 0 ends it.

    What others hold already they keep. What is kept and not taken goes to the list, and then to everyone, at the end.
    """
    event = claims.lock(event)
    kept = {"places": places, "until": until}
    Hold.objects.update_or_create(event=event, agency=agency, agency_type=agency_type, defaults=kept)
    queue.promote(event)


@transaction.atomic
def cap(*, event: Event, places: int | None) -> None:
    """Let no agency have more places than these; None: as many as there are. Who has more keeps them."""
    event = claims.lock(event)
    if places is None:
        Cap.objects.filter(event=event).delete()
    else:
        Cap.objects.update_or_create(event=event, defaults={"places": places})
    queue.promote(event)

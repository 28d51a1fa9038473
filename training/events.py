"""Changes to events that concern no booking; cancelling one does, and lives with the bookings."""

from django.db import transaction

from people.models import Person
from training import interest, refusals
from training.models import Event


@transaction.atomic
def publish(*, event: Event, by: Person) -> Event:
    """Open a draft for booking; its places are kept as those first published, and who waited for a date is told.

    Raises ProgrammeRefused.
    """
    event = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    if event.state != Event.State.DRAFT:
        raise refusals.NotADraft(f"{event} is {event.get_state_display().lower()} already.")
    if event.starts_at is None:
        raise refusals.NoSessions("The event has no session yet. Add one, then publish it.")
    event.state = Event.State.PUBLISHED
    event.first_places = event.places
    event.save(update_fields=["state", "first_places"])
    interest.tell(event.course)
    return event


@transaction.atomic
def say_certainty(*, event: Event, certainty: str, by: Person) -> Event:
    """Confirm the date of a tentative event, or say that it is not sure after all; the same again changes nothing.

    Who is on it is told by bookings/changes.py. Raises ProgrammeRefused.
    """
    event = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    refuse_certainty(event)
    event.set_certainty(certainty)
    event.save(update_fields=["certainty", "dated_at"])
    return event


def refuse_certainty(event: Event) -> None:
    """Raise CannotChange where the date is no question any more."""
    if event.cancelled_at is not None:
        raise refusals.CannotChange(f"{event} is {event.get_state_display().lower()}, so its date is no question.")
    if event.has_begun():
        raise refusals.CannotChange(f"{event} has begun, so its date is no question.")

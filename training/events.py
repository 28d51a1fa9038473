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

"""A conference's workshops: added, called otherwise, and taken out while nobody has chosen them.

How many places one has is changed in workshop_choices, as choices hold them.
"""

from django.db import transaction

from bookings import claims
from bookings.models import WorkshopChoice
from people.models import Person
from training.models import Event, Workshop
from training.refusals import CannotChange, NameTaken


@transaction.atomic
def add(*, event: Event, title: str, slot: str, places: int, by: Person) -> Workshop:
    """Raises ProgrammeRefused."""
    event = _lock(event)
    _refuse_taken(event, title)
    return Workshop.objects.create(event=event, title=title, slot=slot, places=places)


@transaction.atomic
def correct(*, workshop: Workshop, title: str, slot: str, by: Person) -> Workshop:
    """Raises ProgrammeRefused. Who has chosen it is not told of another title; another time is another workshop."""
    event = _lock(workshop.event)
    _refuse_taken(event, title, but=workshop)
    found = Workshop.objects.get(pk=workshop.pk)
    if slot != found.slot and (chosen := _chosen(found)):
        raise CannotChange(f"“{found.title}” is chosen in {chosen}, so its time stays. Add it anew at the other time.")
    found.title, found.slot = title, slot
    found.save(update_fields=["title", "slot"])
    return found


@transaction.atomic
def take_out(*, workshop: Workshop, by: Person) -> None:
    """Raises CannotChange where a booking names it, also one that is cancelled."""
    _lock(workshop.event)
    if chosen := _chosen(workshop):
        raise CannotChange(f"“{workshop.title}” is chosen in {chosen}, so it stays. Move who comes to another first.")
    Workshop.objects.filter(pk=workshop.pk).delete()


def _lock(event: Event) -> Event:
    """Whoever chooses a workshop has this lock, too."""
    event = claims.lock(event)
    if event.cancelled_at or event.has_begun():
        raise CannotChange(f"{event} is off or has begun: its workshops stay as they were.")
    return event


def _refuse_taken(event: Event, title: str, but: Workshop | None = None) -> None:
    if event.workshops.filter(title__iexact=title).exclude(pk=but.pk if but else 0).exists():
        raise NameTaken(f"There is a workshop called “{title}” already.")


def _chosen(workshop: Workshop) -> str:
    """In how many bookings, in words; empty where in none."""
    count = WorkshopChoice.objects.filter(workshop=workshop).count()
    return f"{count} booking{'s' if count > 1 else ''}" if count else ""

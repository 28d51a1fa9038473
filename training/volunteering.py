"""Trainers offer to give events that need one; a coordinator takes them or thanks them."""

from django.db import transaction
from django.utils import timezone

from outbox import messages
from people import persons
from people.models import Person
from training import refusals, staffing
from training.models import Event, Trainer, Volunteer

State = Volunteer.State
TAKEN, THANKED = "trainer_taken", "trainer_thanked"


@transaction.atomic
def offer(*, event: Event, trainer: Trainer, by: Person) -> Volunteer:
    """A second call changes nothing. Raises Impossible where the event needs nobody, or not this trainer."""
    event = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    if not staffing.open_to(trainer).filter(pk=event.pk).exists():
        raise refusals.Impossible(f"{event} needs no trainer any more, or you are taken at that time. Thank you.")
    found, _ = Volunteer.objects.get_or_create(event=event, trainer=trainer, state=State.OPEN)
    return found


@transaction.atomic
def take_back(*, volunteer: Volunteer, by: Person) -> Volunteer:
    """Not offer it any more. Raises Answered."""
    return _answer(volunteer, State.WITHDRAWN, by)


@transaction.atomic
def take(*, volunteer: Volunteer, by: Person) -> Volunteer:
    """Put them on the event, and tell them. Raises ProgrammeRefused, also where they are elsewhere by now."""
    found = _answer(volunteer, State.TAKEN, by)
    staffing.put_on(event=found.event, trainer=found.trainer, by=by)
    _tell(found, TAKEN)
    return found


@transaction.atomic
def thank(*, volunteer: Volunteer, by: Person) -> Volunteer:
    """Tell them that they are not needed this time. Raises Answered."""
    found = _answer(volunteer, State.THANKED, by)
    _tell(found, THANKED)
    return found


def _answer(volunteer: Volunteer, state: State, by: Person) -> Volunteer:
    # The event first: the order of locks is the same everywhere, and taking somebody changes it.
    event = (
        Event.objects.select_for_update(no_key=True, of=["self"]).select_related("course").get(pk=volunteer.event_id)
    )
    found = Volunteer.objects.select_related("trainer__person").select_for_update(of=["self"], no_key=True)
    one = found.get(pk=volunteer.pk)
    if one.state != State.OPEN:
        raise refusals.Answered(f"{one.trainer}’s offer is answered already: {one.get_state_display().lower()}.")
    one.event, one.state, one.answered_at, one.answered_by = event, state, timezone.now(), by
    one.save(update_fields=["state", "answered_at", "answered_by"])
    return one


def _tell(volunteer: Volunteer, template: str) -> None:
    person = volunteer.trainer.person
    if person is not None and (address := persons.mailbox_of(person)):
        key = f"{template.replace('_', '-')}:{volunteer.reference}"
        messages.post(key=key, template=template, to=address, reference=volunteer.reference)

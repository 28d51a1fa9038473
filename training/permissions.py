"""Who may change the programme; who may see an event is visible_to() on the model."""

from people.models import Person
from people.permissions import Right, may
from training.models import Event


def may_change_programme(person: Person) -> bool:
    """Make, change, publish and cancel events."""
    return may(person, Right.CHANGE_PROGRAMME)


def trains(person: Person, event: Event) -> bool:
    """Whether the person gives a session of the event."""
    return Event.objects.filter(pk=event.pk).given_by(person).exists()

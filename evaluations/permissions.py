"""Who may see what delegates answered. That it is released at all says reporting/release.py, for everybody alike."""

from people.models import Person
from people.permissions import Right, may
from training.models import Event
from training.permissions import trains


def may_see_results(person: Person, event: Event) -> bool:
    """Of one event: coordinators, the sub-group, and the event's own trainers."""
    return may_see_all_results(person) or trains(person, event)


def may_see_all_results(person: Person) -> bool:
    """Of every event, and of courses and years."""
    return may(person, Right.SEE_EVALUATION_RESULTS)


def may_read_texts(person: Person) -> bool:
    """What delegates wrote: coordinators alone, who see it before anybody else could."""
    return may(person, Right.READ_EVALUATION_TEXTS)

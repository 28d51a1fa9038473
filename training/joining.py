"""How an event is joined: the link and what to know before the day. Who has a place is told by messages."""

import logging

from django.db import transaction

from people.models import Person
from training import refusals
from training.models import Course, Event

log = logging.getLogger(__name__)


def add_to_messages(*, course: Course, by: Person, words: str) -> Course:
    """What confirmations and joining instructions of all its events say beside, from now on."""
    course.added_to_messages = "\n".join(map(str.rstrip, words.splitlines())).strip("\n")
    course.save(update_fields=["added_to_messages"])
    log.info("What course %s adds to messages was changed by %s.", course.code, by.reference)
    return course


@transaction.atomic
def say(*, event: Event, by: Person, online_link: str, instructions: str) -> Event:
    """Put both in place of what was there; the same again changes nothing. Raises ProgrammeRefused.

    A link that changes is told to who has a place already; both go out some days before the event.
    """
    event = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    refuse_unless_joined(event)
    event.online_link, event.joining_instructions = online_link, instructions
    event.save(update_fields=["online_link", "joining_instructions"])
    return event


def refuse_unless_joined(event: Event) -> None:
    """Raise NobodyJoins for an event that is off or over."""
    if event.state in (Event.State.CANCELLED, Event.State.ABANDONED):
        raise refusals.NobodyJoins(f"{event} is {event.get_state_display().lower()}: nobody joins it.")
    if event.is_over():
        raise refusals.NobodyJoins(f"{event} is over: nobody joins it any more.")

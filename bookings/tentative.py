"""Events whose date is not sure: what messages do until it is, and what is said of it then.

Messages that say that somebody has a place, or waits for one, are held back where the coordinator wants that. They are
posted like all others and put off when they are to be sent, so that each says what holds when its turn comes.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from bookings.changes import SETTLED_AFTER, TENTATIVE
from outbox.templates import NotYet
from training.models import Event

CONFIRMED = "The date was not sure before. Now it is."
DOUBTED = "The date was sure before. Now it is not: please keep it free, and we write again."


def refuse_held(*, event: Event, since: datetime) -> None:
    """Raise NotYet for what is to be said to somebody who is on the event since then, while it is held back.

    It is for some minutes after the date was confirmed: until then a coordinator can think again. Who comes after that
    moment need not wait.
    """
    refuse_ending(event)
    if event.certainty == Event.Certainty.HELD:
        raise NotYet("It waits until the event’s date is confirmed.")
    if event.dated_at and since < event.dated_at and timezone.now() < event.dated_at + SETTLED_AFTER:
        raise NotYet("The event’s date was confirmed just now: it goes in some minutes.")


def refuse_ending(event: Event) -> None:
    """Raise NotYet for what is to be said of an event while somebody is about to cancel it."""
    if event.to_cancel_at:
        raise NotYet("The event is about to be cancelled. If it is not, this goes in some minutes.")


def what_changed(event: Event, was: Mapping[str, Any], before: list[str]) -> dict[str, str | list[str]]:
    """The facts of a change: in one word, and how it was before; before: the sessions, if they have changed."""
    is_now, was_so = event.is_tentative, was.get(TENTATIVE, False)
    certainty = [] if is_now == was_so else [DOUBTED if is_now else CONFIRMED]
    what = "The date is sure" if certainty == [CONFIRMED] and not before else "Changed"
    return {"what": what, "before": [*before, *certainty] or ["The link to join online is new."]}

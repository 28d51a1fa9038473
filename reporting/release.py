"""When evaluation figures may be shown: so that nobody can work out what one of a few delegates answered.

One rule for pages, downloads and the report, for every cut. Results are as of the close: no answer comes after it.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Q

from evaluations.models import OPEN_FOR

# The design's rule: results open when an event's evaluation closes, and at least so many have answered.
LEAST_ANSWERS = 5

# Of an event e: as closed() and evaluated_until(), for statements. Nobody was asked by us where v is not there.
EVALUATION = "left join evaluations_evaluation v on v.event_id = e.id"
IS_CLOSED = "case when v.id is null then e.ends_at <= %(evaluated_until)s else v.closes_at <= %(counted_at)s end"

Key = TypeVar("Key", bound=Hashable)


def evaluated_until(now: datetime) -> datetime:
    """Events that ended by then have closed evaluations, where theirs says nothing else."""
    return now - OPEN_FOR


def closed(now: datetime, path: str = "") -> Q:
    """Condition for events whose evaluation is closed; from a booking path is "event__"."""
    return Q((f"{path}evaluation__closes_at__lte", now)) | Q(
        (f"{path}evaluation", None), (f"{path}ends_at__lte", evaluated_until(now))
    )


def withheld(answers: Mapping[Key, int]) -> set[Key]:
    """Which parts of a shown total may not show figures of their own, given how many answered in each.

    Those with fewer than 5 answers; and where these together have fewer than 5, the smallest other part as well: else
    the total less the parts shown would give them back.
    """
    few = {key for key, number in answers.items() if 0 < number < LEAST_ANSWERS}
    if few and sum(answers[key] for key in few) < LEAST_ANSWERS:
        enough = [key for key, number in answers.items() if number >= LEAST_ANSWERS]
        few.update(sorted(enough, key=lambda key: answers[key])[:1])
    return few


@dataclass(frozen=True, slots=True)
class Withheld:
    """What of a year shows no figures of its own."""

    courses: frozenset[int]
    events: frozenset[int]


def withheld_of(answers: Mapping[int, tuple[int, int]]) -> Withheld:
    """Of a year's events, each with its course and how many answered there; the year's total is shown.

    A course that is withheld shows none of its events either: added up, they would be the course.
    """
    by_course: dict[int, dict[int, int]] = {}
    for event, (course, number) in answers.items():
        by_course.setdefault(course, {})[event] = number
    courses = withheld({course: sum(events.values()) for course, events in by_course.items()})
    return Withheld(
        frozenset(courses),
        frozenset(
            event
            for course, events in by_course.items()
            for event in (events if course in courses else withheld(events))
        ),
    )

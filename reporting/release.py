"""When evaluation figures may be shown: so that nobody can work out what one of a few delegates answered."""

from collections.abc import Hashable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

# The design's rule: results open when an event's evaluation closes, and at least so many have answered.
OPEN_FOR = timedelta(days=14)
LEAST_ANSWERS = 5

Key = TypeVar("Key", bound=Hashable)


def evaluated_until(now: datetime) -> datetime:
    """Events that ended by then have closed evaluations."""
    return now - OPEN_FOR


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

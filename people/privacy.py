"""What is kept about a person: each app registers in its AppConfig.ready what it has, and how it is told.

tests/people/test_privacy.py fails on a field about people that no app has a rule for.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import QuerySet

from people.models import Person


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of row about a person, as they take it out. It names nobody else."""

    title: str
    model: type[models.Model]
    # Whose rows they are.
    of: Callable[[Person], QuerySet[Any]]
    # Heads, and where the value is: a path such as "event.course.title" or "get_state_display", or made from the row.
    columns: Mapping[str, str | Callable[[Any], Any]]
    # The model's fields about people that are not told, each with the reason.
    untold: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """A part with one person's rows."""

    title: str
    heads: list[str]
    rows: list[list[Any]]


PARTS: list[Part] = []
# Models without a part though a field looks like a person's: by their label, the reason.
NOTHING: dict[str, str] = {}


def register(*parts: Part) -> None:
    """Have these told. Called from AppConfig.ready."""
    PARTS.extend(parts)


def tells_nothing(reason: str, *found: type[models.Model]) -> None:
    """Say why nothing of these models is told. Called from AppConfig.ready."""
    NOTHING.update({model._meta.label: reason for model in found})


def told_of(person: Person) -> Iterator[Told]:
    """All that is kept about the person, part by part, with the records that became part of theirs.

    One query to find those, and for each of them one a part.
    """
    records = [person, *person.merged.order_by("pk")]
    for part in PARTS:
        found = (row for record in records for row in part.of(record))
        rows = [[_value(row, how) for how in part.columns.values()] for row in found]
        yield Told(part.title, list(part.columns), rows)


def _value(row: Any, how: str | Callable[[Any], Any]) -> Any:
    if not isinstance(how, str):
        return how(row)
    found = row
    for step in how.split("."):
        if found is None:
            return None
        found = getattr(found, step)
    return found() if callable(found) else found

"""What becomes of each row that names a person when two records are merged: each app says so in its personal.py.

    merges.moves("training.Interest.person", "wish to be told")  # what is about a person goes to the one who stays
    merges.stays("invoicing.Invoice.issued_by")  # who did something, did it under that record
    merges.goes_along("bookings.Certificate.booking", "bookings.Booking.delegate", "certificate")  # as its booking does

tests/people/test_merges.py fails on a key to a person without a rule. What the one who stays has already, so that the
database would refuse a second (a unique constraint), stays with the record that goes; so does what stays_behind() says.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from people.models import Person

# Of the one who stays: which rows of the one who goes are not theirs to have.
Behind = Callable[[Person], Q]


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows that go to the one who stays."""

    label: str
    # What one is called: "booking".
    noun: str
    behind: list[Behind] = field(default_factory=list)

    @property
    def model(self) -> Any:
        return apps.get_model(self.label.rpartition(".")[0])

    @property
    def name(self) -> str:
        return self.label.rpartition(".")[2]

    def rows(self, person: Person | OuterRef) -> QuerySet[Any]:
        return cast(QuerySet[Any], self.model._default_manager.filter(**{self.name: person}))

    def left_behind(self, gone: Person, kept: Person) -> QuerySet[Any]:
        """Rows of the one who goes that stay with them."""
        found = Q(pk__in=[])
        for condition in self.behind:
            found |= condition(kept)
        for others, when in self._unique_with():
            twins = self.rows(kept).filter(when, *[Exact(_value(one, F), _value(one, OuterRef)) for one in others])
            found |= when & Q(Exists(twins))
        return self.rows(gone).filter(found)

    def _unique_with(self) -> Iterator[tuple[list[Any], Q]]:
        """What there is once for a person: the other fields that make it one, and under which condition."""
        named = {one.name: one for one in self.model._meta.concrete_fields}
        if named[self.name].unique:
            yield [], Q()
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and self.name in constraint.fields:
                yield [named[one] for one in constraint.fields if one != self.name], constraint.condition or Q()


def _value(field: Any, at: type[F]) -> Any:
    """What stands there; two empty keys are the same."""
    return Coalesce(at(field.attname), Value(0)) if field.null else at(field.attname)


MOVES: dict[str, Rule] = {}
STAYS: set[str] = set()
# What hangs on such a row: the key to it, the rule by which that goes, and what one is called.
ALONG: list[tuple[str, str, str]] = []


def moves(label: str, noun: str) -> None:
    """Have these rows go to the one who stays. Called from AppConfig.ready."""
    MOVES[label] = Rule(label, noun)


def stays(*labels: str) -> None:
    """Leave these with the record that goes. Called from AppConfig.ready."""
    STAYS.update(labels)


def goes_along(label: str, rule: str, noun: str) -> None:
    """Count these too: they hang on a row that goes by that rule. Called from AppConfig.ready."""
    ALONG.append((label, rule, noun))


def stays_behind(label: str, condition: Behind) -> None:
    """Of what goes, leave these where they are. Called from AppConfig.ready."""
    MOVES[label].behind.append(condition)


def totals(people: QuerySet[Person]) -> dict[str, dict[int, int]]:
    """How many of each kind each of the people has, by what one is called and the person's id; in one statement."""
    found: dict[str, dict[int, int]] = {rule.noun: {} for rule in MOVES.values()}
    counts = [_count(rule.rows(OuterRef("pk"))) for rule in MOVES.values()]
    for pk, *each in people.order_by().values_list("pk", *counts):
        for noun, number in zip(found, each, strict=True):
            found[noun][pk] = number
    return {noun: each for noun, each in found.items() if any(each.values())}


@dataclass(frozen=True, slots=True)
class Number:
    """How many of one kind go, and how many stay with the record that goes."""

    noun: str
    go: int
    stay: int


def numbers(gone: Person, kept: Person) -> list[Number]:
    """What would go and stay, where there is any, in one statement."""
    asked: list[tuple[str, QuerySet[Any], QuerySet[Any]]] = [
        (rule.noun, rule.rows(gone), rule.left_behind(gone, kept)) for rule in MOVES.values()
    ]
    for label, by_rule, noun in ALONG:
        model, _, key = label.rpartition(".")
        rows, rule = apps.get_model(model)._default_manager.all(), MOVES[by_rule]
        stay = rows.filter(**{f"{key}__in": rule.left_behind(gone, kept)})
        asked.append((noun, rows.filter(**{f"{key}__in": rule.rows(gone)}), stay))
    counts = [_count(rows) for _, *both in asked for rows in both]
    found = iter(Person.objects.values_list(*counts).get(pk=gone.pk))
    every = [Number(noun, all_ - stay, stay) for (noun, *_), all_, stay in zip(asked, found, found, strict=True)]
    return [one for one in every if one.go or one.stay]


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().annotate(n=Func("pk", function="count", output_field=IntegerField()))
    return Coalesce(Subquery(counted.values("n")), 0)

"""Records that may be of one person: found by address and name, until somebody says that they are two."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import combinations

from django.db import transaction
from rapidfuzz import fuzz

from people import refusals
from people.models import Apart, Person
from people.names import match_key

log = logging.getLogger(__name__)

ALIKE = 88  # of 100: so like are names of one agency that may be one person's
AT_ONE_ADDRESS = 75  # where the address is the same too, which a whole office may share


class Why(IntEnum):
    """What speaks for it, the surest first."""

    SAME_ADDRESS = 1
    SAME_NAME = 2
    LIKE_NAME = 3

    @property
    def words(self) -> str:
        return ("The same address, and like names", "The same name and agency", "Like names in one agency")[self - 1]


@dataclass(frozen=True, slots=True)
class Known:
    """A record, as far as it is compared."""

    pk: int
    key: str
    email: str
    agency: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be of one person; first has the smaller id."""

    first: int
    second: int
    why: Why


def likely() -> list[Pair]:
    """The pairs, the surest first. Two statements; the comparing is rapidfuzz's.

    Only names with a word in common are compared, so that a large agency takes no longer than it has namesakes.
    """
    rows = Person.objects.employed().order_by("pk").values_list("pk", "name", "email", "agency")
    records = [Known(pk, match_key(name), email, agency) for pk, name, email, agency in rows]
    apart = set(Apart.objects.values_list("first", "second"))
    found: dict[tuple[int, int], Why] = {}
    for one, other in _worth_comparing(records):
        why, pair = _why(one, other), (one.pk, other.pk)
        if why and pair not in apart:
            found[pair] = why
    return sorted(
        (Pair(*pair, why) for pair, why in found.items()), key=lambda pair: (pair.why, pair.first, pair.second)
    )


@transaction.atomic
def keep_apart(*, one: Person, other: Person, by: Person) -> None:
    """Say that the two are two persons: they are not proposed again. Said again it changes nothing."""
    if one.pk == other.pk:
        raise refusals.ThereAlready("That is one record.")
    first, second = sorted([one, other], key=lambda person: person.pk)
    Apart.objects.get_or_create(first=first, second=second, defaults={"by": by})
    log.info("%s and %s were said to be two by %s.", first.reference, second.reference, by.reference)


@transaction.atomic
def propose_again(*, one: Person, other: Person, by: Person) -> None:
    """Take back that they are two."""
    first, second = sorted([one.pk, other.pk])
    Apart.objects.filter(first=first, second=second).delete()
    log.info("%s and %s are proposed again by %s.", one.reference, other.reference, by.reference)


def _worth_comparing(records: Iterable[Known]) -> Iterator[tuple[Known, Known]]:
    here: dict[object, list[Known]] = defaultdict(list)
    for record in records:
        if record.email:
            here[record.email].append(record)
        for word in set(record.key.split()):
            if len(word) > 1:
                here[record.agency, word].append(record)
    for group in here.values():
        yield from combinations(group, 2)


def _why(one: Known, other: Known) -> Why | None:
    likeness = fuzz.token_sort_ratio(one.key, other.key)
    has_initial = _is_shortened(one.key, other.key) or _is_shortened(other.key, one.key)
    if one.email and one.email == other.email and (likeness >= AT_ONE_ADDRESS or has_initial):
        return Why.SAME_ADDRESS
    if one.agency != other.agency:
        return None
    if likeness == 100:
        return Why.SAME_NAME
    return Why.LIKE_NAME if likeness >= ALIKE or has_initial else None


def _is_shortened(short: str, whole: str) -> bool:
    """As "j smith" is of "jane smith" and of "jane anne smith"."""
    first, _, last = short.partition(" ")
    return len(first) == 1 and whole.startswith(first) and whole.split()[-1:] == [last]

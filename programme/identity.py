"""Who is who: which rows are one person, where several may share an e-mail address."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz

from people.names import match_key

ALIKE = 85  # of 100: names as like as this on one address are one person


@dataclass(slots=True)
class Group:
    """The names of one person on an address, and which of the known persons that is (its place among them), if any."""

    names: set[str] = field(default_factory=set)
    known: int | None = None


@lru_cache(maxsize=20_000)
def key(name: str) -> str:
    """The name as it is compared; the first name first also where it was written last: "Lewis, Jade"."""
    last, comma, first = name.partition(",")
    return match_key(f"{first} {last}" if comma and first.strip() else name) or name


def same_person(one: str, other: str) -> bool:
    """Whether two names (as keys) on one address are one person: the same first name, or alike."""
    return one.partition(" ")[0] == other.partition(" ")[0] or fuzz.ratio(one, other) >= ALIKE


def groups(names: Iterable[str], known: Sequence[str]) -> list[Group]:
    """The persons behind names on one address; known are the names that persons already have here. All as keys.

    Two names are one person when alike, or when each is like a third: so nothing depends on the order of rows, and the
    same workbook gives the same persons again. Known persons stay apart from each other however alike they are, as
    somebody keeps them apart on purpose; what is like several of them goes to the one it is most like.
    """
    names = set(names)
    if len(names) == 1 and not known:
        return [Group(names)]
    found = []
    for alike in _components(sorted(names | set(known))):
        here = [Group(known=number) for number, name in enumerate(known) if name in alike] or [Group()]
        for name in alike & names:
            nearest = max(here, key=lambda group: _likeness(name, group, known))
            nearest.names.add(name)
        found += [group for group in here if group.names]
    return found


def _likeness(name: str, group: Group, known: Sequence[str]) -> float:
    return 0 if group.known is None else fuzz.ratio(name, known[group.known]) + same_person(name, known[group.known])


def _components(names: list[str]) -> list[set[str]]:
    """Names in sets, so that any two that are one person are in the same."""
    parents = {name: name for name in names}

    def root(name: str) -> str:
        while parents[name] != name:
            parents[name] = parents[parents[name]]
            name = parents[name]
        return name

    for number, name in enumerate(names):
        for other in names[:number]:
            if same_person(name, other):
                parents[root(name)] = root(other)
    found: dict[str, set[str]] = defaultdict(set)
    for name in names:
        found[root(name)].add(name)
    return list(found.values())

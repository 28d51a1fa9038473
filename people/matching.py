"""Whom a list means: each of its entries among the people that we know, for whoever may choose among them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from django.db.models import Q

from people.models import Agency, Person
from people.pasted import Entry


@dataclass(frozen=True, slots=True)
class Circle:
    """Those among whom somebody chooses: the people of an agency, or their own staff."""

    agency: Agency | None = None
    manager: Person | None = None

    @property
    def condition(self) -> Q:
        return Q(agency=self.agency) if self.agency else Q(line_manager=self.manager)

    def includes(self, person: Person) -> bool:
        if self.agency:
            return person.agency_id == self.agency.pk
        return self.manager is not None and person.line_manager_id == self.manager.pk


class Kind(Enum):
    """How sure it is whom an entry means."""

    KNOWN = auto()
    NEW = auto()  # nobody we know: name and perhaps address are given
    UNSURE = auto()  # one of several, or somebody new
    NAMELESS = auto()  # an address that nobody has, and no name
    ELSEWHERE = auto()  # known, and of another agency
    LEFT = auto()
    STRANGER = auto()  # nobody of the circle, to which nobody is added
    UNCLEAR = auto()  # the entry was not understood


@dataclass(frozen=True, slots=True)
class Match:
    """An entry, and whom it means."""

    entry: Entry
    kind: Kind
    # Who it is; of an unsure one those whom it may be.
    people: tuple[Person, ...] = ()

    @property
    def may_be_new(self) -> bool:
        return self.kind == Kind.NEW or (self.kind == Kind.UNSURE and bool(self.entry.name))


def find(entries: Sequence[Entry], circle: Circle, chosen: Sequence[str] = ()) -> list[Match]:
    """Each entry, and behind them those of the circle chosen by their references. In one query."""
    known = _Known(entries, circle, chosen)
    matches = [_match(entry, circle, known) for entry in entries]
    picked = (known.by_reference.get(reference) for reference in dict.fromkeys(chosen))
    return matches + [
        Match(Entry(0, person.name, person.name, person.email), Kind.KNOWN, (person,)) for person in picked if person
    ]


class _Known:
    """All that the entries may mean."""

    def __init__(self, entries: Iterable[Entry], circle: Circle, chosen: Sequence[str]) -> None:
        clear = [entry for entry in entries if not entry.trouble]
        emails = {entry.email for entry in clear if entry.email}
        keys = {key for entry in clear for key in (entry.key, entry.turned_key) if key}
        here = circle.condition & (Q(sort_name__in=keys) | Q(reference__in=chosen))
        rows = Person.objects.filter(Q(email__in=emails) | here).select_related("agency", "staff_group")
        self.by_email: dict[str, list[Person]] = defaultdict(list)
        self.by_key: dict[str, list[Person]] = defaultdict(list)
        self.by_reference: dict[str, Person] = {}
        for person in rows.order_by("sort_name", "pk"):
            if person.email:
                self.by_email[person.email].append(person)
            if circle.includes(person):
                self.by_key[person.sort_name].append(person)
                if person.left_on is None:
                    self.by_reference[person.reference] = person


def _match(entry: Entry, circle: Circle, known: _Known) -> Match:
    if entry.trouble:
        return Match(entry, Kind.UNCLEAR)
    at_address = known.by_email.get(entry.email, [])
    theirs = [person for person in at_address if not entry.name or _is_named(person, entry)]
    alike = [*known.by_key.get(entry.key, []), *known.by_key.get(entry.turned_key, [])]
    sure = [one for one in theirs if circle.includes(one)] if entry.email else known.by_key.get(entry.key, [])
    here = _here(sure)
    if len(here) == 1:
        return Match(entry, Kind.KNOWN, tuple(here))
    maybe = _here([*sure, *(one for one in at_address if circle.includes(one)), *alike])
    if maybe:
        return Match(entry, Kind.UNSURE, tuple(maybe))
    return Match(entry, _unknown(entry, circle, theirs, alike))


def _unknown(entry: Entry, circle: Circle, theirs: list[Person], alike: list[Person]) -> Kind:
    """What it is to be nobody who is in the circle today."""
    if circle.agency is None:
        return Kind.STRANGER
    if any(not circle.includes(one) and one.left_on is None for one in theirs):
        return Kind.ELSEWHERE
    if any(circle.includes(one) for one in (*theirs, *alike)):
        return Kind.LEFT
    return Kind.NEW if entry.name else Kind.NAMELESS


def _here(people: Iterable[Person]) -> list[Person]:
    """Who has not left, each once."""
    return list({person.pk: person for person in people if person.left_on is None}.values())


def _is_named(person: Person, entry: Entry) -> bool:
    return person.sort_name in (entry.key, entry.turned_key)

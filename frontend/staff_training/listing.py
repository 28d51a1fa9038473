"""The training of those whom somebody answers for: one row a person and course, and one for who holds nothing."""

from dataclasses import dataclass
from datetime import date, datetime

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict

from bookings import holding
from bookings.holding import Holding, Standing
from frontend.agency_bookings.whose import STAFF
from frontend.holding import words
from people.models import Person
from people.names import match_key

NOTHING = "nothing"
# What the list may be filtered by: its word, and the standings that it is about. Nothing: not even a booking.
FILTERS: dict[str, tuple[str, frozenset[Standing]]] = {
    "held": ("Held, in grace too", holding.COUNTS),
    "due": ("Due: lapsing soon, in grace or lapsed", holding.DUE),
    "missed": ("Missed, or attended in part", holding.MISSED),
    "booked": ("Booked, never attended", frozenset({Standing.BOOKED})),
    NOTHING: ("Nothing yet", frozenset()),
}


TO_BOOK = holding.DUE | holding.MISSED


@dataclass(frozen=True, slots=True)
class Row:
    """One person's standing with one course; without a holding, somebody who has nothing yet."""

    name: str
    agency: str
    staff_group: str
    holding: Holding | None
    reference: str
    # Among whom they are booked: one's staff, or the people of an agency that one leads.
    of: str

    @property
    def course(self) -> str:
        return self.holding.course if self.holding else ""

    @property
    def standing(self) -> str:
        return self.holding.standing.label if self.holding else "Nothing yet"

    @property
    def tone(self) -> str:
        return words.TONES[self.holding.standing] if self.holding else "grey"

    @property
    def attended_on(self) -> date | None:
        return self.holding.attended_on if self.holding else None

    @property
    def until(self) -> str:
        return words.until(self.holding) if self.holding else ""

    @property
    def is_to_book(self) -> bool:
        """Whether the course is due or was missed, and no coming date is booked."""
        return self.holding is not None and self.holding.standing in TO_BOOK and self.holding.next_at is None

    @property
    def code(self) -> str:
        return self.holding.code if self.holding else ""

    @property
    def next_at(self) -> datetime | None:
        return self.holding.next_at if self.holding else None


class StaffFilter(forms.Form):
    """Bound to the address. What makes no sense is told and filters nothing."""

    q = forms.CharField(label="Name or course", required=False, max_length=100)
    state = forms.ChoiceField(
        label="Training",
        required=False,
        choices=[("", "All"), *((key, label) for key, (label, _) in FILTERS.items())],
    )

    def applied_to(self, rows: list[Row]) -> list[Row]:
        self.is_valid()
        asked = self.cleaned_data
        if state := asked.get("state"):
            _, standings = FILTERS[state]
            rows = [row for row in rows if (row.holding.standing in standings if row.holding else state == NOTHING)]
        for word in match_key(asked.get("q", "")).split():
            rows = [row for row in rows if word in match_key(f"{row.name} {row.course}")]
        return rows


def answered_for_by(person: Person) -> QuerySet[Person]:
    """Whom the person manages, and the people of the agencies that they lead, themselves aside."""
    theirs = Person.objects.employed().filter(Q(line_manager=person) | Q(agency__in=person.led_agencies))
    return theirs.exclude(pk=person.pk)


def rows_for(person: Person) -> list[Row]:
    """Of all whom the person answers for, by name and course. Two queries."""
    people = answered_for_by(person)
    held: dict[int, list[Holding]] = {}
    for one in holding.of(people):
        held.setdefault(one.person, []).append(one)
    known = people.order_by("sort_name", "pk").values_list(
        "pk", "name", "agency__name", "staff_group__name", "reference", "line_manager", "agency__reference"
    )
    return [
        Row(name, agency, group or "", of_course, reference, STAFF if manager == person.pk else agency_reference)
        for pk, name, agency, group, reference, manager, agency_reference in known
        for of_course in (held.get(pk) or (None,))
    ]


def asked_for(asked: QueryDict, person: Person) -> tuple[StaffFilter, list[Row]]:
    """The filter that an address asks for, and the rows that it leaves."""
    form = StaffFilter(asked)
    return form, form.applied_to(rows_for(person))

"""Whose people somebody may book many of at once: their staff, the agencies that they lead, and as coordinator any."""

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import QueryDict

from people.matching import Circle
from people.models import Agency, Person
from people.permissions import Right, may

STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Whose:
    """People to choose among, as an address names them and as a page does."""

    key: str
    words: str
    circle: Circle


class WhoseForm(forms.Form):
    """Bound to the address."""

    of = forms.ChoiceField(label="Whose people?", error_messages={"required": "Select whose people you mean"})

    def __init__(self, asked: QueryDict, found: list[Whose]) -> None:
        super().__init__(asked if "of" in asked else None)
        field = cast(forms.ChoiceField, self.fields["of"])
        choices = [(one.key, one.words) for one in found]
        if len(choices) > 5:  # more are found quicker in a list that opens
            choices = [("", "Choose an agency"), *choices]
        else:
            field.widget = forms.RadioSelect()
        field.choices = choices


def books_others(person: Person) -> bool:
    """Whether there is anybody else whom the person may book."""
    return leads(person) or person.is_line_manager


def leads(person: Person) -> bool:
    """Whether the person books for an agency: as its lead, or as coordinator for any."""
    return may(person, Right.CHANGE_BOOKINGS) or bool(person.led_agencies)


def agencies_of(person: Person) -> list[Whose]:
    """The agencies that the person books for. One query, none for who does for none."""
    if not leads(person):
        return []
    agencies = Agency.objects.all()
    if not may(person, Right.CHANGE_BOOKINGS):
        agencies = agencies.filter(pk__in=person.led_agencies)
    return [Whose(one.reference, one.name, Circle(agency=one)) for one in agencies]


def all_of(person: Person) -> list[Whose]:
    """As agencies_of(), and the person's own staff."""
    found = agencies_of(person)
    if person.is_line_manager:
        found.append(Whose(STAFF, "The people whose line manager you are", Circle(manager=person)))
    return found


def chosen(asked: QueryDict, found: list[Whose]) -> Whose | None:
    """The one that the address names, or the only one there is."""
    if len(found) == 1 and "of" not in asked:
        return found[0]
    return next((one for one in found if one.key == asked.get("of")), None)


def facts(whose: Whose) -> dict[str, Any]:
    """What a page says of them."""
    is_staff = whose.circle.agency is None
    return {"whose": whose, "is_staff": is_staff, "people_words": "your staff" if is_staff else whose.words}

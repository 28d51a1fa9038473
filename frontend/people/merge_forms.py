"""What is asked where two records are one person's: which stays, whose values, and which of two bookings."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from bookings.merging import Collision
from bookings.models import Booking
from people import merging
from people.models import Person

FIELDS = {
    "name": "Name",
    "email": "Email address",
    "agency": "Agency",
    "staff_group": "Staff group",
    "line_manager": "Line manager",
}


def shown(person: Person, name: str) -> str:
    """A field's value in words."""
    return str(getattr(person, name) or "None")


def suggested(people: Sequence[Person]) -> Person:
    """The record to keep, if nobody says otherwise: of who is here, who signs in, the older one."""
    return min(people, key=lambda one: (one.left_on is not None, one.account_id is None, one.pk))


class MergeForm(forms.Form):
    """Bound to what was chosen; the fields are those in which the two differ, and the events of both."""

    def __init__(self, data: QueryDict | None, people: Sequence[Person], pairs: Iterable[Collision]) -> None:
        super().__init__(data)
        self.people, self.pairs = people, [pair for pair in pairs if pair.is_to_choose]
        best = suggested(people)
        names = [(one.reference, f"{one.name}, {one.agency.name}, {one.email or 'no address'}") for one in people]
        self.fields["keep"] = _radios("Which record stays", names, best.reference)
        for name, label in FIELDS.items():
            if len({shown(one, name) for one in people}) > 1:
                values = [(one.reference, shown(one, name)) for one in people]
                filled = best if getattr(best, name) else next(one for one in people if one != best)
                self.fields[name] = _radios(label, values, filled.reference)
        for pair in self.pairs:
            self.fields[f"event-{pair.event.reference}"] = _radios(
                f"Which booking on {pair.event} stays",
                [(one.reference, _booking(one, people)) for one in (pair.kept, pair.gone)],
                pair.better.reference,
            )

    @property
    def kept(self) -> Person:
        return next(one for one in self.people if one.reference == self.cleaned_data["keep"])

    @property
    def gone(self) -> Person:
        return next(one for one in self.people if one != self.kept)

    @property
    def take(self) -> list[str]:
        """The fields whose values come from the record that goes."""
        return [name for name in merging.FIELDS if self.cleaned_data.get(name) == self.gone.reference]

    @property
    def given_up(self) -> list[Booking]:
        both = {one.reference: one for pair in self.pairs for one in (pair.kept, pair.gone)}
        stay = {self.cleaned_data[f"event-{pair.event.reference}"] for pair in self.pairs}
        return [one for reference, one in both.items() if reference not in stay]

    def result(self) -> list[tuple[str, str]]:
        """What the record will say."""
        whose = self.gone, self.kept
        return [(label, shown(whose[name not in self.take], name)) for name, label in FIELDS.items()]


def _radios(label: str, choices: list[tuple[str, str]], initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        initial=initial,
        widget=forms.RadioSelect,
        error_messages={"required": f"{label}: select one"},
    )


def _booking(booking: Booking, people: Sequence[Person]) -> str:
    whose = next(one for one in people if one.pk == booking.delegate_id)
    return f"{booking.get_state_display()}, booked for {whose.name} on {booking.booked_at:%-d %B %Y}"


def kept_values(data: QueryDict) -> list[tuple[str, Any]]:
    """What was chosen, for the check page to hand on."""
    return [(name, value) for name, value in data.items() if name == "keep" or name in FIELDS or name[:6] == "event-"]

"""What is asked when somebody has left: the last day, and what becomes of each booking."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from bookings.leavers import Choice, Coming, What
from frontend.dates import DateField
from people.models import Person
from people.names import match_key, sort_key
from training.moments import until

WORDS = {
    What.RELEASE: "Release it: the place goes to others",
    What.ASK: "Ask for a colleague",
    What.SEND: "Send this colleague",
    What.LEAVE: "Leave it as it is",
}


class LeavingForm(forms.Form):
    """A pair of fields for each booking to come: what becomes of it, and who goes instead."""

    left_on = DateField(label="Their last day", help_text="Today or earlier.")

    def __init__(self, data: QueryDict | None, *, coming: list[Coming], can_ask: bool) -> None:
        super().__init__(data, initial={"left_on": timezone.localdate()})
        self.coming = coming
        self._colleagues: dict[str, Person] = {}
        for one in coming:
            reference = one.booking.reference
            words = [(what, self._words(what, one)) for what in What if _can_be(what, one, can_ask)]
            self.fields[f"do-{reference}"] = forms.ChoiceField(
                label=f"What happens with {one.booking.event}",
                choices=words,
                widget=forms.RadioSelect,
                error_messages={"required": f"Select what happens with {one.booking.event}"},
            )
            if one.can_be_taken_over:
                self.fields[f"who-{reference}"] = forms.CharField(
                    label="Colleague",
                    help_text="Full name or email address, if somebody of the agency goes instead.",
                    max_length=200,
                    required=False,
                    widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
                )

    @staticmethod
    def _words(what: What, one: Coming) -> str:
        if what == What.ASK and one.kept_until:
            return f"{WORDS[what]}: the place is kept until {until(one.kept_until)}, then it goes to others"
        return WORDS[what]

    @property
    def questions(self) -> list[tuple[Coming, list[Any]]]:
        """Each booking with its fields."""
        return [
            (
                one,
                [
                    self[name]
                    for name in (f"do-{one.booking.reference}", f"who-{one.booking.reference}")
                    if name in self.fields
                ],
            )
            for one in self.coming
        ]

    def clean_left_on(self) -> date:
        day: date = self.cleaned_data["left_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Their last day must be today or earlier")
        return day

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        sends = [one.booking for one in self.coming if given.get(f"do-{one.booking.reference}") == What.SEND]
        found = self._found([given.get(f"who-{booking.reference}", "") for booking in sends])
        for booking in sends:
            typed = given.get(f"who-{booking.reference}", "")
            fits = [one for one in found if _fits(one, typed) and one.agency_id == booking.agency_id]
            if len(fits) == 1 and fits[0].pk != booking.delegate_id:
                self._colleagues[booking.reference] = fits[0]
            else:
                several = f"Several here are called {typed}: enter the address of one"
                nobody = f"Nobody of {booking.agency} has this name or address. Add them to the people first"
                self.add_error(
                    f"who-{booking.reference}", several if len(fits) > 1 else nobody if typed else "Enter who goes"
                )
        return given

    def _found(self, typed: list[str]) -> list[Person]:
        words = [text for text in typed if text]
        if not words:
            return []
        asked = Q(email__in=[text.lower() for text in words]) | Q(sort_name__in=map(sort_key, words))
        return list(Person.objects.employed().filter(asked))

    def choices(self) -> dict[str, Choice]:
        """By each booking's reference."""
        keys = [one.booking.reference for one in self.coming]
        return {key: Choice(What(self.cleaned_data[f"do-{key}"]), self._colleagues.get(key)) for key in keys}

    def result(self) -> list[tuple[Coming, str]]:
        """Each booking, and what becomes of it in words."""
        chosen = self.choices()
        return [(one, self._said(one, chosen[one.booking.reference])) for one in self.coming]

    def _said(self, one: Coming, choice: Choice) -> str:
        if choice.colleague:
            return f"{choice.colleague} goes instead"
        return self._words(choice.what, one)


def _can_be(what: What, one: Coming, can_ask: bool) -> bool:
    if what == What.ASK:
        return can_ask and one.can_wait
    return one.can_be_taken_over if what == What.SEND else True


def _fits(person: Person, typed: str) -> bool:
    return person.email == typed.lower() or match_key(person.name) == match_key(typed)

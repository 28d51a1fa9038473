"""What is asked about trainers."""

from typing import Any

from django import forms
from django.http import QueryDict

from frontend.dates import DateField
from people.models import Person
from training.models import Course, Trainer


class TrainerForm(forms.Form):
    name = forms.CharField(
        label="Name",
        help_text="As the programme workbook writes it, if there is one: trainers are known by it.",
        max_length=200,
        error_messages={"required": "Enter the trainer’s name"},
    )
    person = forms.CharField(
        label="Who they are here",
        help_text="Their work email address, or the reference of their record. They then see the registers of their "
        "sessions. Leave it empty where they do not sign in.",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    is_retired = forms.BooleanField(
        label="Does not train any more",
        help_text="They are not offered for new dates; what they gave stays.",
        required=False,
    )

    def __init__(self, data: QueryDict | None, trainer: Trainer | None = None) -> None:
        initial: dict[str, Any] = {}
        if trainer is not None:
            person = trainer.person
            known_by = (person.email or person.reference) if person else ""
            initial = {"name": trainer.name, "person": known_by, "is_retired": trainer.is_retired}
        super().__init__(data, initial=initial)
        self.now = trainer.person if trainer else None
        if trainer is None:
            del self.fields["is_retired"]

    def clean_person(self) -> Person | None:
        said: str = self.cleaned_data["person"].strip()
        if not said:
            return None
        if self.now and said in (self.now.email, self.now.reference):
            return self.now
        column = "email" if "@" in said else "reference"
        found = list(Person.objects.employed().filter(**{f"{column}__iexact": said})[:2])
        if not found:
            raise forms.ValidationError("Nobody here is known by that. Add them under People first")
        if len(found) > 1:
            raise forms.ValidationError("Several people share this address. Enter the reference of the right record")
        return found[0]


class ClearanceForm(forms.Form):
    course = forms.ModelChoiceField(
        label="Course",
        queryset=Course.objects.all(),
        empty_label="Choose a course",
        error_messages={"required": "Select the course that they may deliver"},
    )
    until = DateField(label="Until", help_text="The last day. Leave it empty if there is none.", required=False)
    evidence = forms.CharField(
        label="How you know",
        help_text="For example: train the trainer on 3 March, observed twice.",
        required=False,
        max_length=200,
    )


class AwayForm(forms.Form):
    first_on = DateField(label="First day", error_messages={"required": "Enter the first day"})
    last_on = DateField(label="Last day", help_text="Leave it empty where it is one day.", required=False)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        given["last_on"] = given.get("last_on") or given.get("first_on")
        return given

"""The list that somebody pastes or ticks, and how many places are reserved until when."""

from typing import Any, cast

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.http import QueryDict

from bookings.several import MOST
from frontend.dates import DateField
from people import pasted

LONGEST = 50_000


class PastedField(forms.CharField):
    """Text that is never refused for what is in it: each line says by itself what is wrong with it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators = [one for one in self.validators if not isinstance(one, ProhibitNullCharactersValidator)]

    def to_python(self, value: Any) -> str:
        return cast(str, super().to_python(value)).replace("\0", "\ufffd")


class ListForm(forms.Form):
    """People line by line, and those who were ticked."""

    list = PastedField(
        label="Paste the list",
        required=False,
        strip=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"max_length": f"The list has more than {LONGEST:,} characters. Paste it in two parts."},
    )

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data)
        self.ticked = data.getlist("people") if data is not None else []
        self.entries: list[pasted.Entry] = []

    def clean(self) -> dict[str, Any]:
        self.entries = pasted.read(self.cleaned_data.get("list", ""))
        count = len(self.entries) + len(self.ticked)
        if not count and "list" not in self.errors:
            self.add_error("list", "Paste a list, or tick people below it")
        if count > MOST:
            self.add_error(
                "list",
                f"{count} people are in the list, and {MOST} at most are booked at once. Take some out and book them "
                "afterwards.",
            )
        return self.cleaned_data


class ReserveForm(forms.Form):
    """How many, and until when they are named."""

    places = forms.IntegerField(
        label="How many places",
        min_value=1,
        max_value=MOST,
        error_messages={
            "required": "Enter how many places you want to reserve",
            "min_value": "Reserve at least 1 place",
            "max_value": f"Reserve at most {MOST} places at once",
        },
    )
    named_until = DateField(
        label="The last day to name them",
        error_messages={"required": "Enter the last day on which you name them"},
    )

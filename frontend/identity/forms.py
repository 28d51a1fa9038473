"""Who is at the keyboard, where several share a mailbox."""

from typing import Any, cast

from django import forms

from people.models import Person


class WhoAreYouForm(forms.Form):
    person = forms.ChoiceField(
        label="Who are you?",
        help_text="Several people sign in with this email address. What you do is recorded under the name you choose.",
        widget=forms.RadioSelect,
        error_messages={"required": "Select your name", "invalid_choice": "Select your name"},
    )

    def __init__(self, *args: Any, persons: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["person"])
        field.choices = [(person.reference, f"{person.name}, {person.agency.name}") for person in persons]

"""What is asked about a register: how many were in the room, and why it is opened again."""

from typing import Any

from django import forms


class HandInForm(forms.Form):
    """The head count. Where it and the marks differ, or somebody is not marked, that has to be confirmed."""

    head_count = forms.IntegerField(
        label="How many people did you count in the room?",
        help_text="Delegates only, walk-ins included. Not yourself.",
        min_value=0,
        max_value=5000,
        error_messages={"required": "Enter how many people you counted in the room"},
    )
    as_it_is = forms.BooleanField(label="This is right: hand it in as it is", required=False)

    def __init__(self, *args: Any, in_the_room: int, unmarked: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.in_the_room, self.unmarked = in_the_room, unmarked

    @property
    def differs(self) -> bool:
        """Whether the count entered is another than the marks say."""
        return self.is_bound and self.cleaned_data.get("head_count") not in (None, self.in_the_room)

    @property
    def asks(self) -> bool:
        """Whether the person is asked to confirm."""
        return self.is_bound and (self.differs or bool(self.unmarked)) and "head_count" in self.cleaned_data

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.asks and not cleaned.get("as_it_is"):
            self.add_error("as_it_is", "Check the register, or confirm that it is right as it is")
        return cleaned


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label="Why is it opened again?",
        help_text="It is kept with the register.",
        max_length=200,
        error_messages={"required": "Enter why it is opened again"},
    )

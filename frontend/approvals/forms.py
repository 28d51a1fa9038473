"""What is asked of who declines, of who names a deputy, and of who has to say who approves."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from bookings import approvers
from bookings.refusals import NobodyToAsk
from frontend.dates import DateField
from people.models import Person

MANAGER, LEAD = "manager", "lead"
EMAIL = {"autocomplete": "off", "spellcheck": "false"}


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label="Why not (optional)",
        help_text="They get these words by email.",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PersonForm(forms.Form):
    """Somebody by their exact address: nobody is listed."""

    email = forms.EmailField(
        label="Work email address", max_length=200, widget=forms.EmailInput(attrs=EMAIL), required=False
    )
    name = forms.CharField(
        label="Full name, if several people share this address",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs=EMAIL),
    )


class DeputyForm(PersonForm):
    starts_on = DateField(label="From", error_messages={"required": "Enter the first day"})
    ends_on = DateField(label="Until and including", error_messages={"required": "Enter the last day"})
    field_order = ("email", "name", "starts_on", "ends_on")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"starts_on": timezone.localdate()})
        self.fields["email"].required = True
        self.fields["email"].error_messages["required"] = "Enter your deputy’s work email address"


class ApproverForm(PersonForm):
    """Who is asked to approve a booking, where no line manager is known."""

    who = forms.ChoiceField(
        label="Who is to approve your place?",
        choices=[(MANAGER, "My line manager"), (LEAD, "My agency’s training lead")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select who is to approve your place"},
    )
    field_order = ("who", "email", "name")

    def __init__(self, data: QueryDict | None, *, delegate: Person, asked: dict[str, str] | None) -> None:
        who = {} if asked is None else {"who": MANAGER if asked["email"] else LEAD}
        super().__init__(data, initial={**(asked or {}), **who})
        self.delegate = delegate

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("who") == MANAGER and "email" not in self.errors:
            if not given.get("email"):
                self.add_error("email", "Enter your line manager’s work email address")
            else:
                self._find(given["email"], given.get("name", ""))
        return given

    def _find(self, email: str, name: str) -> None:
        try:
            approvers.find(delegate=self.delegate, email=email, name=name)
        except NobodyToAsk as refusal:
            self.add_error("email", str(refusal))

    @property
    def asked(self) -> dict[str, str]:
        """Address and name of the line manager; both empty where it is the training lead."""
        is_manager = self.cleaned_data["who"] == MANAGER
        return {key: self.cleaned_data[key] if is_manager else "" for key in ("email", "name")}

"""What a new token is for, and for how long."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone

from api.models import Scope
from frontend.formats import full_date

DAYS = (30, 90, 180, 365)


class TokenForm(forms.Form):
    name = forms.CharField(
        label="What is it for?",
        help_text="So that you know it again, for example “Spreadsheet of the duty desk”.",
        max_length=100,
        error_messages={"required": "Enter what it is for"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label="What may a program do with it?",
        help_text="It can never do more than you can. Choose as little as it needs.",
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select what a program may do with it"},
    )
    days = forms.ChoiceField(
        label="For how long?",
        help_text="After that it lets nobody in, and you make another one.",
        widget=forms.RadioSelect,
        error_messages={"required": "Select for how long"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        cast(forms.ChoiceField, self.fields["days"]).choices = [
            (str(days), f"{days} days, until {full_date(today + timedelta(days=days))}") for days in DAYS
        ]

    @property
    def expires_on(self) -> date:
        return timezone.localdate() + timedelta(days=int(self.cleaned_data["days"]))

"""What training is looked for by."""

from datetime import date
from typing import Any, cast

from django import forms
from django.http import QueryDict

from frontend import formats
from frontend.choosing_from import Offered
from frontend.finding.listing import Asked
from training.models import Course

MONTH = "month"


class FindFilter(forms.Form):
    """Bound to the address. What makes no sense is told and filters nothing."""

    q = forms.CharField(label="What are you looking for?", required=False, max_length=100)
    topic = forms.ChoiceField(label="Topic", required=False)
    month = forms.ChoiceField(label="Month", required=False)
    venue = forms.ChoiceField(label="Venue", required=False)
    delivery = forms.ChoiceField(label="Delivery", required=False)
    level = forms.ChoiceField(label="Level", required=False)
    group = forms.ChoiceField(label="Staff group", required=False)
    free = forms.BooleanField(label="Only dates with places left", required=False)
    view = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)

    def __init__(self, asked: QueryDict, choices: Offered) -> None:
        self.months = choices.months
        data: dict[str, Any] = {name: value for name, value in asked.items() if value}
        self.is_by_month = data.get("view") == MONTH and bool(self.months)
        # A calendar is always of one month: the first in which there is something, unless another is asked for.
        initial = {"month": f"{self.months[0]:%Y-%m}"} if self.is_by_month else {}
        super().__init__(initial | data, initial=initial)
        everything = [] if self.is_by_month else [("", "Any month")]
        months = [(f"{month:%Y-%m}", formats.full_month(month)) for month in self.months]
        self._offer("month", [*everything, *months])
        self._offer("delivery", [("", "Any delivery"), *Course.Delivery.choices])
        for name, any_of_them in (
            ("topic", "Any topic"),
            ("venue", "Any venue"),
            ("level", "Any level"),
            ("group", "All staff groups"),
        ):
            self._offer(name, [("", any_of_them), *choices.kinds.get(name, [])])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        if len(choices) > 1 or "" not in dict(choices):
            cast(forms.ChoiceField, self.fields[name]).choices = choices
        else:  # with nothing to choose from it would only be in the way
            del self.fields[name]

    @property
    def filters(self) -> list[forms.BoundField]:
        """The fields besides the words."""
        return [bound for bound in self if bound.name != "q" and not bound.is_hidden]

    @property
    def used(self) -> int:
        """How many of them are set."""
        return len(set(self.changed_data) - {"q", "view"})

    def asked(self) -> Asked:
        """What is asked for, as far as it makes sense."""
        self.is_valid()
        found = {name: value for name, value in self.cleaned_data.items() if value}
        return Asked(
            words=found.get("q", ""),
            topic=int(found.get("topic", 0)),
            month=self.month_of(found.get("month", "")),
            venue=int(found.get("venue", 0)),
            delivery=found.get("delivery", ""),
            level=found.get("level", ""),
            group=int(found.get("group", 0)),
            free=bool(found.get("free")),
        )

    def month_of(self, key: str) -> date | None:
        """The month; of a calendar the first one where what was asked for makes no sense."""
        found = next((month for month in self.months if f"{month:%Y-%m}" == key), None)
        return self.months[0] if found is None and self.is_by_month else found

"""What the programme is filtered by."""

from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from frontend.programme import listing
from training.financial_year import FinancialYear

ALL = "all"
MONTH, BOARD = "month", "board"
# Years of the calendar: beyond them are no dates, and in the end none that a date can say.
EARLIEST, LATEST = 1990, 2190


class ProgrammeFilter(forms.Form):
    """Bound to the address. What is not given is the default, what makes no sense is told and filters nothing."""

    q = forms.CharField(label="Course or reference", required=False, max_length=100)
    year = forms.ChoiceField(label="Financial year", required=False)
    state = forms.ChoiceField(label="State", required=False)
    course = forms.ChoiceField(label="Course", required=False)
    venue = forms.ChoiceField(label="Venue", required=False)
    sort = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    view = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    month = forms.RegexField(r"^[0-9]{4}-(0[1-9]|1[0-2])$", required=False, widget=forms.HiddenInput)

    def __init__(self, asked: QueryDict, *, choices: listing.Choices, is_public: bool) -> None:
        """is_public: for who reads the public programme, which opens on what is coming, in whatever year."""
        initial = {"year": ALL if is_public else choices.current.code, "state": "coming" if is_public else ALL}
        data: dict[str, Any] = initial | {name: value for name, value in asked.items() if value}
        self.is_by_month = data.get("view") == MONTH
        self.is_board = data.get("view") == BOARD and not is_public
        super().__init__(data, initial=initial)
        if self.is_by_month:  # a month lies in its year
            del self.fields["year"]
        states = listing.PUBLIC_STATES if is_public else listing.STATES
        if "year" in self.fields:
            self._offer("year", "All years", [(year.code, year.label) for year in choices.years])
        self._offer("state", "All states", [(key, listing.STATES[key]) for key in states])
        self._offer("course", "All courses", choices.courses)
        self._offer("venue", "All venues", choices.venues)

    def _offer(self, name: str, everything: str, choices: list[tuple[str, str]]) -> None:
        # The default year may have no event: an empty programme.
        cast(forms.ChoiceField, self.fields[name]).choices = [
            (ALL if name in self.initial else "", everything),
            *choices,
        ]

    def applied_to(self, events: listing.Counted) -> listing.Counted:
        """The events that the filter leaves, in its order."""
        asked = {name: value for name, value in self.cleaned().items() if value not in ("", ALL)}
        if "year" in asked:
            events = listing.in_year(events, FinancialYear.parse(asked["year"]))
        if self.is_by_month:
            events = listing.in_month(events, self.shown_month)
        if "state" in asked:
            events = listing.in_state(events, asked["state"])
        if "course" in asked:
            events = events.filter(course__code=asked["course"])
        if "venue" in asked:
            events = listing.at_venue(events, int(asked["venue"]))
        for word in asked.get("q", "").split():
            events = events.filter(
                Q(reference__icontains=word) | Q(course__title__icontains=word) | Q(course__code__iexact=word)
            )
        return listing.sorted_by(events, asked.get("sort", "date"))

    @property
    def shown_month(self) -> date:
        """Of the calendar: the one asked for, else the present one."""
        asked = self.cleaned().get("month") or f"{timezone.localdate():%Y-%m}"
        year, month = map(int, asked.split("-"))
        return date(min(max(year, EARLIEST), LATEST), month, 1)

    def cleaned(self) -> dict[str, str]:
        self.is_valid()
        return self.cleaned_data

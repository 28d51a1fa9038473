"""The way to a person: search by name or address, choose from who is found, or enter somebody new."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from django import forms
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404

from bookings.models import Booking
from bookings.refusals import BookingRefused
from frontend.returning import kept_list
from people import persons
from people.models import Agency, Person
from people.names import match_key

MOST = 20


class SearchForm(forms.Form):
    q = forms.CharField(
        label="Name or email address",
        max_length=100,
        error_messages={"required": "Enter a name or an email address"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class FoundForm(forms.Form):
    """One of those whom a search found."""

    person = forms.ChoiceField(
        label="Who is it?", widget=forms.RadioSelect, error_messages={"required": "Select who it is"}
    )

    def __init__(self, data: QueryDict | None, found: list[Person]) -> None:
        super().__init__(data)
        choices = [(person.reference, f"{person.name}, {person.agency.name}") for person in found]
        cast(forms.ChoiceField, self.fields["person"]).choices = choices


class NewPersonForm(forms.Form):
    """Somebody who may be new here."""

    name = forms.CharField(
        label="Full name",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter their full name"},
    )
    agency = forms.ModelChoiceField(
        label="Agency",
        queryset=Agency.objects.none(),
        empty_label="Choose an agency",
        error_messages={"required": "Select their agency"},
    )
    email = forms.EmailField(
        label="Work email address",
        help_text="Leave it empty if there is none: their messages then go to their agency’s training lead.",
        max_length=200,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Agency]", self.fields["agency"]).queryset = agencies

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not match_key(name):
            raise forms.ValidationError("Enter a name with letters in it")
        return name

    def known(self) -> Person | None:
        """Who was entered, where they are not new."""
        entered = self.cleaned_data
        return persons.find(name=entered["name"], agency=entered["agency"], email=entered["email"])

    @transaction.atomic
    def then(self, change: Callable[[Person], Booking]) -> Booking:
        """Make the change for who was entered, as they are known or new. Nobody is added if it is refused."""
        entered = self.cleaned_data
        return change(persons.find_or_add(name=entered["name"], agency=entered["agency"], email=entered["email"]))


@dataclass
class Choosing:
    """Where the one who asks is on the way. A name is never in an address: those are kept in logs."""

    # Whom they may choose, and of which agencies somebody new may be.
    among: QuerySet[Person]
    agencies: QuerySet[Agency]
    shows_emails: bool
    # Whether somebody new may be entered.
    adds: bool = True
    step: Literal["search", "found", "new", "check"] = "search"
    search: SearchForm = field(default_factory=SearchForm)
    new: NewPersonForm | None = None
    found: FoundForm | None = None
    hints: dict[str, str] = field(default_factory=dict)
    is_cut: bool = False
    person: Person | None = None
    # Whether they were entered as somebody new.
    is_known: bool = False
    # Where who was chosen from those found, or entered and known, is checked, before anything is done.
    next: str = ""

    def take(self, request: HttpRequest) -> None:
        """Read how far the request has come."""
        asked = request.POST if request.method == "POST" else request.GET
        if asked.get("step") == "found" and "person" not in asked:
            self._search(SearchForm(asked), chosen=asked)
        elif "person" in asked:
            self.step, self.is_known = "check", "known" in asked
            self.person = get_object_or_404(self.among.select_related("agency"), reference=asked["person"])
            if asked.get("step") == "found":
                self.next = request.path + kept_list(request, person=self.person.reference)
        elif "new" in asked and self.adds:
            self._enter(request, NewPersonForm(request.POST if "name" in asked else None, agencies=self.agencies))
        elif request.method == "POST":
            self._search(SearchForm(request.POST))

    def _enter(self, request: HttpRequest, form: NewPersonForm) -> None:
        self.step, self.new = "new", form
        known = form.known() if form.is_valid() else None
        if known and self.among.filter(pk=known.pk).exists():
            self.next = request.path + kept_list(request, person=known.reference, known="1")

    def _search(self, form: SearchForm, chosen: QueryDict | None = None) -> None:
        self.search = form
        if not form.is_valid():
            return
        fits = Q(email=form.cleaned_data["q"].lower())
        words = [key for word in form.cleaned_data["q"].split() if (key := match_key(word))]
        if words:
            fits |= Q(*[Q(sort_name__contains=word) for word in words])
        people = list(self.among.filter(fits).select_related("agency", "staff_group").order_by("sort_name")[: MOST + 1])
        self.step, self.is_cut = "found", len(people) > MOST
        self.found = FoundForm(chosen, people[:MOST]) if people else None
        self.hints = {person.reference: self._hint(person) for person in people[:MOST]}

    @property
    def has_errors(self) -> bool:
        return any(form.errors for form in (self.search, self.found, self.new) if form)

    def _hint(self, person: Person) -> str:
        return person.email if self.shows_emails else str(person.staff_group or "")

    def done(self, change: Callable[[Person], Booking]) -> Booking | None:
        """Make the change for who was chosen or entered; None where the form was not right. Raises BookingRefused."""
        if self.person:
            return change(self.person)
        if self.new is None or not self.new.is_valid():
            return None
        return self.new.then(lambda person: change(self._allowed(person)))

    def _allowed(self, person: Person) -> Person:
        if self.among.filter(pk=person.pk).exists():
            return person
        raise BookingRefused(
            f"{person.name} is recorded under another agency. Ask the training team to put that right first."
        )

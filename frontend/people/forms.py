"""What is asked about people: whom to list, what is right, since when, and which role."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from frontend.dates import DateField
from frontend.people import listing
from people.models import Agency, Person, Role, StaffGroup

ALL = "all"
NO_MAILBOX = "Leave it empty if there is none: their messages then go to their agency’s training lead."


class PeopleFilter(forms.Form):
    """Bound to the address. What is not given is the default, what makes no sense is told and filters nothing."""

    q = forms.CharField(label="Name or email address", required=False, max_length=100)
    agency = forms.ChoiceField(label="Agency", required=False)
    group = forms.ChoiceField(label="Staff group", required=False)
    role = forms.ChoiceField(label="Role", required=False, choices=[("", "All roles"), *Role.choices])
    state = forms.ChoiceField(label="State", required=False)
    sort = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, asked: QueryDict, *, agencies: QuerySet[Agency], knows_accounts: bool) -> None:
        initial = {"state": "here"}
        super().__init__(initial | {name: value for name, value in asked.items() if value}, initial=initial)
        groups = StaffGroup.objects.values_list("pk", "name")
        states = {
            key: words for key, words in listing.STATES.items() if knows_accounts or key not in listing.OF_ACCOUNTS
        }
        found = list(agencies.order_by("name").values_list("reference", "name"))
        self._offer("agency", "", "All agencies", found)
        self._offer("group", "", "All staff groups", [(str(pk), name) for pk, name in groups])
        self._offer("state", ALL, "All", list(states.items()))
        if len(found) == 1 and not knows_accounts:  # a lead, and there is nothing to choose
            del self.fields["agency"]

    def _offer(self, name: str, everything: str, words: str, choices: list[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = [(everything, words), *choices]

    def applied_to(self, people: QuerySet[Person]) -> QuerySet[Person]:
        """The people whom the filter leaves, in its order."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value not in ("", ALL)}
        if "state" in asked:
            people = listing.in_state(people, asked["state"])
        if "agency" in asked:
            people = people.filter(agency__reference=asked["agency"])
        if "group" in asked:
            people = people.filter(staff_group=int(asked["group"]))
        if "role" in asked:
            people = listing.with_role(people, asked["role"])
        return listing.sorted_by(listing.found(people, asked.get("q", "")), asked.get("sort", "name"))


def _name() -> forms.CharField:
    return forms.CharField(
        label="Full name",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter their full name"},
    )


def _email() -> forms.EmailField:
    return forms.EmailField(
        label="Work email address",
        help_text=NO_MAILBOX,
        max_length=200,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


def _group() -> "forms.ModelChoiceField[StaffGroup]":
    return forms.ModelChoiceField(
        label="Staff group", queryset=StaffGroup.objects.all(), required=False, empty_label="Not known"
    )


class CorrectionForm(forms.Form):
    name = _name()
    email = _email()
    staff_group = _group()
    is_off_lists = forms.BooleanField(
        label="Keep their name off badges and printed lists",
        help_text="For who must not be found by somebody. Trainers still have them on their register.",
        required=False,
    )


class NewPersonForm(forms.Form):
    """Somebody who is new here, and whether they are told."""

    name = _name()
    email = _email()
    agency = forms.ModelChoiceField(
        label="Agency",
        queryset=Agency.objects.none(),
        empty_label="Choose an agency",
        error_messages={"required": "Select their agency"},
    )
    staff_group = _group()
    invite = forms.BooleanField(
        label="Tell them by email how to sign in",
        help_text="They can also sign in without it: they are known by their address.",
        required=False,
    )

    def __init__(self, data: QueryDict | None, *, agencies: QuerySet[Agency]) -> None:
        only = agencies.first() if agencies.count() == 1 else None
        super().__init__(data, initial={"invite": True, "agency": only})
        cast("forms.ModelChoiceField[Agency]", self.fields["agency"]).queryset = agencies

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("invite") and not given.get("email") and "email" not in self.errors:
            self.add_error("email", "Enter the address to tell them at, or do not tell them")
        return given


class AgencyForm(forms.Form):
    """Where somebody goes, and from when."""

    agency = forms.ModelChoiceField(
        label="New agency",
        queryset=Agency.objects.all(),
        empty_label="Choose an agency",
        error_messages={"required": "Select their new agency"},
    )
    from_on = DateField(
        label="From", help_text="The first day with the new agency. It may lie in the past or in the future."
    )

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data, initial={"from_on": timezone.localdate()})


class RoleForm(forms.Form):
    """A role of those that may be given, for how long, and over which agency."""

    role = forms.ChoiceField(
        label="Role", widget=forms.RadioSelect, error_messages={"required": "Select the role to give"}
    )
    agency = forms.ModelChoiceField(
        label="Agency that they lead",
        help_text="For an agency training lead only.",
        queryset=Agency.objects.all(),
        required=False,
        empty_label="Choose an agency",
    )
    starts_on = DateField(label="First day")
    ends_on = DateField(label="Last day", help_text="Leave it empty if there is none.", required=False)

    def __init__(self, data: QueryDict | None, *, roles: list[Role], person: Person) -> None:
        only = roles[0] if len(roles) == 1 else None
        super().__init__(data, initial={"role": only, "starts_on": timezone.localdate(), "agency": person.agency_id})
        cast(forms.ChoiceField, self.fields["role"]).choices = [(role.value, role.label) for role in roles]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        starts_on, ends_on = given.get("starts_on"), given.get("ends_on")
        if given.get("role") == Role.AGENCY_LEAD and not given.get("agency"):
            self.add_error("agency", "Select the agency that they lead")
        if starts_on and starts_on < timezone.localdate():
            self.add_error("starts_on", "The first day must be today or later")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "The last day must not be before the first")
        return given

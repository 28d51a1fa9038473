"""What is asked of who joins, of who decides about them, and of who invites."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from people import domains
from people.models import Agency, Joining, StaffGroup

OTHER = "other"
WAITING, DECIDED = "waiting", "decided"


def _name(label: str, empty: str, **attributes: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=200,
        widget=forms.TextInput(attrs={"spellcheck": "false"} | attributes),
        error_messages={"required": empty},
    )


def _group() -> "forms.ModelChoiceField[StaffGroup]":
    return forms.ModelChoiceField(
        label="Staff group", queryset=StaffGroup.objects.all(), required=False, empty_label="Not known"
    )


class InvitedForm(forms.Form):
    """Who one is. The agency is the invitation's, whatever is posted."""

    name = _name("Your full name", "Enter your full name", autocomplete="name")
    staff_group = forms.ModelChoiceField(
        label="What you work as",
        queryset=StaffGroup.objects.all(),
        required=False,
        empty_label="None of these",
    )
    line_manager_email = forms.EmailField(
        label="Your line manager’s email address (optional)",
        help_text="They see your bookings, and can cancel them for you.",
        max_length=200,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        return {"agency": None} | self.cleaned_data


class JoinForm(InvitedForm):
    """With the agency: first those that the address proposes, then all, then one that is not in the list."""

    agency = forms.ChoiceField(label="Your agency", error_messages={"required": "Select your agency"})
    agency_name = forms.CharField(
        label="Its name, if it is not in the list",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    field_order = ("name", "agency", "agency_name", "staff_group", "line_manager_email")

    def __init__(self, data: QueryDict | None, *, email: str) -> None:
        agencies = list(domains.marked(email))
        likely = [agency for agency in agencies if agency.is_proposed]
        only = likely[0].reference if len(likely) == 1 else ""
        super().__init__(data, initial={"agency": only})
        self.agencies = {agency.reference: agency for agency in agencies}
        field = cast(forms.ChoiceField, self.fields["agency"])
        others = [(agency.reference, agency.name) for agency in agencies if not agency.is_proposed]
        first = [(agency.reference, agency.name) for agency in likely]
        field.choices = [("", "Choose your agency"), *first, (OTHER, "It is not in this list"), *others]
        if likely:
            place = "Proposed by" if only else "Those at the top of the list are proposed by"
            field.help_text = f"{place} your address, at {domains.of(email)}. Change it if it is wrong."

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given["agency"] == OTHER and not given.get("agency_name"):
            self.add_error("agency_name", "Enter the name of your agency")
        given["agency"] = self.agencies.get(given["agency"] or "")
        return given


class RequestsFilter(forms.Form):
    """Which of those who asked to join to list."""

    state = forms.ChoiceField(
        label="State", required=False, choices=[(WAITING, "Waiting for a decision"), (DECIDED, "Decided")]
    )

    def __init__(self, asked: QueryDict) -> None:
        super().__init__({"state": asked.get("state") or WAITING}, initial={"state": WAITING})

    @property
    def shows_decided(self) -> bool:
        self.is_valid()
        return self.cleaned_data.get("state") == DECIDED


class DecisionForm(forms.Form):
    """Who is let in, with what is put right."""

    name = _name("Full name", "Enter their full name", autocomplete="off")
    agency = forms.ModelChoiceField(
        label="Agency",
        help_text="Their bookings are charged to it.",
        queryset=Agency.objects.all(),
        empty_label="Choose an agency",
        error_messages={"required": "Select their agency"},
    )
    staff_group = _group()

    def __init__(self, data: QueryDict | None, *, joining: Joining) -> None:
        facts = {"name": joining.name, "agency": joining.agency_id, "staff_group": joining.staff_group_id}
        super().__init__(data, initial=facts)


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label="Why not",
        help_text="They get these words by email.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter why they cannot join: they are told"},
    )


class InviteForm(forms.Form):
    name = _name("Full name", "Enter their full name", autocomplete="off")
    email = forms.EmailField(
        label="Work email address",
        help_text="The invitation goes there, and only whoever reads it there can use it.",
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter their work email address"},
    )
    agency = forms.ModelChoiceField(
        label="Agency",
        queryset=Agency.objects.none(),
        empty_label="Choose an agency",
        error_messages={"required": "Select their agency"},
    )
    staff_group = _group()

    def __init__(self, data: QueryDict | None, *, agencies: QuerySet[Agency]) -> None:
        only = agencies.first() if agencies.count() == 1 else None
        super().__init__(data, initial={"agency": only})
        cast("forms.ModelChoiceField[Agency]", self.fields["agency"]).queryset = agencies

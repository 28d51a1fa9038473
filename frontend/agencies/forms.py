"""What is asked about agencies: which to list, what they are, who pays, and what else they are called."""

from typing import Any

from django import forms
from django.db.models import F, Q, QuerySet
from django.http import QueryDict

from people.models import Agency, AgencyName
from people.names import match_key

STATUTORY, NOBODY = "statutory", "nobody"
SORTS = {
    "name": ("name",),
    "type": ("type", "name"),
    "payer": ("payer__name", "name"),
    "people": ("people_here", "name"),
    "bookings": ("bookings_in_all", "name"),
}


class AgencyFilter(forms.Form):
    """Bound to the address; what makes no sense filters nothing."""

    q = forms.CharField(label="Any of its names", required=False, max_length=100)
    type = forms.ChoiceField(label="Type", required=False, choices=[("", "All types"), *Agency.Type.choices])
    only = forms.ChoiceField(
        label="Only",
        required=False,
        choices=[("", "All agencies"), (STATUTORY, "Statutory partners"), (NOBODY, "Where nobody pays yet")],
    )
    sort = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def applied_to(self, agencies: QuerySet[Agency]) -> QuerySet[Agency]:
        """The agencies that the filter leaves, in its order."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        if "type" in asked:
            agencies = agencies.filter(type=asked["type"])
        if only := asked.get("only"):
            agencies = agencies.filter(is_statutory_partner=True) if only == STATUTORY else agencies.filter(payer=None)
        if "q" in asked:
            known = AgencyName.objects.filter(key__contains=match_key(asked["q"])).values("agency")
            agencies = agencies.filter(
                Q(pk__in=known) | Q(name__icontains=asked["q"]) | Q(reference__iexact=asked["q"])
            )
        key = asked.get("sort", "name")
        names = SORTS.get(key.removeprefix("-"), SORTS["name"])
        backwards = key.startswith("-")
        return agencies.order_by(
            *[F(name).desc(nulls_last=True) if backwards else F(name).asc(nulls_last=True) for name in names], "pk"
        )


class AgencyForm(forms.Form):
    name = forms.CharField(label="Name", max_length=200, error_messages={"required": "Enter the agency’s name"})
    short_name = forms.CharField(
        label="Short name", help_text="As in “BCC”, where there is one.", max_length=40, required=False
    )
    type = forms.ChoiceField(
        label="Type",
        choices=[("", "Choose a type"), *Agency.Type.choices],
        error_messages={"required": "Select what type of agency it is"},
    )
    is_statutory_partner = forms.BooleanField(
        label="Statutory partner", help_text="The local authority, health and the police.", required=False
    )


class BillingForm(forms.Form):
    """Who pays, and where invoices go."""

    payer = forms.ModelChoiceField(
        label="Who pays its charges",
        help_text="The agency itself, the body it belongs to, or its successor. Nobody: an invoice run asks.",
        queryset=Agency.objects.all(),
        required=False,
        empty_label="Nobody",
    )
    invoice_email = forms.EmailField(
        label="Email address for its invoices",
        help_text="Where invoices go that this agency pays.",
        max_length=200,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    needs_purchase_order = forms.BooleanField(
        label="Pays only with a purchase order", help_text="Without its number no invoice is raised.", required=False
    )
    purchase_order = forms.CharField(label="Purchase order number", max_length=40, required=False)

    def __init__(self, data: QueryDict | None, *, agency: Agency) -> None:
        names = ("payer", "invoice_email", "needs_purchase_order", "purchase_order")
        initial: dict[str, Any] = {name: getattr(agency, name) for name in names}
        super().__init__(data, initial=initial)


class DomainForm(forms.Form):
    domain = forms.CharField(
        label="What their addresses end in",
        help_text="What stands behind the @, like anytown.gov.uk",
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter what their addresses end in"},
    )


class NameForm(forms.Form):
    name = forms.CharField(
        label="Another name", max_length=200, error_messages={"required": "Enter the other name of the agency"}
    )

"""What charges are filtered by, and how one is waived or disputed."""

from collections.abc import Sequence
from typing import cast

from django import forms
from django.db.models import F, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.http import QueryDict

from bookings.models import Tariff
from invoicing import dues
from invoicing.models import Charge
from invoicing.models.charge import ChargeQuerySet
from training.financial_year import FinancialYear

TO_DECIDE, TO_CREDIT = "to-decide", "to-credit"
OTHER_STATES = [("", "All states"), (TO_DECIDE, "To decide"), (TO_CREDIT, "Invoiced, to credit")]

SORTS = {
    "date": ("booking__event__ends_at", "pk"),
    "delegate": ("booking__delegate__sort_name", "pk"),
    "agency": ("booking__agency__name", "booking__event__ends_at", "pk"),
    "amount": ("net_amount", "booking__event__ends_at", "pk"),
    "state": ("state", "booking__event__ends_at", "pk"),
}


class ChargeFilter(forms.Form):
    """Bound to the address; what makes no sense filters nothing."""

    q = forms.CharField(label="Delegate, event or reference", required=False, max_length=100)
    year = forms.ChoiceField(label="Financial year", required=False)
    state = forms.ChoiceField(label="State", required=False, choices=[*OTHER_STATES, *Charge.State.choices])
    reason = forms.ChoiceField(label="Reason", required=False, choices=[("", "All reasons"), *Tariff.Reason.choices])
    agency = forms.ChoiceField(label="Agency", required=False)
    sort = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, asked: QueryDict, charges: ChargeQuerySet) -> None:
        super().__init__(asked)
        # One query for both: the agencies and the months of all the charges that the person may see.
        found = set(
            charges.order_by().values_list(
                "booking__agency__reference", "booking__agency__name", TruncMonth("booking__event__ends_at")
            )
        )
        years = sorted({FinancialYear.containing(month) for _, _, month in found if month}, reverse=True)
        agencies = sorted({(reference, name) for reference, name, _ in found}, key=lambda pair: pair[1])
        self._offer("year", [("", "All years"), *((year.code, year.label) for year in years)])
        self._offer("agency", [("", "All agencies"), *agencies])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def applied_to(self, charges: ChargeQuerySet) -> QuerySet[Charge]:
        """The charges that the filter leaves, in its order."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        if "year" in asked:
            charges = charges.filter(FinancialYear.parse(asked["year"]).holds("booking__event__ends_at"))
        if state := asked.get("state"):
            charges = _in_state(charges, state)
        if "reason" in asked:
            charges = charges.filter(reason=asked["reason"])
        if "agency" in asked:
            charges = charges.filter(booking__agency__reference=asked["agency"])
        for word in asked.get("q", "").split():
            charges = charges.filter(
                Q(booking__delegate__name__icontains=word)
                | Q(booking__event__reference__iexact=word)
                | Q(booking__event__course__title__icontains=word)
                | Q(reference__iexact=word)
                | Q(booking__reference__iexact=word)
            )
        key = asked.get("sort", "")
        names = SORTS.get(key.removeprefix("-"), SORTS["date"])
        return charges.order_by(*[F(name).desc() if key.startswith("-") else F(name).asc() for name in names])


def _in_state(charges: ChargeQuerySet, state: str) -> ChargeQuerySet:
    if state == TO_DECIDE:
        return charges.to_decide()
    return charges.filter(pk__in=dues.to_credit()) if state == TO_CREDIT else charges.filter(state=state)


class WaiverForm(forms.Form):
    waiver = forms.ChoiceField(
        label="Why is it waived?",
        choices=Charge.Waiver.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select why it is waived"},
    )
    note = forms.CharField(
        label="Note (optional)",
        help_text="Kept with the charge. Write nothing about anybody’s health.",
        required=False,
        max_length=300,
        widget=forms.Textarea,
    )


class CreditForm(forms.Form):
    """Why, where there is a choice; and the words for the document."""

    ground = forms.ChoiceField(
        label="Why is it credited?", widget=forms.RadioSelect, error_messages={"required": "Select why it is credited"}
    )
    reason = forms.CharField(
        label="The reason, as the credit note says it",
        help_text="The payer reads it, and it is kept. Write no names, and nothing about anybody’s health.",
        max_length=300,
        widget=forms.Textarea,
        error_messages={"required": "Enter the reason"},
    )

    def __init__(self, posted: QueryDict | None, *, grounds: Sequence[Charge.Waiver]) -> None:
        super().__init__(posted)
        ground = cast(forms.ChoiceField, self.fields["ground"])
        ground.choices = [(one.value, one.label) for one in grounds]
        if len(grounds) == 1:
            ground.widget, ground.initial = forms.HiddenInput(), grounds[0].value
        if Charge.Waiver.MISTAKE in grounds:
            self.fields["reason"].initial = "The register of the event was put right: this charge was not owed."


class DisputeForm(forms.Form):
    ground = forms.ChoiceField(
        label="What is wrong with it?",
        choices=Charge.Dispute.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what is wrong with the charge"},
    )

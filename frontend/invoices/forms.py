"""What invoices are filtered by, and the year of an invoice run."""

from typing import cast

from django import forms
from django.db.models import F, Q, QuerySet
from django.http import QueryDict

from invoicing.models import Invoice
from invoicing.models.invoice import InvoiceQuerySet
from training.financial_year import FinancialYear

SORTS = {
    "number": ("financial_year", "number", "pk"),
    "payer": ("payer__name", "month", "pk"),
    "month": ("month", "payer__name", "pk"),
    "due": ("due_on", "pk"),
    "amount": ("net_amount", "pk"),
}


class InvoiceFilter(forms.Form):
    """Bound to the address; what makes no sense filters nothing."""

    q = forms.CharField(label="Invoice number", required=False, max_length=100)
    year = forms.ChoiceField(label="Events in", required=False)
    payer = forms.ChoiceField(label="Payer", required=False)
    sort = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, asked: QueryDict, invoices: InvoiceQuerySet) -> None:
        super().__init__(asked)
        found = set(invoices.order_by().values_list("payer__reference", "payer__name", "month"))
        years = sorted({FinancialYear.containing(month) for _, _, month in found}, reverse=True)
        payers = sorted({(reference, name) for reference, name, _ in found}, key=lambda pair: pair[1])
        self._offer("year", [("", "All years"), *((year.code, year.label) for year in years)])
        self._offer("payer", [("", "All payers"), *payers])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def applied_to(self, invoices: InvoiceQuerySet) -> QuerySet[Invoice]:
        """The invoices that the filter leaves, in its order; the newest number first."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        if "year" in asked:
            year = FinancialYear.parse(asked["year"])
            invoices = invoices.filter(month__range=(year.first_day, year.last_day))
        if "payer" in asked:
            invoices = invoices.filter(payer__reference=asked["payer"])
        if "q" in asked:
            invoices = invoices.filter(
                Q(reference__icontains=asked["q"]) | Q(lines__booking_reference__iexact=asked["q"])
            ).distinct()
        key = asked.get("sort", "-number")
        names = SORTS.get(key.removeprefix("-"), SORTS["number"])
        return invoices.order_by(*[F(name).desc() if key.startswith("-") else F(name).asc() for name in names])


class RunForm(forms.Form):
    """The financial year whose events an invoice run takes."""

    year = forms.ChoiceField(label="Events in the financial year")

    def __init__(self, asked: QueryDict | None, years: list[FinancialYear]) -> None:
        super().__init__(asked)
        cast(forms.ChoiceField, self.fields["year"]).choices = [(year.code, year.label) for year in years]

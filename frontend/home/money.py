"""Home sections about money and the report: what finance decides, and where the figures are."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, Sum
from django.urls import reverse

from frontend import formats
from frontend.charges.forms import TO_CREDIT, TO_DECIDE
from frontend.home.sections import Figure, Item, Section
from frontend.reports.views import years_delivered
from invoicing import dues
from invoicing.models import Charge
from invoicing.permissions import may_confirm
from people.models import Person
from people.permissions import Right, may

YEARS = 3


def charges(person: Person, now: datetime) -> Iterator[Section]:
    """For finance: charges to decide, those that wait for an invoice, and what is invoiced and not owed after all."""
    if not may_confirm(person):
        return
    confirmed, invoiced = Q(state=Charge.State.CONFIRMED), Q(state=Charge.State.INVOICED)
    undecided = ~(confirmed | invoiced)
    found = Charge.objects.filter(Q(state__in=Charge.OPEN) | Q(pk__in=dues.to_credit().values("pk"))).aggregate(
        undecided=Count("pk", filter=undecided),
        undecided_amount=Sum("net_amount", filter=undecided),
        confirmed=Count("pk", filter=confirmed),
        confirmed_amount=Sum("net_amount", filter=confirmed),
        to_credit=Count("pk", filter=invoiced),
        to_credit_amount=Sum("net_amount", filter=invoiced),
    )
    if not any(found.values()):
        everything = (("All charges", reverse("charges:list")), ("All invoices", reverse("invoices:list")))
        yield Section("Money", empty="Every charge is decided and invoiced.", links=everything)
        return
    to_decide = _figure(found, "undecided", "charge to decide", "charges to decide", TO_DECIDE)
    to_invoice = _figure(
        found, "confirmed", "confirmed, not yet invoiced", "confirmed, not yet invoiced", Charge.State.CONFIRMED
    )
    to_credit = _figure(found, "to_credit", "invoiced charge to credit", "invoiced charges to credit", TO_CREDIT)
    yield Section(
        "Money",
        figures=(to_decide, to_invoice, *([to_credit] if to_credit.value else [])),
        links=(("Raise invoices", reverse("invoices:raise")),),
    )


def _figure(found: dict[str, Any], key: str, one: str, several: str, state: str) -> Figure:
    """Opens the charges that it counts, and says what they come to."""
    label, amount = one if found[key] == 1 else several, formats.money(found[f"{key}_amount"] or 0)
    return Figure(label, found[key], f"{reverse('charges:list')}?state={state}", amount)


def report(person: Person, now: datetime) -> Iterator[Section]:
    """For who reads the utilisation report: the latest years.

    A coordinator's home is about the day, and has no statement to spare: theirs is in the navigation.
    """
    if not may(person, Right.SEE_REPORT) or may(person, Right.CHANGE_PROGRAMME):
        return
    years = years_delivered()[:YEARS]
    items = tuple(Item(f"Utilisation in {year}", reverse("reports:utilisation", args=[year.code])) for year in years)
    yield Section("Utilisation report", items=items, empty="Figures appear as events end and registers are closed.")

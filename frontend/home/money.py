"""Home sections about money and the report: what finance decides, and where the figures are."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Q, Sum
from django.urls import reverse

from frontend import formats
from frontend.charges.forms import TO_DECIDE
from frontend.home.sections import Figure, Item, Section
from frontend.reports.views import years_delivered
from invoicing.models import Charge
from invoicing.permissions import may_confirm
from people.models import Person
from people.permissions import Right, may

YEARS = 3


def charges(person: Person, now: datetime) -> Iterator[Section]:
    """For finance: charges to decide, and those that wait for an invoice."""
    if not may_confirm(person):
        return
    confirmed = Q(state=Charge.State.CONFIRMED)
    found = Charge.objects.to_invoice_or_decide().aggregate(
        undecided=Count("pk", filter=~confirmed),
        undecided_amount=Sum("net_amount", filter=~confirmed),
        confirmed=Count("pk", filter=confirmed),
        confirmed_amount=Sum("net_amount", filter=confirmed),
    )
    if not found["undecided"] and not found["confirmed"]:
        everything = (("All charges", reverse("charges:list")), ("All invoices", reverse("invoices:list")))
        yield Section("Money", empty="Every charge is decided and invoiced.", links=everything)
        return
    yield Section(
        "Money",
        figures=(
            Figure(
                "charge to decide" if found["undecided"] == 1 else "charges to decide",
                found["undecided"],
                f"{reverse('charges:list')}?state={TO_DECIDE}",
                formats.money(found["undecided_amount"] or 0),
            ),
            Figure(
                "confirmed, not yet invoiced",
                found["confirmed"],
                f"{reverse('charges:list')}?state={Charge.State.CONFIRMED}",
                formats.money(found["confirmed_amount"] or 0),
            ),
        ),
        links=(("Raise invoices", reverse("invoices:raise")),),
    )


def report(person: Person, now: datetime) -> Iterator[Section]:
    """For who reads the utilisation report: the latest years.

    A coordinator's home is about the day, and has no statement to spare: theirs is in the navigation.
    """
    if not may(person, Right.SEE_REPORT) or may(person, Right.CHANGE_PROGRAMME):
        return
    years = years_delivered()[:YEARS]
    items = tuple(Item(f"Utilisation in {year}", reverse("reports:utilisation", args=[year.code])) for year in years)
    yield Section("Utilisation report", items=items, empty="Figures appear as events end and registers are closed.")

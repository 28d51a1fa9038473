"""Invoices: raised per payer and month from the charges of a financial year, numbered and fixed at issue."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from invoicing import money, numbering, plan
from invoicing.models import Charge, Invoice, InvoiceLine
from invoicing.plan import Bundle, LeftOut, Plan
from invoicing.refusals import NoSeller
from outbox.progress import Progress
from people.models import Agency, Partnership, Person
from training.financial_year import FinancialYear

SERIES = "INV"


@dataclass(slots=True)
class Raised:
    """What a run did."""

    year: FinancialYear
    # Charges that the run itself confirmed, of those it invoiced.
    confirmed: int = 0
    issued: list[Invoice] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def net_amount(self) -> Decimal:
        return sum((invoice.net_amount for invoice in self.issued), Decimal(0))

    @property
    def vat_amount(self) -> Decimal:
        return sum((invoice.vat_amount for invoice in self.issued), Decimal(0))


def preview(year: str) -> Plan:
    """What raise_for would do now. Raises ValueError for what is not a financial year."""
    return plan.make(FinancialYear.parse(year))


def raise_for(year: str, *, by: Person | None = None, via: str = "", progress: Progress | None = None) -> Raised:
    """Confirm what needs no decision and issue one invoice per payer and month of the events' last sessions.

    Each invoice is a transaction of its own, so that an interruption leaves whole invoices and the next run does the
    rest; a second run, or a second one at the same time, finds nothing left. By a person, or via "command line".
    Raises ValueError for what is not a financial year, NoSeller where no partnership is set up.
    """
    todo = preview(year)
    seller = Partnership.objects.first()
    if seller is None:
        raise NoSeller("No partnership is set up, so nobody can issue invoices. Import a programme workbook first.")
    raised = Raised(todo.year, left_out=todo.left_out)
    if progress:
        progress.total(len(todo.bundles))
    for bundle in todo.bundles:
        _raise_one(bundle, seller, by, via, raised)
        if progress:
            progress.step()
    return raised


def _raise_one(bundle: Bundle, seller: Partnership, by: Person | None, via: str, raised: Raised) -> None:
    with transaction.atomic():
        charges = _lock(bundle)
        if not charges:
            return
        confirmed = _confirm(charges, by, via)
        invoice = _draft(bundle, charges)
        Charge.objects.filter(pk__in=[charge.pk for charge in charges]).update(state=Charge.State.INVOICED)
        _issue(invoice, seller, by, via)
    # Only once it is committed is it true.
    raised.confirmed += confirmed
    raised.issued.append(invoice)


def _lock(bundle: Bundle) -> list[Charge]:
    """The bundle's charges as they are now, without those that were decided or invoiced since it was planned."""
    return list(
        Charge.objects.filter(pk__in=[charge.pk for charge in bundle.charges], booking__agency__payer=bundle.payer)
        .filter(state__in=[Charge.State.PROPOSED, Charge.State.CONFIRMED])
        .owed()
        .select_related("booking__event__course", "tariff")
        .select_for_update(no_key=True, of=["self"])
        .order_by("pk")  # as charges.py locks them, so that nobody blocks each other
    )


def _confirm(charges: Sequence[Charge], by: Person | None, via: str) -> int:
    proposed = [charge.pk for charge in charges if charge.state == Charge.State.PROPOSED]
    return Charge.objects.filter(pk__in=proposed).update(
        state=Charge.State.CONFIRMED, decided_at=timezone.now(), decided_by=by, decided_via=via
    )


def _draft(bundle: Bundle, charges: Sequence[Charge]) -> Invoice:
    invoice = Invoice.objects.create(payer=bundle.payer, month=bundle.month)
    lines = InvoiceLine.objects.bulk_create([_line(invoice, charge) for charge in charges])
    invoice.net_amount = sum((line.net_amount for line in lines), Decimal(0))
    invoice.vat_amount = sum((line.vat_amount for line in lines), Decimal(0))
    return invoice


def _line(invoice: Invoice, charge: Charge) -> InvoiceLine:
    """What the charge was for, without the delegate's name: a person can be erased while the invoice is kept."""
    event = charge.booking.event
    return InvoiceLine(
        invoice=invoice,
        charge=charge,
        booking_reference=charge.booking.reference,
        course=event.course.title,
        event_reference=event.reference,
        # Of its last session, as is the month of the invoice.
        event_on=timezone.localdate(event.ends_at),
        reason=charge.explanation,
        net_amount=charge.net_amount,
        vat_treatment=charge.tariff.vat_treatment,
        vat_rate=money.vat_rate(charge.tariff.vat_treatment),
        vat_amount=money.vat_on(charge.net_amount, charge.tariff.vat_treatment),
    )


def _issue(invoice: Invoice, seller: Partnership, by: Person | None, via: str) -> None:
    year = FinancialYear.containing(timezone.now())
    invoice.parties = _parties(seller, invoice.payer)
    invoice.state, invoice.issued_by, invoice.issued_via = Invoice.State.ISSUED, by, via
    invoice.series, invoice.financial_year = SERIES, year.code
    # Last, as everybody else who issues waits from here on; and before the time, so that both run in the same order.
    invoice.number = numbering.next_number(invoice.series, invoice.financial_year)
    invoice.reference = f"{invoice.series}-{invoice.financial_year}-{invoice.number:04}"
    invoice.issued_at = timezone.now()
    invoice.due_on = timezone.localdate(invoice.issued_at) + timedelta(days=seller.payment_terms_days)
    invoice.save()


def _parties(seller: Partnership, payer: Agency) -> dict[str, Any]:
    """As they are on the day of issue; later changes of name or address must not change what was sent."""
    return {
        "seller": {
            "name": seller.name,
            "address": seller.invoice_address,
            "email": seller.training_email,
            "vat_number": seller.vat_number,
            "payment_details": seller.payment_details,
        },
        "payer": {
            "reference": payer.reference,
            "name": payer.name,
            "address": payer.invoice_address,
            "email": payer.invoice_email,
        },
        "purchase_order": payer.purchase_order,
    }

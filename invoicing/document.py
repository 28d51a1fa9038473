"""An invoice or a credit note as a PDF: from what was fixed at issue alone, so the same bytes as long as it is kept.

The page is the original.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from invoicing.models import CreditNote, Invoice, InvoiceLine
from outbox import pdf

TEMPLATE = "invoicing/documents/invoice.typ"


def made(invoice: Invoice, lines: Sequence[InvoiceLine]) -> bytes:
    """The PDF of an issued invoice; its lines are read by the caller, as this needs no database."""
    if invoice.issued_at is None:
        raise ValueError(f"{invoice} is not issued")
    return pdf.compiled(TEMPLATE, facts(invoice, lines), created_at=invoice.issued_at)


def credit_made(note: CreditNote) -> bytes:
    """The PDF of a credit note, read with its line and the line's invoice."""
    return pdf.compiled(TEMPLATE, credit_facts(note), created_at=note.issued_at)


def facts(invoice: Invoice, lines: Sequence[InvoiceLine]) -> dict[str, Any]:
    """What the document says, as texts."""
    carries_vat = any(line.vat_amount for line in lines)
    return {
        "title": f"{'VAT invoice' if carries_vat else 'Invoice'} {invoice.reference}",
        **_sides(invoice),
        "summary": _summary(invoice),
        "listed": "Charges on this invoice",
        **_table(lines, carries_vat),
        "totals": [["Net", pounds(invoice.net_amount)], ["VAT", pounds(invoice.vat_amount)]] if carries_vat else [],
        "due": ["To pay", pounds(invoice.gross_amount)],
        "notes": _notes(lines, carries_vat),
        "last": "How to pay",
        "payment": _payment(invoice),
    }


def credit_facts(note: CreditNote) -> dict[str, Any]:
    """What a credit note says, as texts: number, date and reason, and the invoice and line that it takes back."""
    line, invoice = note.line, note.line.invoice
    carries_vat = bool(line.vat_amount)
    assert invoice.issued_at is not None  # noqa: S101  # the database's: credit_note_is_for_an_issued_line
    return {
        "title": f"Credit note {note.reference}",
        **_sides(invoice),
        "summary": [
            ["Credit note number", note.reference],
            ["Date of issue", _day(note.issued_at)],
            ["For invoice", f"{invoice.reference} of {_day(invoice.issued_at)}"],
            ["Your purchase order", invoice.parties.get("purchase_order") or "None given"],
            ["Why", note.reason],
        ],
        "listed": "What is credited",
        **_table([line], carries_vat),
        "totals": [["Net", pounds(line.net_amount)], ["VAT", pounds(line.vat_amount)]] if carries_vat else [],
        "due": ["Credited", pounds(note.gross_amount)],
        "notes": _notes([line], carries_vat),
        "last": "What this means",
        "payment": _taken_off(note),
    }


def pounds(amount: Decimal) -> str:
    """£1,234.50: with pence, as sums stand below each other."""
    return f"£{amount:,.2f}"


def _party(party: dict[str, str], *, vat_number: str = "") -> str:
    address = [line.strip() for line in party.get("address", "").replace("\n", ",").split(",")]
    words = [party["name"], *address, party.get("email", ""), f"VAT number {vat_number}" if vat_number else ""]
    return "\n".join(word for word in words if word)


def _sides(invoice: Invoice) -> dict[str, Any]:
    seller, payer = invoice.parties["seller"], invoice.parties["payer"]
    return {
        "seller": {"name": seller["name"], "lines": _party(seller, vat_number=seller.get("vat_number", ""))},
        "payer": {"lines": _party(payer)},
    }


def _day(moment: datetime) -> str:
    day = timezone.localtime(moment)
    return f"{day.day} {day:%B %Y}"


def _summary(invoice: Invoice) -> list[list[str]]:
    issued, due = invoice.issued_at, invoice.due_on
    assert issued is not None  # noqa: S101  # the database's: invoice_is_numbered_exactly_when_issued
    assert due is not None  # noqa: S101
    return [
        ["Invoice number", str(invoice.reference)],
        ["Date of issue", _day(issued)],
        ["To be paid by", f"{due.day} {due:%B %Y}"],
        ["Your purchase order", invoice.parties.get("purchase_order") or "None given"],
        ["For events in", f"{invoice.month:%B %Y}"],
    ]


def _table(lines: Sequence[InvoiceLine], carries_vat: bool) -> dict[str, Any]:
    """Heads, rows, how many columns at the end are numbers, and the widths as shares (0: as wide as it needs)."""
    vat = ["VAT rate", "VAT"] if carries_vat else []
    return {
        "heads": ["Booking", "Course", "Date of event", "Why", *vat, "Net amount"],
        "widths": [0, 3, 0, 4, *[0 for _ in vat], 0],
        "numbers": len(vat) + 1,
        "rows": [
            [
                line.booking_reference,
                line.course,
                f"{line.event_on.day} {line.event_on:%b %Y}\n{line.event_reference}",
                line.reason,
                *([f"{line.vat_rate.normalize():f} %", pounds(line.vat_amount)] if carries_vat else []),
                pounds(line.net_amount),
            ]
            for line in lines
        ],
    }


def _notes(lines: Sequence[InvoiceLine], carries_vat: bool) -> list[str]:
    """The time of supply, and how VAT is treated: as VAT Regulations 1995, regulation 14, asks."""
    treatments = sorted({line.get_vat_treatment_display().lower() for line in lines})
    supply = "Each line is one place on the event of that date, which is its time of supply."
    if carries_vat:
        others = [treatment for treatment in treatments if not treatment.startswith("standard")]
        return [supply, *([f"Lines without VAT are {' or '.join(others)}."] if others else [])]
    return [supply, f"VAT: {' and '.join(treatments)}."]


def _payment(invoice: Invoice) -> str:
    seller = invoice.parties["seller"]
    words = [seller.get("payment_details", ""), f"Quote {invoice.reference} when you pay."]
    words += [f"Questions: {seller['email']}"] if seller.get("email") else []
    return "\n".join(word for word in words if word)


def _taken_off(note: CreditNote) -> str:
    seller = note.line.invoice.parties["seller"]
    words = [
        f"This takes {pounds(note.gross_amount)} off invoice {note.line.invoice.reference}, which stays as it is "
        "otherwise. Nothing more is to be paid for this line; what was paid for it is owed to you."
    ]
    words += [f"Questions: {seller['email']}"] if seller.get("email") else []
    return "\n".join(words)

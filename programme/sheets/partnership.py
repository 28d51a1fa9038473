"""The sheet Partnership: an item and its value a row."""

from typing import Any

from people.models import Partnership
from programme import values
from programme.layout import heading_key
from programme.sheet import Row, Sheet
from programme.understood import PartnershipRow
from programme.values import Words

NATIONS = Words(
    Partnership.Nation.choices, England="england-and-wales", Wales="england-and-wales", NI="northern-ireland"
)
ITEMS = {
    "Name": values.text,
    "Short name": lambda value: values.text(value, longest=40),
    "Nation": NATIONS.read,
    "Invoice address": values.long_text,
    "Training e-mail": values.email,
    "VAT number": lambda value: values.text(value, longest=20),
    "How to pay": values.long_text,
    "Payment terms (days)": lambda value: values.whole_number(value, most=365),
}
NAMES = {heading_key(name): name for name in ITEMS}


def read(sheet: Sheet, unused: list[str]) -> PartnershipRow | None:
    """Who issues the invoices. Items that are no part of a programme go to unused."""
    found: dict[str, Any] = {}
    rows: list[Row] = []
    for row in sheet:
        rows.append(row)
        said = row.text("Item")
        name = NAMES.get(heading_key(said))
        if name is None:
            unused.extend([f"item '{said}' of sheet Partnership"] if said else [])
        elif name in found:
            row.refuse("Item", f"'{name}' stands here twice.", "Take one out.")
        else:
            found[name] = row.read("Value", ITEMS[name])
    if not found.get("Name"):
        if sheet.is_whole and not any(row.bad for row in rows):
            sheet.refuse("the partnership has no name.", "Add a row with the item Name and the name as its value.")
        return None
    return PartnershipRow(
        name=found["Name"],
        short_name=found.get("Short name") or "",
        nation=found.get("Nation") or Partnership.Nation.ENGLAND_AND_WALES,
        invoice_address=found.get("Invoice address") or "",
        training_email=found.get("Training e-mail") or "",
        payment_details=found.get("How to pay") or None,
        vat_number=found.get("VAT number") or "",
        # 30 days are the law's where nothing was agreed (Late Payment of Commercial Debts (Interest) Act 1998, s. 4).
        payment_terms_days=30 if found.get("Payment terms (days)") is None else found["Payment terms (days)"],
    )

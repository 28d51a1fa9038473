"""Charges, invoices and credit notes."""

from invoicing.models.charge import Charge
from invoicing.models.credit_note import CreditNote
from invoicing.models.invoice import Invoice, InvoiceLine, NumberSeries

__all__ = ["Charge", "CreditNote", "Invoice", "InvoiceLine", "NumberSeries"]

"""Charges and invoices."""

from invoicing.models.charge import Charge
from invoicing.models.invoice import Invoice, InvoiceLine, NumberSeries

__all__ = ["Charge", "Invoice", "InvoiceLine", "NumberSeries"]

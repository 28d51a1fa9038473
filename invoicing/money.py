"""Sums of money: VAT on them, and how they are written."""

from decimal import ROUND_HALF_UP, Decimal

from bookings.cost_in_words import pounds
from bookings.models import Tariff

__all__ = ["pounds", "vat_on", "vat_rate"]

# Per cent, since 4 January 2011: Value Added Tax Act 1994, section 2(1), and https://www.gov.uk/vat-rates
STANDARD_RATE = Decimal("20.00")
PENNY = Decimal("0.01")


def vat_rate(treatment: str) -> Decimal:
    """Per cent. Outside the scope, exempt and zero-rated all carry none; the invoice says which of them it is."""
    return STANDARD_RATE if treatment == Tariff.VatTreatment.STANDARD else Decimal(0)


def vat_on(net_amount: Decimal, treatment: str) -> Decimal:
    """VAT in pounds on one line, half a penny upwards."""
    return (net_amount * vat_rate(treatment) / 100).quantize(PENNY, ROUND_HALF_UP)

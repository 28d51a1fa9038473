"""Confirm what needs no decision and issue the invoices of a financial year."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from invoicing import invoices, money
from invoicing.dues import count
from invoicing.invoices import Raised
from invoicing.refusals import InvoicingRefused


class Command(BaseCommand):
    help = "Issue one invoice per payer and month for a financial year's charges. Safe to run twice."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--year", required=True, help="the financial year of the events, for instance 2018-19")

    def handle(self, *, year: str, **options: Any) -> None:
        try:
            raised = invoices.raise_for(year, via="command line")
        except (ValueError, InvoicingRefused) as refusal:
            raise CommandError(str(refusal)) from refusal
        say(raised)


def say(raised: Raised) -> None:
    for invoice in raised.issued:
        vat = f" and {money.pounds(invoice.vat_amount)} VAT" if invoice.vat_amount else ""
        print(f"{invoice.reference}  {money.pounds(invoice.net_amount)}{vat}  {invoice.payer}, {invoice.month:%B %Y}")
    if raised.issued:
        print(f"{count(raised.confirmed, 'charge')} confirmed.")
        vat = f" and {money.pounds(raised.vat_amount)} VAT" if raised.vat_amount else ""
        print(
            f"{count(len(raised.issued), 'invoice')} issued for {raised.year}: {money.pounds(raised.net_amount)}{vat}."
        )
    else:
        print(f"No invoices to issue for {raised.year}.")
    if raised.left_out:
        print("Left out, as somebody must decide:")
    for left_out in raised.left_out:
        print(f"  {left_out}")

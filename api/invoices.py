"""Issued invoices, as far as the person may see them. They hold no names of delegates."""

from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api import shapes
from api.models import Scope
from api.queries import Query, YearField
from api.views import PersonRequest, View, asked, page_of
from invoicing.models import Invoice

COLUMNS = (
    "reference", "month", "issued_at", "due_on", "net_amount", "vat_amount", "payer__reference", "payer__name",
)  # fmt: skip


class InvoiceQuery(Query):
    year = YearField(required=False, help_text="The financial year of the events.")
    payer = serializers.CharField(required=False, max_length=12, help_text="The payer's reference.")

    orders = {
        "number": ("financial_year", "number", "pk"),
        "month": ("month", "payer__name", "pk"),
        "due_on": ("due_on", "pk"),
        "amount": ("net_amount", "pk"),
    }

    conditions = {
        "year": lambda year: Q(month__range=(year.first_day, year.last_day)),
        "payer": "payer__reference",
    }


class Invoices(View):
    scopes = {"GET": Scope.MONEY}

    @extend_schema(
        operation_id="list_invoices",
        summary="List invoices",
        description="All that were issued to finance and coordinators; to an agency's lead those to the agency.",
        parameters=[InvoiceQuery],
        responses={200: shapes.page_of(shapes.InvoiceRow)},
        tags=["Money"],
    )
    def get(self, request: PersonRequest) -> Response:
        query = asked(request, InvoiceQuery)
        rows = query.applied_to(Invoice.objects.visible_to(request.person).issued())
        return page_of(request, query, rows.values(*COLUMNS), invoice_row)


class OneInvoice(View):
    scopes = {"GET": Scope.MONEY}

    @extend_schema(
        operation_id="read_invoice",
        summary="Read an invoice",
        description="As it was issued, with a line for each charge.",
        responses={200: shapes.InvoiceDetail},
        tags=["Money"],
    )
    def get(self, request: PersonRequest, reference: str) -> Response:
        seen = Invoice.objects.visible_to(request.person).issued().select_related("payer")
        found = get_object_or_404(seen, reference=reference)
        values = {column: getattr(found, column) for column in COLUMNS if "__" not in column}
        values |= {"payer__reference": found.payer.reference, "payer__name": found.payer.name}
        return Response(
            invoice_row(values)
            | {
                "seller": found.parties.get("seller", {}).get("name", ""),
                "purchase_order": found.parties.get("purchase_order", ""),
                "lines": [_line(row) for row in found.lines.values(*LINE)],
            }
        )


LINE = (
    "charge__reference", "booking_reference", "event_reference", "event_on", "course", "reason", "net_amount",
    "vat_rate", "vat_amount",
)  # fmt: skip


def invoice_row(row: dict[str, Any]) -> dict[str, Any]:
    """As shapes.InvoiceRow."""
    return {
        "reference": row["reference"],
        "payer": {"reference": row["payer__reference"], "name": row["payer__name"]},
        "month": row["month"],
        "issued_at": row["issued_at"],
        "due_on": row["due_on"],
        "net_amount": row["net_amount"],
        "vat_amount": row["vat_amount"],
        "gross_amount": row["net_amount"] + row["vat_amount"],
    }


def _line(row: dict[str, Any]) -> dict[str, Any]:
    renamed = {"charge__reference": "charge", "booking_reference": "booking", "event_reference": "event"}
    return {renamed.get(name, name): value for name, value in row.items()}

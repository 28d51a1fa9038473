"""The charges behind a sum of money: no names, as on an invoice."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from bookings.models import Tariff
from invoicing.models import Charge
from reporting.measures import Number
from reporting.rows.pages import Rows
from reporting.rows.scope import Scope
from reporting.rows.sources import RULES


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """agency: the delegate's when booked. value: what the charge adds to the figure, pounds or 1."""

    reference: str
    booking_reference: str
    agency: str
    agency_reference: str
    event_reference: str
    course: str
    ends_at: datetime
    reason: str
    state: str
    waiver: str
    net_amount: Decimal
    invoice: str
    value: Number


def charges(measure: str, scope: Scope) -> Rows[ChargeRow]:
    """By the event's date, then by the booking."""
    rule = RULES[measure]
    query = Charge.objects.filter(rule.where(scope)).order_by("booking__event__ends_at", "booking__reference", "id")

    def row(found: dict[str, Any]) -> ChargeRow:
        return ChargeRow(
            found["reference"],
            found["booking__reference"],
            found["booking__agency__name"],
            found["booking__agency__reference"],
            found["booking__event__reference"],
            found["booking__event__course__title"],
            found["booking__event__ends_at"],
            Tariff.Reason(found["reason"]).label,
            Charge.State(found["state"]).label,
            Charge.Waiver(found["waiver"]).label if found["waiver"] else "",
            found["net_amount"],
            found["line__invoice__reference"] or "",
            found["net_amount"] if rule.value else 1,
        )

    return Rows(
        query.values(
            "reference", "booking__reference", "booking__agency__name", "booking__agency__reference",
            "booking__event__reference", "booking__event__course__title", "booking__event__ends_at", "reason", "state",
            "waiver", "net_amount", "line__invoice__reference",
        ),
        row,
    )  # fmt: skip

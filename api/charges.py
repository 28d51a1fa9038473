"""Charges, as far as the person may see them. No e-mail addresses and no reasons for absence."""

from typing import Any

from django.db.models import F
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api import shapes
from api.models import Scope
from api.queries import Query, YearField
from api.views import PersonRequest, View, asked, page_of
from invoicing.models import Charge

ROW = {
    "event_reference": "booking__event__reference",
    "starts_at": "booking__event__starts_at",
    "ends_at": "booking__event__ends_at",
    "course_code": "booking__event__course__code",
    "course_title": "booking__event__course__title",
    "delegate": "booking__delegate__name",
    "agency": "booking__agency__reference",
    "agency_name": "booking__agency__name",
    "booking_reference": "booking__reference",
    "invoice": "line__invoice__reference",
}
COLUMNS = (
    "reference", "state", "reason", "explanation", "net_amount", "vat_amount", "proposed_at", "answer_by", "waiver",
)  # fmt: skip
MORE = ("dispute", "disputed_at", "decided_at")


class ChargeQuery(Query):
    year = YearField(required=False, help_text="The financial year of the event's last session.")
    state = serializers.ChoiceField(required=False, choices=Charge.State.choices)
    reason = serializers.ChoiceField(
        required=False, choices=[("did-not-attend", ""), ("cancelled-late", ""), ("part-attended", "")]
    )
    agency = serializers.CharField(required=False, max_length=12, help_text="An agency's reference.")
    event = serializers.CharField(required=False, max_length=20, help_text="An event's reference.")

    orders = {
        "date": ("booking__event__ends_at", "pk"),
        "amount": ("net_amount", "booking__event__ends_at", "pk"),
        "agency": ("booking__agency__name", "booking__event__ends_at", "pk"),
    }
    conditions = {
        "state": "state",
        "reason": "reason",
        "agency": "booking__agency__reference",
        "event": "booking__event__reference",
        "year": lambda year: year.holds("booking__event__ends_at"),
    }


class Charges(View):
    scopes = {"GET": Scope.MONEY}

    @extend_schema(
        operation_id="list_charges",
        summary="List charges",
        description="All to finance and coordinators; else your own, your staff's and your agency's.",
        parameters=[ChargeQuery],
        responses={200: shapes.page_of(shapes.ChargeRow)},
        tags=["Money"],
    )
    def get(self, request: PersonRequest) -> Response:
        query = asked(request, ChargeQuery)
        rows = query.applied_to(Charge.objects.visible_to(request.person))
        return page_of(request, query, rows.values(*COLUMNS, **_columns()), charge_row)


class OneCharge(View):
    scopes = {"GET": Scope.MONEY}

    @extend_schema(
        operation_id="read_charge",
        summary="Read a charge",
        description="With what was answered, and who decided.",
        responses={200: shapes.ChargeDetail},
        tags=["Money"],
    )
    def get(self, request: PersonRequest, reference: str) -> Response:
        rows = Charge.objects.visible_to(request.person).filter(reference=reference)
        found = rows.values(
            *COLUMNS, *MORE, "decided_via", "decided_by__name", outcome=F("booking__outcome"), **_columns()
        ).first()
        if found is None:
            raise Http404
        more = {name: found[name] for name in (*MORE, "outcome")}
        return Response(charge_row(found) | more | {"decided_by": found["decided_by__name"] or found["decided_via"]})


def charge_row(row: dict[str, Any]) -> dict[str, Any]:
    """As shapes.ChargeRow."""
    return {name: row[name] for name in COLUMNS} | {
        "booking": row["booking_reference"],
        "delegate": row["delegate"],
        "agency": {"reference": row["agency"], "name": row["agency_name"]},
        "event": {
            "reference": row["event_reference"],
            "course_code": row["course_code"],
            "course_title": row["course_title"],
            "starts_at": row["starts_at"],
            "ends_at": row["ends_at"],
        },
        "invoice": row["invoice"],
    }


def _columns() -> dict[str, F]:
    return {name: F(path) for name, path in ROW.items()}

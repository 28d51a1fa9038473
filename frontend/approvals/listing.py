"""The requests that a person decides about, as a list: what it is filtered by, and what a file of it holds."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from bookings.models import Approval
from frontend.downloads import Columns, words_of
from people.models import Person
from people.names import match_key

UNDECIDED, STUCK, DECIDED, ALL = "undecided", "stuck", "decided", "all"
STATES = {UNDECIDED: "To decide", STUCK: "To decide, reminded already", DECIDED: "Decided", ALL: "All"}
TONES = {
    Approval.Decision.APPROVED: "green",
    Approval.Decision.DECLINED: "red",
    Approval.Decision.LAPSED: "grey",
    Approval.Decision.WITHDRAWN: "grey",
}
COLUMNS: Columns = {
    "Booking": "booking__reference",
    "Delegate": "booking__delegate__name",
    "Agency": "booking__agency__name",
    "Course": "booking__event__course__title",
    "Starts": "booking__event__starts_at",
    "Asked": lambda approval: approval.whom,
    "Asked on": "asked_at",
    "Until": "ends_at",
    "Decision": words_of("decision", Approval.Decision),
    "Decided": "decided_at",
    "Decided by": lambda approval: approval.decided_by.name if approval.decided_by else "",
}


class ApprovalFilter(forms.Form):
    """Bound to the address. What makes no sense is told and filters nothing."""

    q = forms.CharField(label="Delegate or course", required=False, max_length=100)
    state = forms.ChoiceField(label="State", required=False, choices=list(STATES.items()))

    def __init__(self, asked: QueryDict) -> None:
        given = {name: value for name, value in asked.items() if value}
        super().__init__({"state": UNDECIDED} | given, initial={"state": UNDECIDED})

    def applied_to(self, approvals: QuerySet[Approval], now: datetime) -> QuerySet[Approval]:
        self.is_valid()
        asked = self.cleaned_data
        for word in asked.get("q", "").split():
            approvals = approvals.filter(_says(word))
        # Who waits longest first; of what is decided, the latest.
        match asked.get("state") or UNDECIDED:
            case "stuck":
                return approvals.filter(pk__in=Approval.objects.stuck(now)).order_by("asked_at", "pk")
            case "decided":
                return approvals.exclude(decided_at=None).order_by("-decided_at", "-pk")
            case "all":
                return approvals.order_by("-asked_at", "-pk")
        return approvals.filter(decided_at=None).order_by("asked_at", "pk")


def asked_for(asked: QueryDict, person: Person) -> tuple[ApprovalFilter, QuerySet[Any]]:
    """The filter that an address asks for, and the requests that it leaves of those that are the person's to decide."""
    form = ApprovalFilter(asked)
    seen = Approval.objects.visible_to(person).select_related(
        "asked", "decided_by", "booking__delegate", "booking__agency", "booking__event__course"
    )
    return form, form.applied_to(seen, timezone.now())


def _says(word: str) -> Q:
    named = Q(booking__delegate__sort_name__contains=match_key(word)) if match_key(word) else Q()
    title = Q(booking__event__course__title__icontains=word)
    return named | title | Q(booking__delegate__name__icontains=word) | Q(booking__reference__iexact=word)

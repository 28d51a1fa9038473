"""The exemptions: reasons for which non-attendance is not charged."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from bookings import exemptions as changes
from bookings.models import ExemptionReason
from bookings.permissions import may_change_policies
from bookings.refusals import PolicyRefused
from frontend.access import SignedInRequest, require, signed_in
from frontend.policies.views import CHANGES, GET_OR_POST, READS, beside
from people.permissions import Right, may


class ExemptionForm(forms.Form):
    name = forms.CharField(
        label="The reason",
        help_text="For example: Sickness. A workbook finds it by this name.",
        max_length=100,
        error_messages={"required": "Enter the reason"},
    )
    evidence = forms.CharField(
        label="What has to be seen",
        help_text="For example: a note of the manager. Leave it empty if one’s word is enough. Nothing is uploaded.",
        required=False,
        max_length=200,
    )
    working_days_to_tell = forms.IntegerField(
        label="Working days after the event in which it may still be told",
        help_text="Leave it empty if it may be told at any time.",
        required=False,
        min_value=0,
        max_value=250,
    )
    is_retired = forms.BooleanField(
        label="Not offered any more", help_text="What it exempted stays exempt.", required=False
    )


@require_safe
@signed_in
def exemptions(request: SignedInRequest) -> HttpResponse:
    """All of them, those last that are not offered any more."""
    require(may(request.person, Right.SEE_POLICIES), who=READS)
    context = {
        "exemptions": ExemptionReason.objects.order_by("is_retired", "name"),
        **beside(request.person),
    }
    return render(request, "policies/exemptions.html", context)


@require_http_methods(GET_OR_POST)
@signed_in
def add(request: SignedInRequest) -> HttpResponse:
    """One more."""
    require(may_change_policies(request.person), who=CHANGES)
    form = ExemptionForm(request.POST if request.method == "POST" else None)
    del form.fields["is_retired"]
    if form.is_valid():
        try:
            made = changes.add(by=request.person, **form.cleaned_data)
        except PolicyRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"{made} is an exemption now.")
            return redirect("policies:exemptions")
    return _page(request, form, "Add an exemption")


@require_http_methods(GET_OR_POST)
@signed_in
def correct(request: SignedInRequest, number: int) -> HttpResponse:
    """What it is called, needs and allows from now on."""
    require(may_change_policies(request.person), who=CHANGES)
    found = get_object_or_404(ExemptionReason, pk=number)
    initial = {name: getattr(found, name) for name in ExemptionForm.base_fields}
    form = ExemptionForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            changed = changes.correct(exemption=found, by=request.person, **form.cleaned_data)
        except PolicyRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"{changed} is saved. It holds for reasons noted from now on.")
            return redirect("policies:exemptions")
    return _page(request, form, "Correct this exemption")


def _page(request: SignedInRequest, form: forms.Form, title: str) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "title": title}
    return render(request, "policies/exemption.html", context)

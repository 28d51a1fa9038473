"""Closing days: bank holidays, and the days on which the partnership's own office is shut."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings import closing_days as changes
from bookings.models import ClosingDay
from bookings.permissions import may_change_policies
from bookings.refusals import PolicyRefused
from frontend.access import SignedInRequest, require, signed_in
from frontend.dates import DateField
from frontend.formats import full_date, plural
from frontend.policies.views import CHANGES, GET_OR_POST, READS, beside
from people.permissions import Right, may

MOST = timedelta(days=31)


class ClosingForm(forms.Form):
    first = DateField(label="First day", error_messages={"required": "Enter the first day"})
    last = DateField(label="Last day", help_text="Leave it empty for one day.", required=False)
    name = forms.CharField(
        label="Why the office is shut",
        help_text="For example: between Christmas and New Year.",
        max_length=100,
        error_messages={"required": "Enter why the office is shut"},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and first <= timezone.localdate():
            self.add_error("first", "The first day must be after today: notice until now was reckoned without it")
        if first and last and not first <= last <= first + MOST:
            self.add_error("last", "The last day must be on or after the first, and within a month of it")
        elif first and not self.days:
            self.add_error("first", "These are a Saturday and a Sunday, on which the office is shut anyhow")
        return cleaned

    @property
    def days(self) -> list[date]:
        """Those from Monday to Friday."""
        first: date = self.cleaned_data["first"]
        return changes.weekdays_of(first, self.cleaned_data.get("last") or first)


@require_safe
@signed_in
def closing_days(request: SignedInRequest) -> HttpResponse:
    """Those to come, and those that were."""
    require(may(request.person, Right.SEE_POLICIES), who=READS)
    today, every = timezone.localdate(), list(ClosingDay.objects.all())
    context = {
        "to_come": [one for one in every if one.day > today],
        "past": [one for one in reversed(every) if one.day <= today],
        **beside(request.person),
    }
    return render(request, "policies/closing_days.html", context)


@require_http_methods(GET_OR_POST)
@signed_in
def add(request: SignedInRequest) -> HttpResponse:
    """One or some together: first which, then whose time to cancel they shorten, to check."""
    require(may_change_policies(request.person), who=CHANGES)
    form = ClosingForm(request.POST if request.method == "POST" else None)
    if "change" not in request.POST and form.is_valid():
        if "confirm" in request.POST:
            return _added(request, form)
        context = {
            "days": form.days,
            "name": form.cleaned_data["name"],
            "earlier": changes.earlier_cut_offs(form.days),
            "entered": [(name, value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"],
        }
        return render(request, "policies/check_closing.html", context)
    return render(request, "policies/add_closing.html", {"form": form})


@require_POST
@signed_in
def take_out(request: SignedInRequest, number: int) -> HttpResponse:
    """Open on that day after all."""
    require(may_change_policies(request.person), who=CHANGES)
    found = get_object_or_404(ClosingDay, pk=number)
    try:
        changes.take_out(closing_day=found, by=request.person)
    except PolicyRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{full_date(found.day)} is a working day again. It can be closed again here.")
    return redirect("policies:closing_days")


def _added(request: SignedInRequest, form: ClosingForm) -> HttpResponse:
    try:
        number = changes.add(days=form.days, name=form.cleaned_data["name"], by=request.person)
    except PolicyRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The office is shut on {plural(number, 'day')} more, and notice is reckoned so.")
    return redirect("policies:closing_days")

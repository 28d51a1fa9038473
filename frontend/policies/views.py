"""The charging policy: its versions, what one of them says, and new ones from a day to come."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from bookings import policy_changes as changes
from bookings.models import ChargingPolicy
from bookings.permissions import may_change_policies
from bookings.refusals import PolicyRefused
from frontend import formats
from frontend.access import SignedInRequest, require, signed_in
from frontend.policies import words
from frontend.policies.forms import PricesForm, TermsForm
from frontend.policies.versions import Versions
from frontend.policies.words import Column, Kind, Version
from people.models import Person
from people.permissions import Right, may
from training.models import Course

GET_OR_POST = ["GET", "POST"]
READS = "A coordinator, a finance officer or an administrator"
CHANGES = "A finance officer or an administrator"
# Of the form: what was changed last when it was opened.
SEEN = "seen"
NOT_ENTERED = ("confirm", "change", "csrfmiddlewaretoken")
STALE = "The policy was changed since you opened this page. It stands here as it is now: enter yours again."


@require_safe
@signed_in
def policies(request: SignedInRequest) -> HttpResponse:
    """All versions, the latest first, and what the one in force says."""
    require(may(request.person, Right.SEE_POLICIES), who=READS)
    versions = Versions(ChargingPolicy.objects.annotate(made_under=Count("bookings")).select_related("changed_by"))
    in_force = versions.in_force
    context = {
        "rows": versions.rows(),
        "in_force": in_force,
        "closes_after": settings.REGISTERS_CLOSE_AFTER,
        **beside(request.person),
        **(_said(Version.of(in_force)) if in_force else {}),
    }
    return render(request, "policies/policies.html", context)


@require_safe
@signed_in
def policy(request: SignedInRequest, number: int) -> HttpResponse:
    """What one version says, and what it says otherwise than the one before it."""
    require(may(request.person, Right.SEE_POLICIES), who=READS)
    versions, found = _found(number)
    before, version = versions.before(found.in_force_from), Version.of(found)
    context = {
        "policy": found,
        "standing": versions.standing(found),
        "until": versions.until(found.in_force_from),
        "before": before,
        "differences": words.differences(Version.of(before), version) if before else [],
        "can_change": not changes.has_begun(found) and may_change_policies(request.person),
        **_said(version),
    }
    return render(request, "policies/policy.html", context)


@require_http_methods(GET_OR_POST)
@signed_in
def new(request: SignedInRequest) -> HttpResponse:
    """A new version, written from the last one; checked before it is kept."""
    require(may_change_policies(request.person), who=CHANGES)
    return _edited(request, Versions(ChargingPolicy.objects.all()), None)


@require_http_methods(GET_OR_POST)
@signed_in
def change(request: SignedInRequest, number: int) -> HttpResponse:
    """Have a version to come say something else."""
    require(may_change_policies(request.person), who=CHANGES)
    versions, found = _found(number)
    if changes.has_begun(found):
        messages.error(request, f"The {found} has begun, so it stays as it is. Make a new version from a day to come.")
        return redirect("policies:policy", number)
    return _edited(request, versions, found)


@require_http_methods(GET_OR_POST)
@signed_in
def withdraw(request: SignedInRequest, number: int) -> HttpResponse:
    """Take out a version to come, after a look at what then goes on."""
    require(may_change_policies(request.person), who=CHANGES)
    versions, found = _found(number)
    if request.method == "POST":
        try:
            changes.withdraw(policy=found, by=request.person)
        except PolicyRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("policies:list")
        messages.success(request, f"The {found} is withdrawn. What held before it goes on.")
        return redirect("policies:list")
    if changes.has_begun(found):
        messages.error(request, f"The {found} has begun, so it stays. Make a new version from a day to come.")
        return redirect("policies:policy", number)
    before = versions.before(found.in_force_from)
    said = words.differences(Version.of(before), Version.of(found)) if before else []
    return render(request, "policies/withdraw.html", {"policy": found, "before": before, "differences": said})


def beside(person: Person) -> dict[str, bool]:
    """What the lists that lie beside each other ask about who reads them."""
    return {"changes": may_change_policies(person), "sees_charges": may(person, Right.SEE_CHARGES)}


def _edited(request: SignedInRequest, versions: Versions, stored: ChargingPolicy | None) -> HttpResponse:
    """The form, then what changes, to check, then it is kept. stored: the version that is changed."""
    base = stored or versions.last or ChargingPolicy()
    seen = f"{base.pk or 0} {base.changed_at or ''}"
    is_stale = request.method == "POST" and request.POST.get(SEEN) != seen
    data = request.POST if request.method == "POST" and not is_stale else None
    terms, prices = _forms(base, data, is_new=stored is None)
    if is_stale:
        messages.error(request, STALE)
    elif data and "change" not in data and terms.is_valid() & prices.is_valid():
        try:
            return _checked(request, Version(terms.terms, tuple(prices.tariffs)), versions, stored)
        except PolicyRefused as refusal:
            terms.add_error("in_force_from", str(refusal))
    context = {"terms": terms, "prices": prices, "stored": stored, "base": base, "seen": seen}
    return render(request, "policies/edit.html", context)


def _forms(base: ChargingPolicy, data: QueryDict | None, *, is_new: bool) -> tuple[TermsForm, PricesForm]:
    terms = TermsForm.of(data, base)
    if is_new:
        terms.initial["in_force_from"] = None
    prices = list(base.tariffs.all()) if base.pk else []
    columns = words.columns_of(prices)
    # Each way has a column, and cancelling late one more for another step of notice.
    reasons = {one.reason for one in columns} - {words.Reason.CANCELLED_LATE}
    columns = words.in_reading_order([*columns, *(Column(reason) for reason in words.REASONS if reason not in reasons)])
    taught = {Kind(*found) for found in Course.objects.order_by().values_list("delivery", "duration").distinct()}
    kinds = words.in_order({*words.kinds_of(prices), *taught})
    return terms, PricesForm(data, columns, kinds, prices)


def _checked(
    request: SignedInRequest, version: Version, versions: Versions, stored: ChargingPolicy | None
) -> HttpResponse:
    """Kept if that was asked for, else what changes. Raises PolicyRefused."""
    day = version.policy.in_force_from
    if "confirm" in request.POST:
        kept = _kept(request, version, stored)
        said = f"The {kept} is kept: it holds for bookings made from {formats.full_date(day)} on."
        messages.success(request, f"{said} Until then it can be changed or withdrawn.")
        return redirect("policies:policy", kept.pk)
    changes.refuse_day(day, versions.taken(but=stored))
    before = versions.before(day, but=stored)
    context = {
        "version": version,
        "stored": stored,
        "before": before,
        "last_day_before": day - timedelta(days=1),
        "until": versions.until(day, but=stored),
        "differences": words.differences(Version.of(before) if before else None, version),
        "entered": [(name, value) for name, value in request.POST.items() if name not in NOT_ENTERED],
    }
    return render(request, "policies/check.html", context)


def _kept(request: SignedInRequest, version: Version, stored: ChargingPolicy | None) -> ChargingPolicy:
    terms, tariffs, by = version.policy, version.tariffs, request.person
    if stored is None:
        return changes.make(terms=terms, tariffs=tariffs, by=by)
    return changes.change(policy=stored, seen=stored.changed_at, terms=terms, tariffs=tariffs, by=by)


def _found(number: int) -> tuple[Versions, ChargingPolicy]:
    versions = Versions(ChargingPolicy.objects.select_related("changed_by"))
    found = next((one for one in versions.every if one.pk == number), None)
    if found is None:
        raise Http404
    return versions, found


def _said(version: Version) -> dict[str, Any]:
    """What the page of a version shows of it."""
    columns = words.columns_of(version.tariffs)
    return {
        "rules": words.rules(version.policy),
        "columns": columns,
        "lines": words.price_list(version.tariffs, columns),
    }

"""Changes to an agency: what it is called, what it is, and who pays for it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from frontend import returning
from frontend.access import SignedInRequest, asks_again, require, signed_in
from frontend.agencies.forms import AgencyForm, BillingForm, NameForm
from people import agencies
from people.agencies import AgencyRefused
from people.models import Agency, AgencyName
from people.permissions import Right, may

GET_OR_POST = ["GET", "POST"]
COORDINATOR, BILLING = "A coordinator", "A coordinator or a finance officer"


@require_http_methods(GET_OR_POST)
@signed_in
def add_agency(request: SignedInRequest) -> HttpResponse:
    """An agency that is new here; who pays for it is asked next."""
    require(may(request.person, Right.CHANGE_AGENCIES), who=COORDINATOR)
    form = AgencyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            added = agencies.add(by=request.person, **form.cleaned_data)
        except AgencyRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"{added} is added. Say who pays its charges.")
            return redirect("agencies:agency", added.reference)
    return render(request, "agencies/change.html", {"form": form, "agency": None, "title": "Add an agency"})


@require_http_methods(GET_OR_POST)
@signed_in
def correct_agency(request: SignedInRequest, reference: str) -> HttpResponse:
    """Another name, short name or type; its former names go on finding it."""
    agency = get_object_or_404(Agency, reference=reference)
    require(may(request.person, Right.CHANGE_AGENCIES), who=COORDINATOR)
    facts = {name: getattr(agency, name) for name in ("name", "short_name", "type", "is_statutory_partner")}
    form = AgencyForm(request.POST if request.method == "POST" else None, initial=facts)
    if form.is_valid():
        try:
            corrected = agencies.correct(agency=agency, by=request.person, **form.cleaned_data)
        except AgencyRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"{corrected} is corrected.")
            return returning.to(request, "agencies:agency", reference)
    return render(request, "agencies/change.html", {"form": form, "agency": agency, "title": "Correct this agency"})


@require_http_methods(GET_OR_POST)
@signed_in
@asks_again
def set_billing(request: SignedInRequest, reference: str) -> HttpResponse:
    """Who pays from now on, and where invoices go."""
    agency = get_object_or_404(Agency.objects.select_related("payer"), reference=reference)
    require(may(request.person, Right.CHANGE_BILLING), who=BILLING)
    form = BillingForm(request.POST if request.method == "POST" else None, agency=agency)
    if form.is_valid():
        try:
            agencies.set_billing(agency=agency, by=request.person, **form.cleaned_data)
        except AgencyRefused as refusal:
            form.add_error("invoice_email", str(refusal))
        else:
            messages.success(request, "Payer and billing are changed. Invoices that are issued stay as they are.")
            return returning.to(request, "agencies:agency", reference)
    return render(request, "agencies/billing.html", {"form": form, "agency": agency})


@require_http_methods(GET_OR_POST)
@signed_in
def add_name(request: SignedInRequest, reference: str) -> HttpResponse:
    """Another name under which the agency is known on forms and in workbooks."""
    agency = get_object_or_404(Agency, reference=reference)
    require(may(request.person, Right.CHANGE_AGENCIES), who=COORDINATOR)
    form = NameForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            name = agencies.add_name(agency=agency, name=form.cleaned_data["name"], by=request.person)
        except AgencyRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"{agency} is known as {name} too.")
            return returning.to(request, "agencies:agency", reference)
    return render(request, "agencies/add_name.html", {"form": form, "agency": agency})


@require_POST
@signed_in
def remove_name(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """The agency is known by that name no more; it can be added again."""
    name = get_object_or_404(AgencyName.objects.select_related("agency"), pk=number, agency__reference=reference)
    require(may(request.person, Right.CHANGE_AGENCIES), who=COORDINATOR)
    try:
        agencies.remove_name(name=name, by=request.person)
    except AgencyRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{name.agency} is not known as {name} any more.")
    return returning.to(request, "agencies:agency", reference)

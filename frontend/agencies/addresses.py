"""What the addresses of an agency's people end in: who joins with such an address is let in, or proposed the agency."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from frontend.access import SignedInRequest, asks_again, require, signed_in
from frontend.agencies.forms import DomainForm
from people import domains
from people.models import Agency, AgencyDomain
from people.permissions import Right, may

COORDINATOR = "A coordinator"


@require_http_methods(["GET", "POST"])
@signed_in
@asks_again
def add_domain(request: SignedInRequest, reference: str) -> HttpResponse:
    """Let in whoever has such an address, if it is nobody else's."""
    agency = get_object_or_404(Agency, reference=reference)
    require(may(request.person, Right.CHANGE_AGENCIES), who=COORDINATOR)
    form = DomainForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            row = domains.add(agency=agency, domain=form.cleaned_data["domain"], by=request.person)
        except domains.DomainRefused as refusal:
            form.add_error("domain", str(refusal))
        else:
            messages.success(request, f"People with addresses at {row} are known to be of {agency}.")
            return redirect("agencies:agency", reference)
    return render(request, "agencies/add_domain.html", {"form": form, "agency": agency})


@require_POST
@signed_in
def remove_domain(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """Such an address says nothing about the agency any more; it can be added again."""
    row = get_object_or_404(AgencyDomain.objects.select_related("agency"), pk=number, agency__reference=reference)
    require(may(request.person, Right.CHANGE_AGENCIES), who=COORDINATOR)
    domains.remove(domain=row, by=request.person)
    messages.success(request, f"Addresses at {row} say nothing about {row.agency} any more.")
    return redirect("agencies:agency", reference)

"""Crediting an invoiced charge: a check page, and the credit note that it issues."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from frontend import returning
from frontend.access import SignedInRequest, require, signed_in
from frontend.charges.forms import CreditForm
from invoicing import credits as changes
from invoicing.models import Charge
from invoicing.permissions import may_credit
from invoicing.refusals import InvoicingRefused

FINANCE = "A finance officer"


@require_http_methods(["GET", "POST"])
@signed_in
def credit_charge(request: SignedInRequest, reference: str) -> HttpResponse:
    """Check what is taken back and say why, then issue the credit note: there is no way back from it."""
    rows = Charge.objects.visible_to(request.person).select_related(
        "booking__delegate", "booking__agency", "booking__event__course", "line__invoice", "line__credit_note"
    )
    charge = get_object_or_404(rows, reference=reference)
    require(may_credit(request.person), who=FINANCE)
    grounds = changes.grounds(charge) if charge.state == Charge.State.INVOICED else []
    form = CreditForm(request.POST if request.method == "POST" else None, grounds=grounds)
    if request.method == "POST" and form.is_valid():
        try:
            note = changes.issue(charge=charge, by=request.person, **form.cleaned_data)
        except InvoicingRefused as refusal:
            messages.error(request, str(refusal))
            return returning.to(request, "charges:charge", reference)
        messages.success(request, f"Credit note {note} is issued. Invoice {charge.line.invoice} stays as it was.")
        return redirect("invoices:credit_note", note.reference)
    context = {"charge": charge, "form": form, "line": getattr(charge, "line", None), "can_credit": bool(grounds)}
    return render(request, "charges/credit_charge.html", context)

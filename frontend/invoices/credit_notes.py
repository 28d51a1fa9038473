"""Credit notes: the document as a page, and as a PDF."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from frontend.access import SignedInRequest, signed_in
from invoicing import document
from invoicing.models import CreditNote


@require_safe
@signed_in
def credit_note(request: SignedInRequest, reference: str) -> HttpResponse:
    """The credit note as it was issued. It holds no names; who may see the charge opens them from here."""
    return render(request, "invoices/credit_note.html", {"note": _found(request, reference)})


@require_safe
@signed_in
def credit_note_pdf(request: SignedInRequest, reference: str) -> HttpResponse:
    """The same as a PDF, the same bytes each time."""
    response = HttpResponse(document.credit_made(_found(request, reference)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{reference}.pdf"'
    return response


def _found(request: SignedInRequest, reference: str) -> CreditNote:
    rows = CreditNote.objects.visible_to(request.person).select_related("line__invoice", "line__charge")
    return get_object_or_404(rows, reference=reference)

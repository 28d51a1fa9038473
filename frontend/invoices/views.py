"""Invoices: the list, the document, and the run that issues them."""

from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from frontend.access import SignedInRequest, require, signed_in
from frontend.downloads import Columns, list_file, pounds
from frontend.invoices.forms import InvoiceFilter, RunForm
from frontend.paging import page_of
from invoicing import document, tasks
from invoicing import invoices as changes
from invoicing.models import Charge, Invoice
from invoicing.permissions import may_raise, may_see_all_invoices
from outbox.models import Job
from people.models import Person
from training.financial_year import FinancialYear

FINANCE = "A finance officer"

# Heads of the file, and where the values are.
COLUMNS: Columns = {
    "Invoice": "reference",
    "Payer": "payer__name",
    "Events in": "month",
    "Issued": "issued_at",
    "Due": "due_on",
    "Net amount": pounds("net_amount"),
    "VAT": pounds("vat_amount"),
    "Purchase order": "parties__purchase_order",
}


@require_safe
@signed_in
def invoices(request: SignedInRequest) -> HttpResponse:
    """The invoices that the person may see, filtered by the address, 50 a page."""
    form, rows = _asked_for(request)
    context = {
        "form": form,
        "page": page_of(request, rows.select_related("payer").annotate(charges=Count("lines"))),
        "amount": rows.aggregate(amount=Sum("net_amount"))["amount"] or Decimal(0),
        "raises": may_raise(request.person),
        "sees_all": may_see_all_invoices(request.person),
    }
    return render(request, "invoices/invoices.html", context)


@require_safe
@signed_in
def download(request: SignedInRequest) -> HttpResponse:
    """What the list shows, all of it, as a file."""
    _, rows = _asked_for(request)
    return list_file(request, "invoices", COLUMNS, rows)


@require_safe
@signed_in
def invoice(request: SignedInRequest, reference: str) -> HttpResponse:
    """The invoice as it was issued. Its lines hold no names; who may see the charges opens them from here."""
    found = get_object_or_404(Invoice.objects.visible_to(request.person).issued(), reference=reference)
    lines = list(found.lines.select_related("charge", "credit_note"))
    credited = [line.gross_amount for line in lines if hasattr(line, "credit_note")]
    context = {
        "invoice": found,
        "lines": lines,
        # The document itself stays: this stands below it.
        "credited": sum(credited, Decimal(0)),
        "left": found.gross_amount - sum(credited, Decimal(0)),
        "carries_vat": any(line.vat_amount for line in lines),
        "treatments": sorted({line.get_vat_treatment_display().lower() for line in lines}),
    }
    return render(request, "invoices/invoice.html", context)


@require_safe
@signed_in
def invoice_pdf(request: SignedInRequest, reference: str) -> HttpResponse:
    """The same as a PDF, the same bytes each time."""
    found = get_object_or_404(Invoice.objects.visible_to(request.person).issued(), reference=reference)
    response = HttpResponse(document.made(found, list(found.lines.all())), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{reference}.pdf"'
    return response


@require_http_methods(["GET", "POST"])
@signed_in
def raise_invoices(request: SignedInRequest) -> HttpResponse:
    """What a run would issue and what it would leave out; then issue it in the background."""
    require(may_raise(request.person), who=FINANCE)
    years = _years_with_charges()
    form = RunForm(request.POST or request.GET or None, years)
    if request.method == "POST" and form.is_valid():
        job = tasks.ask_for_invoices(form.cleaned_data["year"], by=request.person)
        if job.asked_by != request.person.reference:
            first = Person.objects.get(reference=job.asked_by)
            messages.info(
                request, f"{first} asked for these invoices before you. This is that run; nothing is issued twice."
            )
        return redirect("invoices:run", job.pk)
    asked = form.cleaned_data["year"] if form.is_valid() else years[0].code if years else ""
    plan = changes.preview(asked) if asked else None
    context = {"form": form, "plan": plan, "years": years, "undecided": plan.undecided if plan else []}
    return render(request, "invoices/raise_invoices.html", context)


@require_safe
@signed_in
def run(request: SignedInRequest, key: UUID) -> HttpResponse:
    """How far an invoice run is, and what it did; the page may be left and come back to."""
    require(may_raise(request.person), who=FINANCE)
    job = get_object_or_404(Job, pk=key, kind=tasks.RAISE)
    issued = Invoice.objects.filter(reference__in=job.result.get("issued", [])).select_related("payer")
    context = {
        "job": job,
        "year": FinancialYear.parse(job.arguments["year"]),
        "page": page_of(request, issued.order_by("number")),
    }
    response = render(request, "invoices/run.html", context)
    if job.state == Job.State.WAITING:
        response["Refresh"] = "3"  # seconds; the browser looks again by itself, without scripts
    return response


def _asked_for(request: SignedInRequest) -> tuple[InvoiceFilter, QuerySet[Invoice]]:
    seen = Invoice.objects.visible_to(request.person).issued()
    form = InvoiceFilter(request.GET, seen)
    return form, form.applied_to(seen)


def _years_with_charges() -> list[FinancialYear]:
    """The years that still have charges to invoice or decide, the latest first."""
    ends = Charge.objects.to_invoice_or_decide().order_by().datetimes("booking__event__ends_at", "month")
    return sorted({FinancialYear.containing(month) for month in ends}, reverse=True)

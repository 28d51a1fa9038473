"""Charges: the list, one with its evidence, and what finance decides about them."""

from decimal import Decimal

from django.contrib import messages
from django.db.models import QuerySet, Sum
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bookings import absences
from bookings.models import Booking
from bookings.permissions import may_note_reasons
from frontend import returning
from frontend.access import SignedInRequest, require, signed_in
from frontend.charges.forms import TO_DECIDE, ChargeFilter, DisputeForm, WaiverForm
from frontend.charges.story import story
from frontend.downloads import Columns, list_file, pounds, words_of
from frontend.formats import plural
from frontend.paging import page_of
from invoicing import charges as changes
from invoicing import dues
from invoicing.models import Charge
from invoicing.permissions import may_confirm, may_credit, may_dispute, may_see_all_charges, may_see_invoice, may_waive
from invoicing.refusals import InvoicingRefused

TONES = {
    "proposed": "yellow",
    "disputed": "orange",
    "confirmed": "blue",
    "waived": "grey",
    "invoiced": "green",
    "credited": "purple",
}
FINANCE = "A finance officer"

# Heads of the file, and where the values are. No delegate's e-mail address, no reason for absence.
COLUMNS: Columns = {
    "Charge": "reference",
    "State": words_of("state", Charge.State),
    "Agency": "booking__agency__name",
    "Delegate": "booking__delegate__name",
    "Event": "booking__event__reference",
    "Course": "booking__event__course__title",
    "Event ended": "booking__event__ends_at",
    "Reason": "explanation",
    "Net amount": pounds("net_amount"),
    "VAT": pounds("vat_amount"),
    "Waiver": words_of("waiver", Charge.Waiver),
}
# As many charges as one confirmation takes; a form of more fields is refused.
MOST_AT_ONCE = 500


@require_safe
@signed_in
def charges(request: SignedInRequest) -> HttpResponse:
    """The charges that the person may see, filtered by the address, 50 a page."""
    form, rows = _asked_for(request)
    context = {
        "form": form,
        "page": page_of(request, rows.select_related("booking__delegate", "booking__agency", "booking__event__course")),
        "amount": rows.aggregate(amount=Sum("net_amount"))["amount"] or Decimal(0),
        "tones": TONES,
        "decides": may_confirm(request.person),
        "sees_all": may_see_all_charges(request.person),
        "to_decide": TO_DECIDE,
    }
    return render(request, "charges/charges.html", context)


@require_safe
@signed_in
def download(request: SignedInRequest) -> HttpResponse:
    """What the list shows, all of it, as a file."""
    _, rows = _asked_for(request)
    return list_file(request, "charges", COLUMNS, rows)


@require_safe
@signed_in
def charge(request: SignedInRequest, reference: str) -> HttpResponse:
    """One charge: what it is for, in words, and the evidence: the booking, the marks, and every decision."""
    found = _charge(request, reference)
    line = getattr(found, "line", None)
    context = {
        "charge": found,
        "tones": TONES,
        "story": story(found),
        "line": line,
        "sees_invoice": line and may_see_invoice(request.person, line.invoice),
        "decides": may_confirm(request.person) and found.state in (Charge.State.PROPOSED, Charge.State.DISPUTED),
        "credits": may_credit(request.person) and found.state == Charge.State.INVOICED,
        "is_to_credit": found.state == Charge.State.INVOICED and dues.to_credit().filter(pk=found.pk).exists(),
        "disputes": may_dispute(request.person, found) and found.state == Charge.State.PROPOSED,
        "notes_reason": may_note_reasons(request.person) and absences.is_absence(found.booking),
        # Finance works from the facts here; the booking's own page is for who sees bookings.
        "sees_booking": Booking.objects.visible_to(request.person).filter(pk=found.booking_id).exists(),
    }
    return render(request, "charges/charge.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def confirm_charges(request: SignedInRequest) -> HttpResponse:
    """Check, then confirm, the charges that were ticked, or all those to decide that the filter leaves."""
    require(may_confirm(request.person), who=FINANCE)
    ticked = request.POST.getlist("charge") or request.GET.getlist("charge")
    if ticked:
        seen = Charge.objects.visible_to(request.person).filter(reference__in=ticked)
        # All that the page showed, decided since or not: who was second is told, and confirms no part of it unseen.
        if request.method == "POST" and (pressed := list(seen[:MOST_AT_ONCE])):
            return _confirm(request, pressed)
        rows: QuerySet[Charge] = seen.to_decide()
    else:
        # All of a list comes with its filter in the address. Without one nothing was ticked: that is not all there are.
        _, asked_for = _asked_for(request)
        undecided = asked_for.filter(state__in=[Charge.State.PROPOSED, Charge.State.DISPUTED])
        rows = undecided if set(request.GET) - {returning.NAME} else undecided.none()
    chosen = list(
        rows.select_related("booking__delegate", "booking__agency", "booking__event__course")[: MOST_AT_ONCE + 1]
    )
    context = {
        "charges": chosen[:MOST_AT_ONCE],
        "amount": sum((one.net_amount for one in chosen[:MOST_AT_ONCE]), Decimal(0)),
        "is_cut": len(chosen) > MOST_AT_ONCE,
        "most": MOST_AT_ONCE,
        "back_to": _list_again(request),
    }
    return render(request, "charges/confirm_charges.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def waive_charge(request: SignedInRequest, reference: str) -> HttpResponse:
    """Say why a charge is not to be paid."""
    found = _charge(request, reference)
    require(may_waive(request.person), who=FINANCE)
    form = WaiverForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            changes.waive(found, waiver=form.cleaned_data["waiver"], note=form.cleaned_data["note"], by=request.person)
        except InvoicingRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Charge {found} is waived. It stays in the list and in the report as waived.")
        return returning.to(request, "charges:charge", reference)
    context = {"charge": found, "form": form, "title": "Waive this charge", "submit": "Waive it"}
    return render(request, "charges/answer_charge.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def dispute_charge(request: SignedInRequest, reference: str) -> HttpResponse:
    """Say what is wrong with a charge, as the delegate, their line manager or their agency's lead."""
    found = _charge(request, reference)
    require(may_dispute(request.person, found), who="The delegate, their line manager or their agency’s training lead")
    form = DisputeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            changes.dispute(found, ground=form.cleaned_data["ground"], by=request.person)
        except InvoicingRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Your answer is with finance. Nothing is invoiced until they have decided.")
        return returning.to(request, "charges:charge", reference)
    context = {"charge": found, "form": form, "title": "Say that this charge is wrong", "submit": "Send your answer"}
    return render(request, "charges/answer_charge.html", context)


def _asked_for(request: SignedInRequest) -> tuple[ChargeFilter, QuerySet[Charge]]:
    seen = Charge.objects.visible_to(request.person)
    form = ChargeFilter(request.GET, seen)
    return form, form.applied_to(seen)


def _charge(request: SignedInRequest, reference: str) -> Charge:
    rows = Charge.objects.visible_to(request.person).select_related(
        "booking__delegate", "booking__agency", "booking__event__course", "decided_by", "disputed_by",
        "line__invoice", "line__credit_note__issued_by",
    )  # fmt: skip
    return get_object_or_404(rows, reference=reference)


def _confirm(request: SignedInRequest, chosen: list[Charge]) -> HttpResponseRedirect:
    try:
        count = changes.confirm(chosen, by=request.person)
    except InvoicingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        are = "are" if count > 1 else "is"
        messages.success(request, f"{plural(count, 'charge')} {are} confirmed and will be on the next invoices.")
    return redirect(_list_again(request))


def _list_again(request: SignedInRequest) -> str:
    """The list as it was filtered; who came otherwise goes on with what there is to decide."""
    if returning.is_opened_from_a_list(request):
        return returning.list_address(request, "charges:list")
    return f"{reverse('charges:list')}?state={TO_DECIDE}"

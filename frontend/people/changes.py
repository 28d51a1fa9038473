"""Changes to one person's record: what they are called, reached by, who manages them and where they work."""

from typing import Any

from django.contrib import messages
from django.db.models import OuterRef
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from bookings import agency_changes
from frontend import returning
from frontend.access import SignedInRequest, asks_again, require, signed_in
from frontend.bookings.choosing import Choosing
from frontend.formats import full_date, plural
from frontend.people import detail
from frontend.people.forms import AgencyForm, CorrectionForm
from invoicing.models import Charge
from outbox import again
from people import corrections, persons
from people.models import Agency, Person
from people.permissions import may_correct, may_manage
from people.refusals import PersonRefused

GET_OR_POST = ["GET", "POST"]
WHO = "A coordinator or an administrator"


def visible(request: SignedInRequest, reference: str, **annotations: Any) -> Person:
    """The person, or 404; also for a record that became part of another."""
    rows = (
        Person.objects.visible_to(request.person)
        .standing()
        .with_roles_to_come()
        .select_related("agency", "staff_group", "line_manager", "account")
    )
    return get_object_or_404(rows.annotate(**annotations), reference=reference)


@require_http_methods(GET_OR_POST)
@signed_in
@asks_again
def correct_person(request: SignedInRequest, reference: str) -> HttpResponse:
    """Put name, address and staff group right."""
    person = visible(request, reference)
    require(may_correct(request.person), who=WHO)
    facts = {
        "name": person.name, "email": person.email, "staff_group": person.staff_group,
        "is_off_lists": person.is_off_lists,
    }  # fmt: skip
    form = CorrectionForm(request.POST if request.method == "POST" else None, initial=facts)
    if form.is_valid():
        try:
            corrections.correct(person=person, by=request.person, **form.cleaned_data)
        except PersonRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The record of {form.cleaned_data['name']} is corrected.")
            return returning.to(request, "people:person", reference)
    return render(request, "people/correct.html", {"one": person, "form": form})


@require_http_methods(GET_OR_POST)
@signed_in
def set_line_manager(request: SignedInRequest, reference: str) -> HttpResponse:
    """Find who the line manager is, and check; or say that there is none."""
    person = visible(request, reference)
    require(may_manage(request.person, person), who=WHO)
    colleagues = Person.objects.visible_to(request.person).employed().exclude(pk=person.pk)
    choosing = Choosing(among=colleagues, agencies=Agency.objects.none(), shows_emails=True, adds=False)
    choosing.take(request)
    if choosing.next:
        return redirect(choosing.next)
    if request.method == "POST" and (choosing.person or "nobody" in request.POST):
        return _managed(request, person, choosing.person)
    return render(request, "people/line_manager.html", {"one": person, "choosing": choosing})


def _managed(request: SignedInRequest, person: Person, manager: Person | None) -> HttpResponseRedirect:
    try:
        corrections.set_line_manager(person=person, manager=manager, by=request.person)
    except PersonRefused as refusal:
        messages.error(request, str(refusal))
    else:
        said = f"{manager} is now the line manager of {person}." if manager else f"{person} has no line manager now."
        messages.success(request, said)
    return returning.to(request, "people:person", person.reference)


@require_http_methods(GET_OR_POST)
@signed_in
def change_agency(request: SignedInRequest, reference: str) -> HttpResponse:
    """First where and from when; then what follows from it, to check; then it is done."""
    charged = Charge.objects.to_invoice_or_decide().filter(booking__delegate=OuterRef("pk"))
    person = visible(request, reference, charges=detail.count_of(charged, "booking__delegate"))
    require(may_correct(request.person), who=WHO)
    form = AgencyForm(request.POST if request.method == "POST" else None)
    if not form.is_valid() or "change" in request.POST:
        return render(request, "people/agency.html", {"one": person, "form": form})
    agency, from_on = form.cleaned_data["agency"], form.cleaned_data["from_on"]
    if "confirm" in request.POST:
        return _moved(request, person, form)
    along = agency_changes.taken_along(person, from_on).select_related("event__course").order_by("event__starts_at")
    context = {
        "one": person,
        "agency": agency,
        "from_on": from_on,
        "is_later": from_on > timezone.localdate(),
        "along": list(along),
        "stay": agency_changes.staying(person, from_on).count(),
        "ending": agency_changes.ending(person),
        "kept": [(name, value) for name, value in request.POST.items() if name.startswith(("agency", "from_on"))],
    }
    return render(request, "people/check_agency.html", context)


def _moved(request: SignedInRequest, person: Person, form: AgencyForm) -> HttpResponseRedirect:
    agency, from_on = form.cleaned_data["agency"], form.cleaned_data["from_on"]
    try:
        moved = agency_changes.change_agency(person=person, agency=agency, from_on=from_on, by=request.person)
    except PersonRefused as refusal:
        messages.error(request, str(refusal))
    else:
        along = f", and {plural(moved.bookings, 'booking')} with them" if moved.bookings else ""
        ended = f" Their role for {person.agency} has ended." if moved.roles else ""
        said = (
            f"{person} goes to {agency} on {full_date(from_on)}."
            if moved.later
            else f"{person} is with {agency}{along}.{ended}"
        )
        messages.success(request, said)
    return returning.to(request, "people:person", person.reference)


@require_POST
@signed_in
def stop_change(request: SignedInRequest, reference: str) -> HttpResponse:
    """Stop a change of agency that waits for its day."""
    person = visible(request, reference)
    require(may_correct(request.person), who=WHO)
    for job in agency_changes.pending(person):
        try:
            again.stop(row=job, by=request.person.reference)
        except again.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{person} stays with {person.agency}.")
    return returning.to(request, "people:person", reference)


@require_POST
@signed_in
def invite(request: SignedInRequest, reference: str) -> HttpResponse:
    """Tell somebody by e-mail how to sign in."""
    person = visible(request, reference)
    require(may_manage(request.person, person), who=WHO)
    try:
        persons.invite(person=person, by=request.person)
    except PersonRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{person} is told by email how to sign in.")
    return returning.to(request, "people:person", reference)

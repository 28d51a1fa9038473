"""Recording that somebody has left, with what becomes of their bookings, and undoing it."""

from collections import Counter

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from bookings import leavers
from bookings.leavers import What
from bookings.refusals import BookingRefused
from frontend import returning
from frontend.access import SignedInRequest, require, signed_in
from frontend.formats import listed, plural
from frontend.people.changes import visible
from frontend.people.leaving_form import LeavingForm
from people import persons
from people.models import Person
from people.permissions import may_change_access
from people.refusals import PersonRefused

WHO = "A coordinator, an administrator or their agency’s training lead; of somebody with a role, whoever gives it"


@require_http_methods(["GET", "POST"])
@signed_in
def record_as_left(request: SignedInRequest, reference: str) -> HttpResponse:
    """First the day and what becomes of the bookings, each with its cost; then all of it to check; then it is done."""
    # With the names of those whose line manager it is.
    staff = Person.objects.employed().filter(line_manager=OuterRef("pk")).order_by("sort_name", "id")
    lead = persons.leads_of("agency").exclude(pk=OuterRef("pk"))
    person = visible(request, reference, staff_names=ArraySubquery(staff.values("name")), has_lead=Exists(lead))
    require(may_change_access(request.person, person), who=WHO)
    manager = person.line_manager
    can_ask = person.has_lead or bool(manager and manager.email and not manager.left_on)  # type: ignore[attr-defined]
    form = LeavingForm(
        request.POST if request.method == "POST" else None,
        coming=leavers.with_costs(list(leavers.coming(person))),
        can_ask=can_ask,
    )
    context = {"one": person, "form": form}
    if not form.is_valid() or "change" in request.POST:
        return render(request, "people/left.html", context)
    if "confirm" in request.POST:
        return _left(request, person, form)
    kept = [(name, value) for name, value in request.POST.items() if name.startswith(("left_on", "do-", "who-"))]
    return render(request, "people/check_left.html", context | {"kept": kept})


def _left(request: SignedInRequest, person: Person, form: LeavingForm) -> HttpResponseRedirect:
    left_on = form.cleaned_data["left_on"]
    try:
        leavers.leave(person=person, left_on=left_on, choices=form.choices(), by=request.person)
    except (PersonRefused, BookingRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        whats = Counter(choice.what for choice in form.choices().values())
        done = [
            f"{plural(whats[what], 'booking')} {words}"
            for what, words in (
                (What.RELEASE, "released"),
                (What.SEND, "taken over"),
                (What.ASK, "kept for colleagues"),
            )
            if whats[what]
        ]
        messages.success(request, f"{person} is recorded as having left. {listed(done)}{'.' if done else ''}".rstrip())
    return returning.to(request, "people:person", person.reference)


@require_http_methods(["GET", "POST"])
@signed_in
def undo_leaving(request: SignedInRequest, reference: str) -> HttpResponse:
    """They have not left, or are back."""
    person = visible(request, reference)
    require(may_change_access(request.person, person), who=WHO)
    if request.method == "POST":
        try:
            left = leavers.undo(person=person, by=request.person)
        except PersonRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{person} is here again.")
            if left:
                messages.warning(request, f"This stays given up: {listed(left)}.")
        return returning.to(request, "people:person", reference)
    return render(request, "people/not_left.html", {"one": person})

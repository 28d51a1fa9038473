"""Recording that somebody has left, with what becomes of their bookings, and undoing it."""

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from bookings import leavers
from bookings.models import Booking
from bookings.refusals import BookingRefused
from frontend import returning
from frontend.access import SignedInRequest, require, signed_in
from frontend.formats import plural
from frontend.people.changes import visible
from frontend.people.forms import LeavingForm
from people import leaving
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
    person = visible(request, reference, staff_names=ArraySubquery(staff.values("name")))
    require(may_change_access(request.person, person), who=WHO)
    bookings = list(leavers.coming(person))
    form = LeavingForm(request.POST if request.method == "POST" else None, has_bookings=bool(bookings))
    context = {"one": person, "form": form, "rows": _rows(bookings)}
    if not form.is_valid() or "change" in request.POST:
        return render(request, "people/left.html", context)
    if "confirm" in request.POST:
        return _left(request, person, form)
    kept = [(name, value) for name, value in request.POST.items() if name.startswith(("left_on", "bookings"))]
    return render(request, "people/check_left.html", context | {"kept": kept})


def _left(request: SignedInRequest, person: Person, form: LeavingForm) -> HttpResponseRedirect:
    left_on = form.cleaned_data["left_on"]
    try:
        released = leavers.leave(person=person, left_on=left_on, release=form.releases, by=request.person)
    except (PersonRefused, BookingRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        what = f" {plural(len(released), 'booking')} released." if released else ""
        messages.success(request, f"{person} is recorded as having left.{what}")
    return returning.to(request, "people:person", person.reference)


@require_http_methods(["GET", "POST"])
@signed_in
def undo_leaving(request: SignedInRequest, reference: str) -> HttpResponse:
    """They have not left, or are back."""
    person = visible(request, reference)
    require(may_change_access(request.person, person), who=WHO)
    if request.method == "POST":
        try:
            leaving.undo(person=person, by=request.person)
        except PersonRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{person} is here. Bookings that were released stay released.")
        return returning.to(request, "people:person", reference)
    return render(request, "people/not_left.html", {"one": person})


def _rows(bookings: list[Booking]) -> list[tuple[Booking, object]]:
    return list(zip(bookings, leavers.costs(bookings), strict=True))

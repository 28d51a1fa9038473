"""For line managers and agency leads: what their people hold, what is due and what was missed."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from frontend.access import SignedInRequest, signed_in
from frontend.downloads import Columns, list_file
from frontend.paging import page_of
from frontend.staff_training import listing
from people.models import Agency
from reporting import gaps

COLUMNS: Columns = {
    "Name": "name",
    "Agency": "agency",
    "Staff group": "staff_group",
    "Course": "course",
    "Standing": "standing",
    "Attended": "attended_on",
    "Counts": "until",
    "Next date booked": "next_at",
}


@require_safe
@signed_in
def staff_training(request: SignedInRequest) -> HttpResponse:
    """One row a person and course, filtered by the address, 50 a page. Who answers for nobody is told so."""
    form, rows = listing.asked_for(request.GET, request.person)
    led = request.person.led_agencies
    context = {
        "led": list(Agency.objects.filter(pk__in=led)) if led else [],
        "form": form,
        "dates": gaps.next_dates(),
        "page": page_of(request, rows),
        "asked": request.GET.urlencode(),
        "shows_agency": len({row.agency for row in rows}) > 1,
    }
    return render(request, "staff_training/staff_training.html", context)


@require_safe
@signed_in
def download(request: SignedInRequest) -> HttpResponse:
    """What the list shows, all of it, as a file."""
    _, rows = listing.asked_for(request.GET, request.person)
    return list_file(request, "staff-training", COLUMNS, rows)

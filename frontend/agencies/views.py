"""Agencies: the list, and one of them."""

from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.models import Booking
from frontend.access import SignedInRequest, require, signed_in
from frontend.agencies.forms import AgencyFilter
from frontend.downloads import Columns, list_file, words_of
from frontend.paging import page_of
from people import domains
from people.models import Agency, Person, Role, RoleGrant
from people.names import match_key
from people.permissions import Right, may

WHO = "A coordinator, a finance officer or a member of the sub-group"

COLUMNS: Columns = {
    "Agency": "name",
    "Short name": "short_name",
    "Type": words_of("type", Agency.Type),
    "Statutory partner": "is_statutory_partner",
    "Payer": "payer__name",
    "People": "people_here",
    "Bookings": "bookings_in_all",
}


@require_safe
@signed_in
def agencies(request: SignedInRequest) -> HttpResponse:
    """All agencies, filtered by the address, 50 a page."""
    require(may(request.person, Right.SEE_AGENCIES), who=WHO)
    form, rows = _asked_for(request)
    context = {
        "form": form,
        "page": page_of(request, rows),
        "adds": may(request.person, Right.CHANGE_AGENCIES),
        "sees_people": may(request.person, Right.CHANGE_PEOPLE),
    }
    return render(request, "agencies/agencies.html", context)


@require_safe
@signed_in
def download(request: SignedInRequest) -> HttpResponse:
    """What the list shows, all of it, as a file."""
    require(may(request.person, Right.SEE_AGENCIES), who=WHO)
    _, rows = _asked_for(request)
    return list_file(request, "agencies", COLUMNS, rows)


@require_safe
@signed_in
def agency(request: SignedInRequest, reference: str) -> HttpResponse:
    """What an agency is called, who pays for it, and where its people, bookings and money are."""
    require(may(request.person, Right.SEE_AGENCIES), who=WHO)
    found = get_object_or_404(_counted().select_related("payer"), reference=reference)
    return render(request, "agencies/agency.html", _page(request.person, found))


def _page(person: Person, agency: Agency) -> dict[str, Any]:
    """What the agency's page shows to the person."""
    own = (match_key(agency.name), match_key(agency.short_name))
    return {
        "agency": agency,
        "names": [(name, name.key not in own) for name in agency.names.order_by("name")],
        "domains": domains.endings(agency),
        "pays_for": list(agency.pays_for.exclude(pk=agency.pk).order_by("name")[:51]),
        "leads": list(_leads(agency)),
        "changes": may(person, Right.CHANGE_AGENCIES),
        "bills": may(person, Right.CHANGE_BILLING),
        "sees_people": may(person, Right.CHANGE_PEOPLE),
        "sees_bookings": may(person, Right.SEE_BOOKINGS),
        "sees_money": may(person, Right.SEE_INVOICES),
    }


def _asked_for(request: SignedInRequest) -> tuple[AgencyFilter, QuerySet[Agency]]:
    form = AgencyFilter(request.GET)
    return form, form.applied_to(_counted().select_related("payer"))


def _counted() -> QuerySet[Agency]:
    """With people_here and bookings_in_all. As subqueries: two joined counts would multiply."""
    return Agency.objects.annotate(
        people_here=_count(Person.objects.employed().filter(agency=OuterRef("pk"))),
        bookings_in_all=_count(Booking.objects.filter(agency=OuterRef("pk"))),
    )


def _count(rows: "QuerySet[Any, Any]") -> Coalesce:
    counts = rows.order_by().values("agency").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counts, output_field=IntegerField()), Value(0))


def _leads(agency: Agency) -> QuerySet[Person]:
    today = timezone.localdate()
    held = RoleGrant.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), role=Role.AGENCY_LEAD, agency=agency)
    return Person.objects.employed().filter(Exists(held.filter(person=OuterRef("pk"), starts_on__lte=today)))

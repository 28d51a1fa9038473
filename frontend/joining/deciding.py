"""People who ask to join and whom nothing vouches for: the list, and letting one in or not."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from frontend.access import SignedInRequest, asks_again, require, signed_in
from frontend.joining.forms import DecisionForm, DeclineForm, RequestsFilter
from frontend.paging import page_of
from people import domains, joining
from people.models import Joining, Person
from people.names import sort_key
from people.permissions import Right, may
from people.refusals import PersonRefused

# More of one name are told apart in the list of people.
MOST = 10
WHO = "A coordinator or an administrator"


@require_safe
@signed_in
def requests(request: SignedInRequest) -> HttpResponse:
    """Who waits for a decision, the longest first; or what was decided, the latest first."""
    require(may(request.person, Right.CHANGE_PEOPLE), who=WHO)
    form = RequestsFilter(request.GET)
    rows = Joining.objects.visible_to(request.person).select_related("account", "agency", "person", "decided_by")
    rows = (
        rows.exclude(decided_at=None).order_by("-decided_at", "-pk")
        if form.shows_decided
        else rows.waiting().order_by("asked_at", "pk")
    )
    return render(request, "joining/requests.html", {"form": form, "page": page_of(request, rows)})


@require_http_methods(["GET", "POST"])
@signed_in
@asks_again
def decide(request: SignedInRequest, reference: str) -> HttpResponse:
    """Let somebody in, with name, agency and staff group put right; or do not, and say why."""
    require(may(request.person, Right.CHANGE_PEOPLE), who=WHO)
    rows = Joining.objects.visible_to(request.person).select_related("account", "agency", "person", "decided_by")
    asked = get_object_or_404(rows, reference=reference)
    data = request.POST if request.method == "POST" else None
    declines = "reason" in request.POST
    form, no = DecisionForm(None if declines else data, joining=asked), DeclineForm(data if declines else None)
    try:
        if declines and no.is_valid():
            joining.decline(joining=asked, reason=no.cleaned_data["reason"], by=request.person)
            messages.success(request, f"{asked} is told by email why they cannot join.")
            return redirect("joining:requests")
        if form.is_valid():
            joining.accept(joining=asked, by=request.person, **form.cleaned_data)
            messages.success(request, f"{form.cleaned_data['name']} is in, and is told by email.")
            return redirect("joining:requests")
    except PersonRefused as refusal:
        form.add_error(None, str(refusal)) if form.is_bound else no.add_error(None, str(refusal))
    context = {
        "asked": asked,
        "form": form,
        "no": no,
        "proposed": list(domains.proposed(asked.account.email)),
        "alike": [] if asked.decided_at else list(_alike(asked)),
    }
    return render(request, "joining/decide.html", context)


def _alike(asked: Joining) -> QuerySet[Person]:
    """Who may be the same person: of that name, or at that address."""
    alike = Q(sort_name=sort_key(asked.name)) | Q(email=asked.account.email)
    return Person.objects.filter(alike).select_related("agency").order_by("sort_name", "id")[:MOST]

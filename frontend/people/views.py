"""People: the list, one person, and who is new."""

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from frontend import returning
from frontend.access import SignedInRequest, require, signed_in
from frontend.downloads import Columns, list_file
from frontend.formats import plural
from frontend.paging import page_of
from frontend.people import detail, listing
from frontend.people.forms import NewPersonForm, PeopleFilter
from people import persons
from people.models import Person
from people.permissions import Right, may, may_see_people
from people.refusals import PersonRefused

WHO = "A coordinator, an administrator or an agency training lead"
COLUMNS: Columns = {
    "Name": "name",
    "Email address": "email",
    "Agency": "agency__name",
    "Staff group": lambda person: person.staff_group.name if person.staff_group else "",
    "Roles": lambda person: listing.roles_in_words(person),
    "Left on": "left_on",
}


@require_safe
@signed_in
def people(request: SignedInRequest) -> HttpResponse:
    """The people whom the person sees, filtered by the address, 50 a page."""
    require(may_see_people(request.person), who=WHO)
    form, rows = _asked_for(request)
    context = {
        "form": form,
        "page": page_of(request, rows),
        "in_words": listing.roles_in_words,
        "knows_accounts": may(request.person, Right.CHANGE_PEOPLE),
        "is_of_accounts": form.cleaned_data.get("state") in listing.OF_ACCOUNTS,
    }
    return render(request, "people/people.html", context)


@require_safe
@signed_in
def download(request: SignedInRequest) -> HttpResponse:
    """What the list shows, all of it, as a file."""
    require(may_see_people(request.person), who=WHO)
    _, rows = _asked_for(request)
    return list_file(request, "people", COLUMNS, rows)


@require_http_methods(["GET", "POST"])
@signed_in
def invite_all(request: SignedInRequest) -> HttpResponse:
    """Tell all whom the list shows how to sign in, as far as they can be told; after a check."""
    require(may(request.person, Right.CHANGE_PEOPLE), who="A coordinator or an administrator")
    _, rows = _asked_for(request)
    if request.method == "POST":
        told = persons.invite_each(people=rows, by=request.person)
        messages.success(request, f"{plural(told, 'person', 'people')} will be told by email how to sign in.")
        return redirect(f"{reverse('people:list')}?{request.GET.urlencode()}")
    count = persons.to_invite(rows).count()
    return render(request, "people/invite_all.html", {"count": count, "others": rows.count() - count})


@require_safe
@signed_in
def person(request: SignedInRequest, reference: str) -> HttpResponse:
    """All that whoever looks may know of a person, and what they may do."""
    require(may_see_people(request.person), who=WHO)
    seen = detail.with_grants(detail.counted(Person.objects.visible_to(request.person)))
    one = get_object_or_404(
        seen.select_related("agency", "staff_group", "line_manager", "account", "merged_into"), reference=reference
    )
    if one.merged_into:
        return returning.to(request, "people:person", one.merged_into.reference)
    context = {
        "one": one,
        "may": detail.doings(request.person, one),
        "grants": list(detail.grants(one, request.person)),
        "belongings": detail.belongings(one),
        "moves": list(detail.moves(one)),
        "sharing": list(_sharing(request.person, one)),
        "mailbox": persons.mailbox_of(one),
    }
    return render(request, "people/person.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def add_person(request: SignedInRequest) -> HttpResponse:
    """Somebody who is new here; an agency lead adds to their own agency."""
    require(may_see_people(request.person), who=WHO)
    form = NewPersonForm(
        request.POST if request.method == "POST" else None, agencies=listing.agencies_kept_by(request.person)
    )
    if form.is_valid():
        try:
            added = _add(form, request.person)
        except PersonRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            told = ", and is told by email how to sign in" if form.cleaned_data["invite"] else ""
            messages.success(request, f"{added} is added to the people of {added.agency}{told}.")
            return redirect("people:person", added.reference)
    return render(request, "people/add.html", {"form": form})


@transaction.atomic
def _add(form: NewPersonForm, by: Person) -> Person:
    entered = dict(form.cleaned_data)
    invite = entered.pop("invite")
    added = persons.add(by=by, **entered)
    if invite:
        persons.invite(person=added, by=by)
    return added


def _asked_for(request: SignedInRequest) -> tuple[PeopleFilter, QuerySet[Person]]:
    knows_accounts = may(request.person, Right.CHANGE_PEOPLE)
    form = PeopleFilter(request.GET, agencies=listing.agencies_kept_by(request.person), knows_accounts=knows_accounts)
    return form, form.applied_to(listing.seen_by(request.person))


def _sharing(by: Person, person: Person) -> QuerySet[Person]:
    """Who else here is reached by the same address, as far as whoever looks may see them."""
    others = Person.objects.visible_to(by).employed().filter(email=person.email).exclude(email="")
    return others.exclude(pk=person.pk).order_by("sort_name")

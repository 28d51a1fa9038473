"""Records of one person: those that may be, two beside each other, and making them one or two again."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings import merging
from bookings.refusals import BookingRefused
from frontend import returning
from frontend.access import SignedInRequest, asks_again, require, signed_in
from frontend.bookings.choosing import Choosing
from frontend.formats import listed
from frontend.paging import page_of
from frontend.people.changes import visible
from frontend.people.merge_forms import MergeForm, kept_values
from people import duplicates, merges
from people.models import Agency, Apart, Merge, Person, RoleGrant
from people.permissions import may_correct, may_merge
from people.refusals import PersonRefused

WHO = "A coordinator or an administrator"


@require_safe
@signed_in
def likely(request: SignedInRequest) -> HttpResponse:
    """Pairs of records that may be of one person, the surest first."""
    require(may_correct(request.person), who=WHO)
    page = page_of(request, duplicates.likely(), shown=_with_people)
    return render(request, "people/duplicates.html", {"page": page})


def _with_people(pairs: Any) -> list[dict[str, Any]]:
    pairs = list(pairs)
    keys = {key for pair in pairs for key in (pair.first, pair.second)}
    found = Person.objects.select_related("agency").in_bulk(keys)
    return [{"why": pair.why.words, "people": (found[pair.first], found[pair.second])} for pair in pairs]


@require_http_methods(["GET", "POST"])
@signed_in
@asks_again
def merge(request: SignedInRequest, reference: str, other: str) -> HttpResponse:
    """First the two beside each other and what is to choose; then what follows, to check; then it is done."""
    require(may_correct(request.person), who=WHO)
    people = _two(request, reference, other)
    pairs = merging.collisions(*people)
    form = MergeForm(request.POST if request.method == "POST" else None, people, pairs)
    context = {
        "people": people,
        "form": form,
        "is_theirs": may_merge(request.person, *people),
        "pairs": [pair for pair in pairs if not pair.is_to_choose],
    }
    if not form.is_valid() or "change" in request.POST:
        keys = [one.pk for one in people]
        return render(
            request, "people/merge.html", context | {"totals": merges.totals(Person.objects.filter(pk__in=keys))}
        )
    if "confirm" in request.POST:
        return _merged(request, form)
    context |= {"numbers": merges.numbers(form.gone, form.kept), "kept_values": kept_values(request.POST)}
    return render(request, "people/check_merge.html", context)


def _merged(request: SignedInRequest, form: MergeForm) -> HttpResponse:
    kept, gone = form.kept, form.gone
    given_up = [one.reference for one in form.given_up]
    try:
        merging.merge(kept=kept, gone=gone, take=form.take, giving_up=given_up, by=request.person)
    except (PersonRefused, BookingRefused) as refusal:
        messages.error(request, str(refusal))
        return redirect("people:merge", kept.reference, gone.reference)
    messages.success(request, "The two records are one. It can be undone on this page.")
    return redirect("people:person", kept.reference)


def _two(request: SignedInRequest, reference: str, other: str) -> tuple[Person, Person]:
    """Both, the older first, each with is_apart: whether somebody said that they are two."""
    apart = Apart.objects.filter(first=OuterRef("pk"), second__reference__in=[reference, other])
    rows = Person.objects.visible_to(request.person).standing().annotate(is_apart=Exists(apart))
    rows = rows.select_related("agency", "staff_group", "line_manager", "account")
    grants = RoleGrant.objects.select_related("agency").order_by("pk")
    found = list(_of(rows, reference, other).prefetch_related(Prefetch("roles_held", grants)))
    if len(found) != 2:
        raise Http404
    return found[0], found[1]


def _of(rows: QuerySet[Person], *references: str) -> QuerySet[Person]:
    return rows.filter(reference__in=references).order_by("pk")


@require_POST
@signed_in
def keep_apart(request: SignedInRequest, reference: str, other: str) -> HttpResponse:
    """Say that two records are two persons, or take that back."""
    require(may_correct(request.person), who=WHO)
    one, two = _two(request, reference, other)
    if "again" in request.POST:
        duplicates.propose_again(one=one, other=two, by=request.person)
        messages.success(request, f"{one} and {two} are proposed again, if they look alike.")
        return redirect("people:merge", one.reference, two.reference)
    duplicates.keep_apart(one=one, other=two, by=request.person)
    messages.success(request, f"{one} and {two} are two persons, and are not proposed again.")
    return redirect("people:duplicates")


@require_http_methods(["GET", "POST"])
@signed_in
def merge_with(request: SignedInRequest, reference: str) -> HttpResponse:
    """Find the other record of somebody."""
    person = visible(request, reference)
    require(may_correct(request.person), who=WHO)
    among = Person.objects.visible_to(request.person).standing().exclude(pk=person.pk)
    choosing = Choosing(among=among, agencies=Agency.objects.none(), shows_emails=True, adds=False)
    choosing.take(request)
    if choosing.person:
        return redirect("people:merge", person.reference, choosing.person.reference)
    return render(request, "people/merge_with.html", {"one": person, "choosing": choosing})


@require_http_methods(["GET", "POST"])
@signed_in
@asks_again
def undo_merge(request: SignedInRequest, reference: str) -> HttpResponse:
    """Have what was made one be two again."""
    require(may_correct(request.person), who=WHO)
    rows = Merge.objects.filter(kept__in=Person.objects.visible_to(request.person)).select_related("kept", "gone", "by")
    done = get_object_or_404(rows, reference=reference)
    if request.method == "POST":
        try:
            left = merging.undo(merge=done, by=request.person)
        except PersonRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{done.kept} and {done.gone} are two again.")
            if left:
                messages.warning(request, f"This could not be put back: {listed(left)}.")
        return returning.to(request, "people:person", done.kept.reference)
    return render(request, "people/undo_merge.html", {"done": done})

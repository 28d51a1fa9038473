"""Booking several people at once: paste or tick them, see what becomes of each, then do it.

What was pasted and ticked travels with the pages, and what comes of it is found anew each time: so nothing is kept
anywhere, and two windows do not disturb each other.
"""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods

from bookings import claims, permissions, several
from bookings.models import Booking
from bookings.refusals import BookingRefused
from bookings.several import Plan, Result, Row
from frontend.access import SignedInRequest, require, signed_in
from frontend.agency_bookings import whose
from frontend.agency_bookings.forms import ListForm
from frontend.agency_bookings.whose import Whose, WhoseForm
from frontend.bookings import rows
from people import matching, pasted
from people.matching import Kind
from people.models import Person
from training.models import Course, Event

# Of an agency's people so many are listed to tick.
LISTED = 200
# Why who was in the list could not be ticked, as the page before said it.
NOT_TO_TICK = {
    Kind.NAMELESS: "Name missing",
    Kind.ELSEWHERE: "Another agency",
    Kind.LEFT: "Has left",
    Kind.STRANGER: "Not your staff",
}


@require_http_methods(["GET", "POST"])
@signed_in
def book_several(request: SignedInRequest, reference: str) -> HttpResponse:
    """For agency leads their agency's people, for line managers their staff, for coordinators those of any agency."""
    event = get_object_or_404(Event.objects.visible_to(request.person).select_related("course"), reference=reference)
    require(whose.books_others(request.person), who="An agency’s training lead, a line manager or a coordinator")
    found = whose.all_of(request.person)
    chosen = whose.chosen(request.GET, found)
    if chosen is None:
        choosing = {"event": event, "form": WhoseForm(request.GET, found), "title": "Book several people"}
        return render(request, "agency_bookings/whose.html", choosing)
    context = {
        "event": event,
        "is_conference": event.course.delivery == Course.Delivery.CONFERENCE,
        "has_choice": len(found) > 1,
        "refusal": _refusal(event, request.person),
    } | whose.facts(chosen)
    if request.method == "POST" and "edit" not in request.POST:
        form = ListForm(request.POST)
        if form.is_valid() and not context["refusal"]:
            return _planned(request, event, chosen, form, context)
    else:
        form = ListForm(request.POST if request.method == "POST" else None)
        form.ticked = form.ticked or request.GET.getlist("people")
    return render(request, "agency_bookings/list.html", context | _to_tick(event, chosen, form))


def _planned(
    request: SignedInRequest, event: Event, chosen: Whose, form: ListForm, context: dict[str, Any]
) -> HttpResponse:
    """What would become of each; or, where that was seen and nothing is left to choose, what has."""
    asked = request.POST
    since = _since(asked)
    matches = matching.find(form.entries, chosen.circle, form.ticked)
    who = {name.removeprefix("who-"): asked[name] for name in asked if name.startswith("who-")}
    plan = Plan.of(event, chosen.circle, matches, request.person, who, asked.getlist("take") if since else None)
    meant = plan.meant(asked.getlist("take"))
    is_asked = "book" in asked and since is not None
    context |= {"form": form, "plan": plan}
    if is_asked and since and meant and not plan.undecided:
        results = several.book(
            event=event,
            circle=chosen.circle,
            rows=meant,
            by=request.person,
            since=since,
            allows=lambda delegate: permissions.may_book(request.person, delegate),
        )
        return render(
            request,
            "agency_bookings/done.html",
            context | _became(plan, results, pasted.head(form.cleaned_data["list"])),
        )
    context |= {"shown_at": (since or timezone.now()).isoformat(), "errors": _errors(plan, meant) if is_asked else []}
    return render(request, "agency_bookings/check.html", context)


def _errors(plan: Plan, meant: list[Row]) -> list[dict[str, str]]:
    """What is left to choose, each with where, for the summary of errors."""
    if not meant:
        return [{"text": "Tick whom you want to book", "href": "#people"}]
    return [{"text": f"Select who is meant by “{row.said}”", "href": f"#who-{row.key}"} for row in plan.undecided]


def _since(asked: QueryDict) -> datetime | None:
    """When the first preview of this list was shown; None before it."""
    try:
        found = parse_datetime(asked.get("shown_at", ""))
    except ValueError:
        return None
    return found if found is None or timezone.is_aware(found) else None


def _refusal(event: Event, by: Person) -> str:
    """Why they can book nobody on the event now."""
    try:
        claims.refuse_unless_open(event)
        claims.refuse_outside_window(event, by)
    except BookingRefused as refusal:
        return str(refusal)
    return ""


def _to_tick(event: Event, chosen: Whose, form: ListForm) -> dict[str, Any]:
    """The people whom one may tick, those who have a booking marked. In one query."""
    live = Booking.objects.live().filter(event=event, delegate=OuterRef("pk"))
    people = Person.objects.employed().filter(chosen.circle.condition).annotate(is_booked=Exists(live))
    found = people.order_by("sort_name", "pk").values("reference", "name", "staff_group__name", "is_booked")
    listed = list(found[: LISTED + 1])
    return {
        "form": form,
        "people": listed[:LISTED],
        "is_cut": len(listed) > LISTED,
        "most": several.MOST,
        "listed": LISTED,
    }


def _became(plan: Plan, results: list[Result], head: str) -> dict[str, Any]:
    """Who is booked, with each one's number on the waiting list; and everybody else of the list, with why not."""
    keys = [result.booking.pk for result in results if result.booking]
    booked = rows.with_position(Booking.objects.filter(pk__in=keys)).select_related("delegate").order_by("pk")
    found: list[Any] = list(booked)
    waiting = [one for one in found if one.position]
    done = {result.row.key for result in results if result.booking}
    refusals = {result.row.key: result.why for result in results}
    left = [row for row in plan.rows if row.key not in done]
    again = [row.match for row in left if not (row.twice or row.booking)]
    lines = [match.entry.text for match in again if match.entry.line]
    return {
        "booked": found,
        "placed": len(found) - len(waiting),
        "waiting": waiting,
        "not_booked": [(row.said, refusals.get(row.key) or _why_not(row)) for row in left],
        "tones": rows.TONES,
        "list_again": "\n".join([head, *lines] if head and lines else lines),
        "ticked_again": [person.reference for match in again if not match.entry.line for person in match.people],
    }


def _why_not(row: Row) -> str:
    """Why a row was left out of what was booked."""
    if row.twice:
        return "Twice in the list"
    if row.booking:
        return f"Booked already: {row.booking}"
    if row.is_blocked:
        return "Cannot be booked: the course asks for something that is not recorded of them"
    return row.match.entry.trouble or NOT_TO_TICK.get(row.match.kind, "Not ticked")

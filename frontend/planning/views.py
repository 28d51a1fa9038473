"""A new event: from a course, in one page."""

from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from bookings import capacity
from frontend.access import SignedInRequest, require, signed_in
from frontend.planning import asking, checking
from frontend.planning.checking import Check
from frontend.planning.forms import CourseForm, NewEventForm, Resources, SessionForm, usual_sessions
from training import planning
from training.models import Course, Event
from training.permissions import may_change_programme
from training.refusals import ProgrammeRefused
from training.sessions import Sitting

COORDINATOR = "A coordinator"
# Where no date of the course has been planned before.
USUAL_PLACES = 20


@require_http_methods(["GET", "POST"])
@signed_in
def new_event(request: SignedInRequest) -> HttpResponse:
    """Of ?course=…, with its usual times and places; without it the course is asked for first."""
    require(may_change_programme(request.person), who=COORDINATOR)
    if not request.GET.get("course"):
        return render(request, "planning/choose.html", {"form": CourseForm(request.GET)})
    course = get_object_or_404(_courses(), code=request.GET["course"])
    usual = course.usual or USUAL_PLACES
    data = request.POST if request.method == "POST" else None
    resources = Resources.load()
    sessions, form = list(usual_sessions(course, data, resources)), NewEventForm(data, initial={})
    if data is not None and not checking.is_back(request) and all(one.is_valid() for one in (form, *sessions)):
        answer = _planned(request, course, sessions, form, usual)
        if answer is not None:
            return answer
    context = {"course": course, "usual": usual, "form": form, "session_forms": sessions}
    return render(request, "planning/new.html", context)


def _courses() -> Any:
    """Courses with the places of their last date."""
    latest = Event.objects.filter(course=OuterRef("pk"), starts_at__isnull=False).order_by("-starts_at")
    return Course.objects.annotate(usual=Subquery(latest.values("places")[:1]))


def _planned(
    request: SignedInRequest, course: Course, sessions: list[SessionForm], form: NewEventForm, usual: int
) -> HttpResponse | None:
    """On to the event that was made, or the check before it; None where it was refused, which the form says."""
    sittings = [one.sitting() for one in sessions if not one.is_left_out]
    facts = form.facts(_places(sittings, usual))
    try:
        check = Check(planning.speaks_against(course=course, sittings=sittings, facts=facts))
        if not check.is_passed(request):
            return checking.page(request, check, "Before this event is made", course.title, "Make it all the same")
        event = planning.plan(
            course=course,
            sittings=sittings,
            facts=facts,
            by=request.person,
            override=checking.reason(request),
            online_link=form.cleaned_data["online_link"],
        )
        if "publish" in request.POST:
            capacity.publish(event=event, by=request.person)
    except ProgrammeRefused as refusal:
        form.add_error(None, str(refusal))
        return None
    done = "is published: it can be booked" if "publish" in request.POST else "is saved as a draft. Nobody else sees it"
    messages.success(request, f"{event} {done}. Its reference is {event.reference}.")
    if form.cleaned_data["asks_trainers"]:
        asking.ask(request, event, set())
    return redirect("events:event", event.reference)


def _places(sittings: list[Sitting], usual: int) -> int:
    """As many as usual, or as the smallest of the rooms holds."""
    return min([usual, *(one.room.capacity for one in sittings if one.room and one.room.capacity)])

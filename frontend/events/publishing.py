"""A draft is opened for booking, after a look at what is missing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from bookings import capacity
from bookings.models import Booking
from frontend import returning
from frontend.access import SignedInRequest, require, signed_in
from frontend.events.page import SessionRow, sessions_of
from frontend.formats import plural
from training import interest
from training.models import Course, Event, Interest
from training.permissions import may_change_programme
from training.refusals import ProgrammeRefused


@require_http_methods(["GET", "POST"])
@signed_in
def publish(request: SignedInRequest, reference: str) -> HttpResponse:
    """What the public will see, what is missing, and who is told; then the button."""
    event = get_object_or_404(Event.objects.visible_to(request.person).select_related("course"), reference=reference)
    require(may_change_programme(request.person), who="A coordinator")
    if event.state != Event.State.DRAFT:
        messages.info(request, f"{event} is {event.get_state_display().lower()} already.")
        return returning.to(request, "events:event", reference)
    if request.method == "POST":
        return _published(request, event)
    sessions = sessions_of(event)
    context = {
        "event": event,
        "sessions": sessions,
        "missing": _missing(event, sessions),
        "has_begun": event.has_begun(),
        # An in-house event is no date that everybody may book.
        "told": 0 if event.is_in_house else interest.reached().filter(course=event.course_id).count(),
        "waiting": event.bookings.waiting().count(),
    }
    return render(request, "events/publish.html", context)


def _published(request: SignedInRequest, event: Event) -> HttpResponse:
    try:
        event = capacity.publish(event=event, by=request.person)
    except ProgrammeRefused as refusal:
        messages.error(request, str(refusal))
        return returning.to(request, "events:event", event.reference)
    said = [f"{event} is open for booking."]
    if told := Interest.objects.filter(told_of=event).count():
        said.append(f"{_people(told)} who waited for a date {'is' if told == 1 else 'are'} told by email.")
    if offered := event.bookings.filter(state=Booking.State.OFFERED).count():
        said.append(f"{_people(offered)} on its waiting list {'is' if offered == 1 else 'are'} offered a place.")
    messages.success(request, " ".join(said))
    return returning.to(request, "events:event", event.reference)


def _missing(event: Event, sessions: list[SessionRow]) -> list[str]:
    """What delegates will ask for; it can be entered later."""
    is_online = event.course.delivery in {Course.Delivery.VIRTUAL, Course.Delivery.E_LEARNING}
    found = {
        "A trainer": bool(sessions) and not all(session.trainers for session in sessions),
        "A venue": bool(sessions) and not is_online and not all(session.room for session in sessions),
        "A link to join online": is_online and not event.online_link,
        "Joining instructions": not event.joining_instructions,
    }
    return [what for what, is_missing in found.items() if is_missing]


def _people(count: int) -> str:
    return plural(count, "person", "people")

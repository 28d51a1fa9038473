"""One event: its facts, who is booked on it, who waits, and where its registers are."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bookings import reservations
from bookings.permissions import may_close, may_give_places, may_see_needs, may_write_to_delegates
from evaluations.permissions import may_see_all_results
from frontend.access import SignedInRequest, signed_in
from frontend.agency_bookings.whose import books_others, leads
from frontend.bookings.rows import TONES
from frontend.events.page import page_of
from frontend.programme import listing
from frontend.returning import opened_from_event
from people.permissions import Right, may
from training.models import Event
from training.permissions import may_change_programme

# All its registers are handed in.
TOOK_PLACE = ("close", "closed")


@require_safe
@signed_in
def event(request: SignedInRequest, reference: str) -> HttpResponse:
    """The public facts to everyone; counts and names to who may see them."""
    person = request.person
    found = get_object_or_404(listing.counted(Event.objects.visible_to(person)), reference=reference)
    page = page_of(found, person, opened_from_event(request))
    is_public = not may(person, Right.READ_PROGRAMME) and not page.is_trainer
    standing = listing.standing(found)
    context = {
        "event": found,
        "page": page,
        "is_public": is_public,
        "standing": standing,
        "standings": listing.PUBLIC_STANDINGS if is_public else listing.STANDINGS,
        "tones": TONES,
        "marks_registers": page.is_trainer or may(person, Right.MARK_REGISTERS),
        "sees_registers": page.is_trainer or may(person, Right.SEE_REGISTERS),
        "sees_bookings": may(person, Right.SEE_BOOKINGS),
        "gives_places": may_give_places(person),
        "closes": may_close(person),
        "sees_needs": may_see_needs(person, found, page.is_trainer),
        "says_how_to_join": may_change_programme(person) and not found.is_over() and found.cancelled_at is None,
        "writes": may_write_to_delegates(person),
        "sees_results": (page.is_trainer or may_see_all_results(person)) and found.is_over(),
        "books_several": books_others(person),
        "reserves": leads(person),
        "reserved": reservations.led_by(person).filter(event=found) if person.led_agencies else (),
        "books_others": may(person, Right.CHANGE_BOOKINGS) or bool(person.led_agencies),
        "actions": _actions(found, standing) if may_change_programme(person) else [],
        "publishes": may_change_programme(person) and found.state == Event.State.DRAFT,
        "is_open": found.state == Event.State.PUBLISHED and found.starts_at is not None and not found.has_begun(),
    }
    return render(request, "events/event.html", context)


def _actions(event: Event, standing: str) -> list[dict[str, str]]:
    """What a coordinator does with the whole event."""
    if standing == "cancelled":
        return []
    found = [{"text": "Places and whom they are for", "href": reverse("events:places", args=[event.reference])}]
    if standing not in TOOK_PLACE:
        found.append({"text": "Cancel this event", "href": reverse("events:cancel", args=[event.reference])})
    return found

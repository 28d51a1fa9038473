"""One event: its facts, who is booked on it, who waits, and where its registers are."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from bookings import corrections, reservations
from bookings.permissions import may_close, may_give_places, may_see_needs, may_write_to_delegates
from evaluations.permissions import may_see_all_results
from frontend.access import SignedInRequest, signed_in
from frontend.bookings.rows import TONES
from frontend.events.actions import actions_on
from frontend.events.page import page_of
from frontend.programme import listing
from frontend.returning import opened_from_event
from people.permissions import Right, may
from training import booking_window, staffing
from training.models import Event
from training.permissions import may_change_programme


@require_safe
@signed_in
def event(request: SignedInRequest, reference: str) -> HttpResponse:
    """The public facts to everyone; counts and names to who may see them."""
    person = request.person
    seen = staffing.with_standing(listing.counted(Event.objects.visible_to(person)))
    seen = seen.select_related("to_cancel_instead")
    found = get_object_or_404(seen, reference=reference)
    page = page_of(found, person, opened_from_event(request))
    is_public = not may(person, Right.READ_PROGRAMME) and not page.is_trainer
    standing = listing.standing(found)
    # Outside the time of booking coordinators book all the same.
    is_open = _is_open(found) and (may(person, Right.CHANGE_BOOKINGS) or not booking_window.words(found))
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
        "writes": may_write_to_delegates(person) and found.cancelled_at is None,
        "is_ahead": found.cancelled_at is None and not found.is_over(),
        "closes": may_close(person),
        "corrected": corrections.of(found).count() if standing == "closed" and may_close(person) else 0,
        "sees_needs": may_see_needs(person, found, page.is_trainer),
        "plans": may_change_programme(person),
        "says_how_to_join": may_change_programme(person) and not found.is_over() and found.cancelled_at is None,
        "sees_results": (page.is_trainer or may_see_all_results(person)) and found.is_over(),
        "reserved": reservations.led_by(person).filter(event=found) if person.led_agencies else (),
        "books_others": may(person, Right.CHANGE_BOOKINGS) or bool(person.led_agencies),
        "actions": actions_on(found, standing, person, request, is_open=is_open),
        "publishes": may_change_programme(person) and found.state == Event.State.DRAFT,
        "is_open": is_open,
        "booked": booking_window.plan(found),
        "is_not_sure": listing.is_not_sure(found),
        "is_under_minimum": listing.is_under_minimum(found),
    }
    return render(request, "events/event.html", context)


def _is_open(event: Event) -> bool:
    is_on = event.state == Event.State.PUBLISHED and event.to_cancel_at is None
    return is_on and event.starts_at is not None and not event.has_begun()

"""What somebody does with a whole event, in one row of links."""

from django.http import HttpRequest
from django.urls import reverse

from bookings.permissions import may_give_places, may_write_to_delegates
from frontend.agency_bookings.whose import books_others, leads
from frontend.returning import kept_list
from people.models import Person
from training.models import Course, Event
from training.permissions import may_change_programme
from training.sessions import ANYWHERE

# All its registers are handed in.
TOOK_PLACE = ("close", "closed")


def is_conference(event: Event) -> bool:
    return event.course.delivery == Course.Delivery.CONFERENCE


def actions_on(
    event: Event, standing: str, person: Person, request: HttpRequest, *, is_open: bool
) -> list[dict[str, str]]:
    """What the person may do with the event as it stands; is_open: whether they may book on it."""
    plans, is_on = may_change_programme(person), standing != "cancelled"
    has_begun = event.state == Event.State.PUBLISHED and event.has_begun() and not event.broken_off_at
    offered = (
        ("Book several people", "agency_bookings:book_several", is_open and books_others(person)),
        ("Reserve places without names", "agency_bookings:reserve", is_open and leads(person)),
        ("Places and whom they are for", "events:places", may_give_places(person) and is_on),
        ("Change sessions, rooms and trainers", "planning:change", plans and is_on),
        (
            "Confirm the date" if event.is_tentative else "The date is not sure",
            "events:date",
            plans and is_on and not event.has_begun(),
        ),
        ("Trainers: ask, agree, find", "events:trainers", plans and is_on),
        ("Workshops and badges", "events:workshops", may_give_places(person) and is_conference(event)),
        ("Materials", "events:materials", plans and is_on),
        ("Move online or to another day", "planning:move_day", plans and _can_move(event)),
        ("Copy to other dates", "planning:copy", plans),
        ("Write to its people", "events:message", may_write_to_delegates(person)),
        (
            "Cancel this event",
            "events:cancel",
            plans and is_on and standing not in TOOK_PLACE and event.to_cancel_at is None,
        ),
        ("It was broken off", "events:break_off", plans and has_begun and standing != "closed"),
    )
    return [{"text": text, "href": _address(view, event, request)} for text, view, is_theirs in offered if is_theirs]


def _address(view: str, event: Event, request: HttpRequest) -> str:
    # The one page that several events of a day have together.
    if view == "planning:move_day":
        return reverse(view) + kept_list(request, event=event.reference)
    return reverse(view, args=[event.reference]) + kept_list(request)


def _can_move(event: Event) -> bool:
    is_on = event.state == Event.State.PUBLISHED and event.ends_at is not None and not event.is_over()
    return is_on and event.course.delivery not in ANYWHERE

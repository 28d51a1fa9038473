"""What delegates are told of a session that they make up at another event. A message's reference: make-up:booking."""

from typing import Any

from django.utils import timezone

from bookings import calendar_files, make_up_reminders, making_up
from bookings.described import DAY, DELEGATE, FACTS
from bookings.facts import booking_of, facts_of, joining_facts, session_in_words
from bookings.models import Booking, MakeUp
from outbox import templates
from outbox.described import Described, Fact
from outbox.sender import Sender
from outbox.templates import Attached, Attachment, Facts, NoLongerNeeded
from training.models import Event
from training.moments import full_date, full_moment


def made_up(reference: str) -> dict[str, str | list[str]]:
    one = _found(reference)
    if one.ended_at is not None or one.event.state != Event.State.PUBLISHED or one.event.is_over():
        raise NoLongerNeeded("It was taken back, or that event is off or over.")
    return _facts(one) | joining_facts(one.event) | {"sessions": [session_in_words(one.session)]}


def soon(reference: str) -> Facts:
    facts = made_up(reference)
    session = _found(reference).session
    if session.starts_at <= timezone.now():
        raise NoLongerNeeded("The session has begun.")
    return facts | {"day": full_date(session.starts_at)}


def not_made_up(reference: str) -> Facts:
    one = _found(reference)
    if one.ended_at is None or one.booking.state != Booking.State.CONFIRMED:
        raise NoLongerNeeded("It stands, or the booking itself is cancelled.")
    if MakeUp.objects.live().filter(booking=one.booking, missed=one.missed).exists():
        raise NoLongerNeeded("It is made up elsewhere, and they are told of that.")
    sessions = [session_in_words(one.session)] if one.session else [f"The event of {_day(one.event)}"]
    there = Booking.objects.live().filter(delegate=one.booking.delegate_id, event=one.event)
    instead = (
        "You have a place on that date, and are there for all of it."
        if there.exists()
        else "We look for another date. If you know one that suits you, please tell us."
    )
    return _facts(one) | {"online": "", "instructions": [], "private": "", "sessions": sessions, "instead": instead}


def _day(event: Event) -> str:
    return full_moment(event.starts_at) if event.starts_at else event.reference


def _facts(one: MakeUp) -> dict[str, str | list[str]]:
    return facts_of(booking_of(one.booking.reference)) | {"missed": full_moment(one.missed.starts_at)}


def _found(reference: str) -> Any:
    rows = MakeUp.objects.select_related("booking", "missed", "event", "session__room__venue", "session__event")
    return rows.get(pk=reference.partition(":")[0])


def entry(reference: str, to: str) -> list[Attachment]:
    """What puts the session into a calendar, or right there."""
    one, sender = _for_calendar(reference)
    return calendar_files.as_invitation([calendar_files.made_up_request(one, sender, to)])


def entry_taken_out(reference: str, to: str) -> list[Attachment]:
    one, sender = _for_calendar(reference)
    return calendar_files.as_invitation([calendar_files.made_up_cancellation(one, sender, to)])


def _for_calendar(reference: str) -> tuple[Any, Sender]:
    rows = calendar_files.with_told(MakeUp.objects.select_related("booking__event__course", "booking__delegate"))
    booking = booking_of(reference.partition(":")[2])
    return rows.get(pk=reference.partition(":")[0]), Sender(booking.partnership_name, booking.training_email)


_MISSED = {"missed": Fact("When the session was that they missed", "Wednesday 3 March 2027, 9:30am")}
_SAID = FACTS | _MISSED
DESCRIBED = {
    making_up.MADE_UP: Described(
        "A missed session is made up", DELEGATE,
        "At once when a coordinator arranges it, and when time, place or link of that session change",
        _SAID, ("name", "missed", "sessions", "online"),
    ),
    making_up.NOT_MADE_UP: Described(
        "A missed session is not made up after all", DELEGATE,
        "When a coordinator takes it back, and some minutes after that event was cancelled",
        _SAID | {
            "instead": Fact(
                "That another date is looked for, or that they are on that event for all of it",
                "We look for another date. If you know one that suits you, please tell us.",
            )
        },
        ("name", "missed", "sessions"),
    ),
    make_up_reminders.SOON: Described(
        "A missed session is made up soon", DELEGATE,
        "Two weeks and two days before that session, and five days before where there is something to say of joining",
        _SAID | {"day": DAY}, ("name", "missed", "sessions", "online", "instructions", "private"),
    ),
}  # fmt: skip
ATTACHED: dict[str, Attached] = {making_up.MADE_UP: entry, making_up.NOT_MADE_UP: entry_taken_out}
FACTS_OF = {making_up.MADE_UP: made_up, making_up.NOT_MADE_UP: not_made_up, make_up_reminders.SOON: soon}


def register() -> None:
    """Let the outbox use the templates."""
    for name, facts in FACTS_OF.items():
        templates.register(name, facts, ATTACHED.get(name), DESCRIBED[name])

"""Bookings as entries of a calendar (RFC 5545): the file that goes with a message, the one to download, and the feed.

A booking's entries are known by its reference and the session's number, so that a later one takes the earlier one's
place. docs/decisions/0023-calendar-entries.md says why messages carry REQUEST and CANCEL, and files and feeds PUBLISH.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from bookings.models import Booking, MakeUp
from outbox.sender import Sender
from outbox.templates import Attachment, one_line
from training.models import Event, Session
from training.moments import full_date

if TYPE_CHECKING:
    import icalendar  # slow to import, and few processes ask for it

_DECLINING = "Declining this in your calendar does not tell us. If you cannot come,"
DECLINING = f"{_DECLINING} cancel your place here:"
DECLINING_MADE_UP = f"{_DECLINING} write to the training team."
# How often a program should ask for a feed again.
READ_EVERY = timedelta(hours=4)
KIND = "text/calendar; charset=utf-8"

# The rules since 1996, as the tz database has them, and without an end.
LONDON = b"""BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19960331T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
TZNAME:BST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:GMT
END:STANDARD
END:VTIMEZONE
"""


def page_of(booking: Booking) -> str:
    return settings.SITE_URL + reverse("bookings:booking", args=[booking.reference])


def cancel_page_of(booking: Booking) -> str:
    return settings.SITE_URL + reverse("bookings:cancel", args=[booking.reference])


def requests(booking: Booking, sessions: list[Session], sender: Sender, to: str, ends: int = 0) -> list[Attachment]:
    """A file for each session, as REQUEST may hold one entry only; and for each that was told and is there no more.

    ends: how often the booking was taken out of the calendar, and was brought back.
    """
    sequence = sequence_of(booking, ends)
    made = [
        _message_file("REQUEST", booking, number, _entry(booking, session, number, len(sessions), sequence), sender, to)
        for number, session in enumerate(sessions, 1)
    ]
    gone = range(len(sessions) + 1, _most_told(booking) + 1)
    return made + [_cancellation(booking, number, sequence, sender, to, booking.event.starts_at) for number in gone]


def cancellations(
    booking: Booking, sessions: list[Session], sender: Sender, to: str, ends: int = 0
) -> list[Attachment]:
    """Takes every entry of the booking out of the calendar again. ends: how often it was before."""
    sequence = sequence_of(booking, ends)
    starts = dict(enumerate((session.starts_at for session in sessions), 1))
    numbers = range(1, max(len(sessions), _most_told(booking)) + 1)
    return [
        _cancellation(booking, number, sequence, sender, to, starts.get(number, booking.event.starts_at))
        for number in numbers
    ]


def as_invitation(files: list[Attachment]) -> list[Attachment]:
    """With the one request, or the one cancellation, as a form of the message: programs then show its buttons or act.

    Of several they would show one, as if there were no others.
    """
    requests = [file for file in files if file.kind == kind_of("REQUEST")]
    first = requests or files
    return [replace(file, is_alternative=len(first) == 1 and file is first[0]) for file in files]


def kind_of(method: str) -> str:
    return f"text/calendar; method={method}"


def file(bookings: Iterable[Booking], *, name: str = "") -> bytes:
    """All sessions of these bookings, and those made up elsewhere.

    Reads their events with sessions, rooms and changes, and their make-ups, as feeds.with_sessions() fetches them.

    name: of a feed, which programs ask for again every few hours.
    """
    import icalendar

    calendar = _calendar("PUBLISH")
    if name:
        # Given as texts, as the library escapes only what it knows.
        words = icalendar.vText(one_line(name))
        calendar.add("name", words)
        calendar.add("x-wr-calname", words)
        calendar.add("refresh-interval", READ_EVERY, parameters={"value": "DURATION"})
        calendar.add("x-published-ttl", icalendar.vDuration(READ_EVERY))
    for booking in bookings:
        sessions = list(booking.event.sessions.all())
        sequence = sequence_of(booking)
        for number, session in enumerate(sessions, 1):
            calendar.add_component(_entry(booking, session, number, len(sessions), sequence))
        for made_up in booking.make_ups.all():
            calendar.add_component(_made_up_entry(booking, made_up))
    return bytes(calendar.to_ical())


def with_told(make_ups: QuerySet[MakeUp]) -> QuerySet[Any]:
    """With how many changes of the event were told, and all else that an entry reads, but the booking."""
    told = Count("event__changes", filter=Q(event__changes__told_at__isnull=False))
    found: QuerySet[Any] = make_ups.annotate(told=told)
    return found.select_related("missed", "event__course", "session__room__venue")


def made_up_request(made_up: Any, sender: Sender, to: str) -> Attachment:
    """Of a session that is made up at another event; made_up is one of with_told()."""
    booking = made_up.booking
    return _message_file("REQUEST", booking, _number(made_up), _made_up_entry(booking, made_up), sender, to)


def made_up_cancellation(made_up: Any, sender: Sender, to: str) -> Attachment:
    """Takes that out of the calendar again."""
    session, event = made_up.session, made_up.event
    starts_at = session.starts_at if session else event.starts_at
    return _cancellation(made_up.booking, _number(made_up), made_up.told + 1, sender, to, starts_at)


def _number(made_up: MakeUp) -> str:
    """What stands for a session's number in the name of its entry."""
    return f"made-up-{made_up.pk}"


def sequence_of(booking: Booking, ends: int = 0) -> int:
    """Rises with each change that was told, when the booking ends, and when it is brought back: after so many ends."""
    told = sum(change.told_at is not None for change in booking.event.changes.all())
    return told + 2 * ends + (booking.state == Booking.State.CANCELLED)


def where(session: Session) -> str:
    """The venue, the room and the venue's address, in one line."""
    if session.room is None:
        return ""
    return one_line(", ".join([str(session.room), *session.room.venue.address.splitlines()]))


def _most_told(booking: Booking) -> int:
    """The greatest number of sessions that the event ever had."""
    return max((len(change.was["sessions"]) for change in booking.event.changes.all()), default=0)


def _calendar(method: str) -> "icalendar.Calendar":
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Turnout//Training desk//EN")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(icalendar.Timezone.from_ical(LONDON))
    return calendar


def _entry(booking: Booking, session: Session, number: int, sessions: int, sequence: int) -> "icalendar.Event":
    title = one_line(booking.event.course.title)
    entry = _bare_entry(booking, number, sequence)
    entry.add("summary", f"{title} ({number} of {sessions})" if sessions > 1 else title)
    said = f"{one_line(booking.delegate.name)} has a place: booking {booking.reference}."
    _fill(entry, booking, booking.event, session, [DECLINING, cancel_page_of(booking), "", said])
    return entry


def _made_up_entry(booking: Booking, made_up: Any) -> "icalendar.Event":
    entry = _bare_entry(booking, _number(made_up), made_up.told)
    entry.add("summary", f"{one_line(made_up.event.course.title)} (session made up)")
    missed = full_date(made_up.missed.starts_at)
    said = f"{one_line(booking.delegate.name)} makes up the session of {missed}: booking {booking.reference}."
    _fill(entry, booking, made_up.event, made_up.session, [DECLINING_MADE_UP, "", said])
    return entry


def _fill(entry: "icalendar.Event", booking: Booking, event: Event, session: Session, said: list[str]) -> None:
    """With when and where the session of the event is, and how it is joined."""
    entry.add("dtstart", _here(session.starts_at))
    entry.add("dtend", _here(session.ends_at))
    entry.add("location", where(session) or event.online_link)
    joined = [f"Join online: {event.online_link}"] if event.online_link else []
    entry.add("description", "\n".join([*said, *joined]))
    entry.add("url", page_of(booking))
    entry.add("status", "TENTATIVE" if event.is_tentative else "CONFIRMED")


def _bare_entry(booking: Booking, number: int | str, sequence: int) -> "icalendar.Event":
    import icalendar

    entry = icalendar.Event()
    entry.add("uid", f"{booking.reference}-{number}@{urlsplit(settings.SITE_URL).hostname}")
    entry.add("sequence", sequence)
    entry.add("dtstamp", timezone.now().astimezone(UTC))
    return entry


def _cancellation(
    booking: Booking, number: int | str, sequence: int, sender: Sender, to: str, starts_at: datetime | None
) -> Attachment:
    entry = _bare_entry(booking, number, sequence)
    entry.add("summary", one_line(booking.event.course.title))
    if starts_at:
        entry.add("dtstart", _here(starts_at))
    entry.add("status", "CANCELLED")
    return _message_file("CANCEL", booking, number, entry, sender, to)


def _message_file(
    method: str, booking: Booking, number: int | str, entry: "icalendar.Event", sender: Sender, to: str
) -> Attachment:
    """With who asks and who is asked: without them no program takes it for an invitation."""
    entry.add("organizer", _address(sender.reply_to or settings.DEFAULT_FROM_EMAIL, cn=sender.name))
    # Already coming, and not asked: what they answer would reach nobody who knows what it means.
    coming = {"partstat": "ACCEPTED", "role": "REQ-PARTICIPANT", "rsvp": "FALSE"}
    entry.add("attendee", _address(to, cn=booking.delegate.name, **coming))
    calendar = _calendar(method)
    calendar.add_component(entry)
    name = f"{booking.reference}-{number}{'-cancelled' if method == 'CANCEL' else ''}.ics"
    return Attachment(name, calendar.to_ical().decode(), kind_of(method))


def _address(address: str, **parameters: str) -> Any:
    import icalendar

    bare = address.partition("<")[2].rstrip("> ") or address
    made = icalendar.vCalAddress(f"mailto:{bare}")
    for name, value in parameters.items():
        made.params[name] = one_line(value)
    return made


def _here(moment: datetime) -> datetime:
    return moment.astimezone(timezone.get_default_timezone())

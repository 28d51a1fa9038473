"""The sheets Events and Workshops."""

from datetime import date, datetime, time

from django.utils import timezone

from people.names import match_key
from programme import values
from programme.sheet import Row, Sheet
from programme.sheets.lookups import Lookup
from programme.understood import EventFacts, EventRow, Status, WorkshopRow
from programme.values import Words

STATUSES = Words(
    [(status.value, status.value.capitalize()) for status in Status],
    completed="delivered",
    canceled="cancelled",
    planned="published",
    open="published",
    scheduled="published",
)


def read_events(sheet: Sheet, courses: Lookup[str], events: Lookup[EventFacts], now: datetime) -> list[EventRow]:
    """The events; what is known of each, even of those with faults, goes to the lookup."""
    events.is_incomplete = "Event" in sheet.missing
    found = []
    for row in sheet:
        reference = row.text("Event", 20)
        if not reference or not match_key(reference):
            row.refuse("Event", "this event has no reference.", "Write one that no other event has.")
            events.unreadable += 1
            continue
        facts = EventFacts(reference, None, None)
        if (other := events.add(reference, facts)) is not None:
            row.refuse(
                "Event", f"the event '{other.reference}' stands here twice.", "Give each a reference of its own."
            )
        event = _event(row, reference, courses, now, facts)
        found.extend([event] if event else [])
    return found


def _event(row: Row, reference: str, courses: Lookup[str], now: datetime, facts: EventFacts) -> EventRow | None:
    course = courses.find(row, "Course code")
    day = row.needed("Date", values.day, "Write the event's date.")
    start = row.needed("Start", values.clock, "Write it as 09:30.")
    end = row.needed("End", values.clock, "Write it as 16:30.")
    places = row.needed("Places", lambda value: values.whole_number(value, least=1), "Write how many people it is for.")
    status = row.needed("Status", STATUSES.read, f"Write one of: {', '.join(STATUSES.labels)}.")
    if start and end and end <= start:
        row.refuse("End", f"it ends at {end:%H:%M} and starts at {start:%H:%M}.", "An event ends after it starts.")
    trainers = row.read("Trainers", values.several) or []
    facts.day, facts.status = day, Status(status) if status else None
    if day and status:
        _check_status(row, facts, day, end or time(23, 59), now)
    venue = row.text("Venue")
    if row.bad or not (course and day and start and end and places and facts.status):
        return None
    starts_at, ends_at = at(day, start), at(day, end)
    return EventRow(row, reference, course, day, starts_at, ends_at, venue, places, facts.status, trainers)


def _check_status(row: Row, facts: EventFacts, day: date, end: time, now: datetime) -> None:
    """What is over was delivered or cancelled; what is to come was not delivered."""
    is_over = at(day, end) <= now
    if is_over and facts.status in {Status.PUBLISHED, Status.DRAFT}:
        row.refuse("Status", f"{day:%d/%m/%Y} is past.", "Write Delivered or Cancelled, or correct the date.")
    elif not is_over and facts.status == Status.DELIVERED:
        row.refuse("Status", f"{day:%d/%m/%Y} is not over.", "Write Published, or correct the date.")
    else:
        return
    # Its bookings are not judged by a status that is wrong.
    facts.status = None


def at(day: date, clock: time) -> datetime:
    """The moment in the partnership's own time."""
    return datetime.combine(day, clock, tzinfo=timezone.get_default_timezone())


def read_workshops(sheet: Sheet, events: Lookup[EventFacts]) -> list[WorkshopRow]:
    """The workshops; their titles go to what is known of their event."""
    found = []
    for row in sheet:
        title = row.text("Workshop")
        if not title:
            row.refuse("Workshop", "this workshop has no title.", "Write its title.")
        places = row.needed("Places", lambda value: values.whole_number(value, least=1), "Write how many it is for.")
        event = events.find(row, "Event")
        if event is not None:
            _take_title(row, event, title)
        elif "Event" in row.bad:
            _forgive(events, title)
        if event is not None and places and title and not row.bad:
            found.append(WorkshopRow(row, event.reference, title, places))
    return found


def _take_title(row: Row, event: EventFacts, title: str) -> None:
    if event.workshops is None or not title:
        # Which workshop it would be is not known, so no choice of this event can be called wrong.
        event.workshops = None
    elif match_key(title) in event.workshops:
        row.refuse("Workshop", f"'{title}' stands here twice for this event.", "Take one out.")
    else:
        event.workshops[match_key(title)] = title


def _forgive(events: Lookup[EventFacts], title: str) -> None:
    """A workshop whose event could not be read may be any event's: who chose it is not told off for that."""
    for event in events.all():
        if event.workshops is not None and title:
            event.workshops.setdefault(match_key(title), title)

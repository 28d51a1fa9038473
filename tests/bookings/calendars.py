"""Reading calendar files with two parsers that share no code: what both find is what a calendar program will."""

from dataclasses import dataclass
from datetime import UTC, datetime

import icalendar
import vobject


@dataclass(frozen=True)
class Entry:
    uid: str
    sequence: int
    status: str
    summary: str
    starts_at: datetime
    ends_at: datetime | None
    location: str
    description: str


@dataclass(frozen=True)
class Read:
    method: str
    entries: list[Entry]


def read(content: str | bytes) -> Read:
    text = content.decode() if isinstance(content, bytes) else content
    one, other = _by_icalendar(text), _by_vobject(text)
    assert one == other, "two parsers read different things"
    return one


def _by_icalendar(text: str) -> Read:
    calendar = icalendar.Calendar.from_ical(text)
    assert calendar.errors == []
    found = []
    for event in calendar.walk("VEVENT"):
        assert event.errors == []
        end = event.get("dtend")
        found.append(
            Entry(
                uid=str(event["uid"]),
                sequence=int(event["sequence"]),
                status=str(event["status"]),
                summary=str(event["summary"]),
                starts_at=event["dtstart"].dt.astimezone(UTC),
                ends_at=end.dt.astimezone(UTC) if end else None,
                location=str(event.get("location", "")),
                description=str(event.get("description", "")),
            )
        )
    return Read(str(calendar["method"]), found)


def _by_vobject(text: str) -> Read:
    calendar = vobject.readOne(text, validate=True)
    found = []
    for event in calendar.contents.get("vevent", []):

        def value(name, event=event):
            return event.contents[name][0].value if name in event.contents else ""

        end = value("dtend")
        found.append(
            Entry(
                uid=value("uid"),
                sequence=int(value("sequence")),
                status=value("status"),
                summary=value("summary"),
                # By the file's own VTIMEZONE, which is how vobject reads it.
                starts_at=value("dtstart").astimezone(UTC),
                ends_at=end.astimezone(UTC) if end else None,
                location=value("location"),
                description=value("description"),
            )
        )
    return Read(calendar.method.value, found)

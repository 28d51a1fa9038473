"""Attendance files of Teams and Zoom: who was in the online meeting, and when.

A file is looked at from outside first (size, kind, encoding); then its rows are read by the names of their columns, not
by their places, as both makers add some from time to time. Nothing of it is kept.

Teams: tab-separated UTF-16 named .csv, with "1. Summary", "2. Participants" and "3. In-Meeting Activities", which has a
row for each time that somebody joined. Zoom: comma-separated UTF-8, a row for each time, below a short head or none.
"""

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

from django.utils import timezone

LARGEST = 2 * 2**20  # bytes; a webinar's for 1,000 people has some 200,000
MOST_ROWS = 5000
LONGEST = 200  # characters of a name

# Columns by the words that makers have used for them.
NAMES = {"name", "full name", "name (original name)"}
EMAILS = {"email", "user email"}
ACCOUNTS = {"participant id (upn)"}  # looks like an address, and mostly is one
JOINS = {"first join", "first join time", "join time", "join date"}
LEAVES = {"last leave", "last leave time", "leave time", "leave date"}
DURATIONS = {"in-meeting duration", "duration", "duration (minutes)"}
ROLES = {"role"}
WAITING = {"in waiting room"}
COLUMNS = {
    "name": NAMES, "email": EMAILS, "account": ACCOUNTS, "join": JOINS, "leave": LEAVES, "duration": DURATIONS,
    "role": ROLES, "waiting": WAITING,
}  # fmt: skip

ORGANISERS = {"organizer", "organiser", "co-organizer", "co-organiser"}
# As Teams and Zoom write moments in Britain, in America and for machines; which day is meant the session's own tells.
DAYS = ["%d/%m/%Y", "%m/%d/%Y", "%d/%m/%y", "%m/%d/%y", "%Y-%m-%d", "%d %b %Y", "%b %d, %Y"]

MOMENT = re.compile(r"(.+?),?\s+(\d{1,2}):(\d\d)(?::(\d\d))?(?:\s*([ap])\.?m\.?)?", re.IGNORECASE)
NO_TEXT = "This is no text file. Download the attendance report again as CSV."

Span = tuple[datetime, datetime]


class FileRefused(Exception):
    """Nothing could be read; the message says what to do."""


@dataclass
class Participant:
    """Somebody in the meeting, whoever that is."""

    name: str
    email: str
    spans: list[Span] = field(default_factory=list)
    is_organiser: bool = False


def read(content: bytes, *, day: date) -> list[Participant]:
    """The participants of a meeting on this day, each once, in the file's order. Raises FileRefused."""
    rows = _rows(_text(content))
    host = _host(rows)
    found: dict[tuple[str, str], Participant] = {}
    other_days = 0
    for row in _participants(rows):
        name, email = row.get("name", "")[:LONGEST], _email(row)
        if not name and not email:
            continue
        one = found.setdefault((name.casefold(), email), Participant(name or email, email))
        one.is_organiser |= row.get("role", "").casefold() in ORGANISERS or bool(email and email == host)
        span = _span(row, day)
        if span is None:
            other_days += 1
        elif row.get("waiting", "").casefold() != "yes":
            one.spans.append(span)
    if not found:
        raise FileRefused(
            "No participants are in this file. Download the meeting’s attendance report, and choose that."
        )
    if not any(one.spans for one in found.values()) and other_days:
        raise FileRefused(f"No time in this file is on {day:%-d %B %Y}. Is it of another meeting?")
    return list(found.values())


def without_overlap(spans: list[Span]) -> list[Span]:
    """The same time, each moment once: who is in from two devices is there once."""
    merged: list[Span] = []
    for begins, ends in sorted(spans):
        if merged and begins <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], ends))
        else:
            merged.append((begins, ends))
    return merged


# --- From outside ---------------------------------------------------------------------------------------------------
def _text(content: bytes) -> str:
    if len(content) > LARGEST:
        raise FileRefused(f"The file is larger than {LARGEST // 2**20} MB. An attendance report is smaller.")
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise FileRefused(
            "This is no CSV file. Download the attendance report again as CSV, and do not save it as Excel."
        )
    text = _decoded(content)
    if not text.strip():
        raise FileRefused("The file is empty.")
    if "\0" in text:
        raise FileRefused(NO_TEXT)
    return text


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif content[1:2] == b"\0":
        encoding = "utf-16-le"
    else:
        encoding = "utf-8-sig"
    # The last: saved by Excel on a British machine.
    for one in (encoding, "cp1252") if encoding == "utf-8-sig" else (encoding,):
        try:
            return content.decode(one)
        except UnicodeDecodeError:
            continue
    raise FileRefused(NO_TEXT)


def _rows(text: str) -> list[list[str]]:
    lines = text.splitlines()
    if len(lines) > MOST_ROWS:
        raise FileRefused(f"The file has more than {MOST_ROWS:,} rows.")
    head = next((line for line in lines if _is_head(re.split(r"[\t,;]", line))), "")
    delimiter = max("\t,;", key=head.count)
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=delimiter)]
    except csv.Error as error:
        raise FileRefused("The file’s rows cannot be read. Download the attendance report again as CSV.") from error


# --- Its rows -------------------------------------------------------------------------------------------------------
def _is_head(cells: list[str]) -> bool:
    words = {_word(cell) for cell in cells}
    return bool(words & NAMES) and bool(words & JOINS)


def _word(cell: str) -> str:
    return " ".join(cell.strip().strip('"').casefold().split())


def _participants(rows: list[list[str]]) -> Iterator[dict[str, str]]:
    """The rows below the last head that has a row for each time somebody joined; and who has a role, above."""
    tables: list[list[dict[str, str]]] = []
    columns: list[str] = []
    for row in rows:
        if _is_head(row):
            columns = [_column(_word(cell)) for cell in row]
            tables.append([])
        elif not any(row) or re.match(r"\d\. ", row[0]):
            columns = []
        elif columns:
            tables[-1].append({name: cell for name, cell in zip(columns, row, strict=False) if name and cell})
    if not tables:
        raise FileRefused(
            "The columns of this file are not those of a Teams or Zoom attendance report. It needs a name, and when "
            "each joined and left: in Zoom, untick “Show unique users”."
        )
    # Teams says everyone once with the whole time, and then each time: the second is exact.
    times = tables[-1] if len(tables) > 1 and tables[-1] else []
    in_detail = {(row.get("name"), row.get("email")) for row in times}
    for said in tables[0]:
        is_told = (said.get("name"), said.get("email")) in in_detail
        yield {**said, "waiting": "yes"} if is_told else said
    yield from times


def _email(row: dict[str, str]) -> str:
    address = row.get("email") or row.get("account", "")
    return address.lower()[:LONGEST] if "@" in address else ""


def _column(word: str) -> str:
    return next((kind for kind, words in COLUMNS.items() if word in words), "")


def _host(rows: list[list[str]]) -> str:
    """The host's address, which Zoom says above the participants."""
    for head, values in pairwise(rows):
        words = [_word(cell) for cell in head]
        if _is_head(head):
            break
        for name in EMAILS | {"host email"}:
            if name in words and "topic" in words and len(values) > words.index(name):
                return values[words.index(name)].lower()
    return ""


def _span(row: dict[str, str], day: date) -> Span | None:
    """From when to when, on this day; None: on another one, or not said."""
    begins = _moment(row.get("join", ""), day)
    if begins is None:
        return None
    ends = _moment(row.get("leave", ""), day)
    length = _length(row.get("duration", ""))
    if length is not None and (ends is None or ends - begins > length + timedelta(minutes=2)):
        # Away in between, and nothing says when.
        ends = begins + length
    return (begins, max(begins, ends)) if ends else None


def _moment(text: str, day: date) -> datetime | None:
    """3/3/2027, 9:31:02 AM on that day; None: on another, or no moment."""
    found = MOMENT.fullmatch(" ".join(text.split()))
    if not found or day not in _days(found[1]):
        return None
    hour, minute, second = int(found[2]), int(found[3]), int(found[4] or 0)
    if found[5]:
        hour = hour % 12 + (12 if found[5].casefold() == "p" else 0)
    try:
        return timezone.make_aware(datetime.combine(day, time(hour, minute, second)))
    except ValueError:
        return None


@lru_cache(maxsize=100)
def _days(text: str) -> frozenset[date]:
    """The days that it may mean: 3/4/2027 is in March or in April."""
    days = set()
    for shape in DAYS:
        with suppress(ValueError):
            days.add(datetime.strptime(text, shape).date())  # noqa: DTZ007  # a day
    return frozenset(days)


def _length(text: str) -> timedelta | None:
    """1h 27m 51s; 87 (minutes); 01:27:51."""
    if text.isascii() and text.isdecimal() and len(text) <= 4:
        return timedelta(minutes=int(text))
    if clock := re.fullmatch(r"(\d{1,2}):(\d\d):(\d\d)", text):
        hours, minutes, seconds = map(int, clock.groups())
        return timedelta(hours=hours, minutes=minutes, seconds=seconds)
    parts = re.findall(r"(\d{1,4})\s*([hms])", text.casefold())
    if not parts:
        return None
    seconds_of = {"h": 3600, "m": 60, "s": 1}
    return timedelta(seconds=sum(int(number) * seconds_of[unit] for number, unit in parts))

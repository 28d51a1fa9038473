"""The register of one session as its page shows it: a line for each delegate, with the mark and who made it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone

from bookings import register
from bookings.models import Booking, Mark, Register
from bookings.permissions import may_mark
from bookings.refusals import MarkedOtherwise
from frontend.access import SignedInRequest, require
from people.models import Person
from training.models import Event, Session

Attendance = Mark.Attendance
# Buttons that are always in sight, and those behind "More".
OFTEN = (Attendance.PRESENT, Attendance.LATE, Attendance.ABSENT)
SELDOM = (Attendance.LEFT_EARLY, Attendance.LEFT_WELLBEING, Attendance.TURNED_AWAY)
# Whom one counts in the room.
IN_THE_ROOM = frozenset({Attendance.PRESENT, Attendance.LATE, Attendance.LEFT_EARLY, Attendance.LEFT_WELLBEING})


@dataclass
class Line:
    """One delegate of the register."""

    booking: Booking
    # The mark in the database; empty while nobody has marked it.
    attendance: str
    marked_by: str
    marked_at: datetime | None
    # What is chosen on the page, where that is not the mark: somebody else marked otherwise meanwhile.
    chosen: str = ""
    conflict: str = ""

    @property
    def word(self) -> str:
        return str(Attendance(self.attendance).label) if self.attendance else ""

    @property
    def shown(self) -> str:
        """The choice that is checked."""
        return self.chosen or self.attendance

    @property
    def is_seldom(self) -> bool:
        return self.shown in SELDOM


@dataclass
class Sheet:
    """A session and the lines of its register."""

    session: Session
    number: int
    sessions: int
    lines: list[Line] = field(default_factory=list)

    @property
    def event(self) -> Event:
        return self.session.event

    @property
    def register(self) -> Register | None:
        return getattr(self.session, "register", None)

    @property
    def is_closed(self) -> bool:
        return register.is_closed(self.session)

    @property
    def is_open(self) -> bool:
        """Whether it can be marked: from its day on, until it is closed."""
        return not self.is_closed and timezone.localdate(self.session.starts_at) <= timezone.localdate()

    @property
    def marked(self) -> int:
        return sum(bool(line.attendance) for line in self.lines)

    @property
    def unmarked(self) -> list[Line]:
        return [line for line in self.lines if not line.attendance]

    @property
    def in_the_room(self) -> int:
        """How many were there by the marks."""
        return sum(line.attendance in IN_THE_ROOM for line in self.lines)

    @property
    def conflicts(self) -> list[Line]:
        return [line for line in self.lines if line.conflict]


def find(request: SignedInRequest, reference: str, number: int, *, lines: bool = True) -> Sheet:
    """The sheet of an event's session, numbered from 1, for who may mark it. Raises Http404, PermissionDenied."""
    event = find_event(request, reference)
    people = ("register__handed_in_by", "register__closed_by", "register__reopened_by")
    sessions = list(event.sessions.select_related("room__venue", *people).order_by("starts_at", "id"))
    if not 1 <= number <= len(sessions):
        raise Http404
    session = sessions[number - 1]
    require(may_mark(request.person, session), who="The event’s trainers and coordinators")
    return Sheet(session, number, len(sessions), list(_lines(session)) if lines else [])


def find_event(request: SignedInRequest, reference: str) -> Event:
    """The event, if it is one that has registers."""
    events = Event.objects.visible_to(request.person).filter(state=Event.State.PUBLISHED)
    return get_object_or_404(events.select_related("course"), reference=reference)


def _lines(session: Session) -> Iterable[Line]:
    own = FilteredRelation("marks", condition=Q(marks__session=session))
    bookings: QuerySet[Any] = (
        session.event.bookings.on_the_register()
        .select_related("delegate", "agency")
        .annotate(own=own)
        .annotate(mark=F("own__attendance"), mark_at=F("own__marked_at"), mark_by=F("own__marked_by__name"))
        .order_by("delegate__sort_name", "id")
    )
    for booking in bookings:
        yield Line(booking, booking.mark or "", booking.mark_by or "", booking.mark_at)


def save(sheet: Sheet, posted: QueryDict, by: Person) -> int:
    """Mark who is marked otherwise on the page than when it was shown; returns how many that were.

    Where somebody else marked a delegate otherwise meanwhile, their mark stays and the line says so. Raises
    RegisterRefused.
    """
    saved = 0
    for line in sheet.lines:
        wanted, seen = (
            posted.get(f"mark-{line.booking.reference}", ""),
            posted.get(f"seen-{line.booking.reference}", ""),
        )
        if wanted not in Attendance.values or wanted == seen:
            continue
        try:
            register.mark(session=sheet.session, booking=line.booking, attendance=wanted, by=by, seen=seen or None)
        except MarkedOtherwise as refusal:
            line.conflict, line.chosen, line.attendance = str(refusal), wanted, refusal.attendance
        else:
            line.attendance = wanted
            saved += 1
    return saved

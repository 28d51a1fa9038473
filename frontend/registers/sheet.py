"""The register of one session as its page shows it: a line for each delegate, with the mark and who made it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone

from bookings import attendance as attendances
from bookings import register
from bookings.attendance import (
    IN_THE_ROOM,
    NOT_THERE,
    WITH_MINUTES,
    Counts,
    rule_of_lateness,
    rule_of_leaving_early,
)
from bookings.models import Booking, MakeUp, Mark, Register
from bookings.models.register import MOST_MINUTES
from bookings.permissions import may_mark
from bookings.refusals import MarkedOtherwise
from frontend import formats
from frontend.access import SignedInRequest, require
from people.models import Person
from people.names import match_key
from training.models import Event, Session

Attendance = Mark.Attendance
# Buttons that are always in sight, and those behind "More".
OFTEN = (Attendance.PRESENT, Attendance.LATE, Attendance.ABSENT)
SELDOM = (Attendance.LEFT_EARLY, Attendance.LEFT_WELLBEING, Attendance.TURNED_AWAY, Attendance.APOLOGIES)
# In the form: that a mark is taken back.
UNMARKED = "unmarked"


@dataclass
class Line:
    """One delegate of the register."""

    booking: Booking
    # The mark in the database; empty while nobody has marked it.
    attendance: str
    minutes: int | None
    marked_by: str
    marked_at: datetime | None
    # What is chosen on the page, where that is not the mark: it could not be saved, and the error says why.
    chosen: str = ""
    minutes_chosen: str = ""
    error: str = ""
    # Of who is here to make up a session of another event, when that was; and of who makes this one up, when that is.
    missed: datetime | None = None
    made_up_at: datetime | None = None

    @property
    def is_absent(self) -> bool:
        """Whether the delegate, whose event this is, was not there."""
        return self.attendance in NOT_THERE and not self.missed

    @property
    def can_make_up(self) -> bool:
        """Whether the delegate, whose event this is, missed the session and makes it up nowhere yet."""
        return self.is_absent and not self.made_up_at

    @property
    def beside(self) -> str:
        """What is said with the agency: how they come to be here, and where they make it up."""
        source = self.booking.source
        said = [
            f"makes up the session of {formats.short_date(self.missed)}" if self.missed else "",
            self.booking.get_source_display().lower() if source != Booking.Source.BOOKED and not self.missed else "",
            f"makes it up on {formats.short_date(self.made_up_at)}" if self.made_up_at else "",
        ]
        return ", ".join(filter(None, said))

    @property
    def word(self) -> str:
        return attendances.in_words(self.attendance, self.minutes) if self.attendance else ""

    @property
    def note(self) -> str:
        """What the minutes do, by the policy that the booking was made under."""
        if self.minutes is None or self.attendance not in WITH_MINUTES:
            return ""
        counts = attendances.counts(self.attendance, self.minutes, self.booking.policy)
        return "Counts as part attendance" if counts is Counts.PART else "Counts as attended"

    @property
    def seen(self) -> str:
        """The mark as the form sends it back: "late 10"."""
        return f"{self.attendance} {self.minutes or ''}".strip()

    @property
    def shown(self) -> str:
        """The choice that is checked."""
        return self.chosen or self.attendance

    @property
    def minutes_shown(self) -> str:
        return self.minutes_chosen if self.chosen else str(self.minutes or "")

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
    # Only whose name or agency holds this is shown.
    search: str = ""

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
    def closes_after(self) -> int | None:
        """Whole working days after which it closes by itself if nothing differs. Who opened it again closes it."""
        was_reopened = bool(self.register and self.register.reopened_at)
        return None if was_reopened else settings.REGISTERS_CLOSE_AFTER

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
    def chairs_free(self) -> int:
        """Places that nobody sits on: those of who is marked as not there, too. For walk-ins."""
        taken = sum(line.attendance not in NOT_THERE for line in self.lines)
        return max(0, self.event.places + self.event.overbooking - taken)

    @property
    def rules(self) -> list[str]:
        """What coming late and leaving early count as; where policies differ, of whose bookings."""
        policies = {line.booking.policy_id: line.booking.policy for line in self.lines}.values()
        said = {policy: f"{rule_of_lateness(policy)} {rule_of_leaving_early(policy)}" for policy in policies}
        if len(set(said.values())) == 1:
            return [*set(said.values())]
        return [f"Booked under {f'the {policy}' if policy else 'no policy'}: {rule}" for policy, rule in said.items()]

    @property
    def not_saved(self) -> list[Line]:
        return [line for line in self.lines if line.error]

    def finds(self, line: Line) -> bool:
        """Whether the line is shown: what could not be saved always is."""
        words = match_key(f"{line.booking.delegate.name} {line.booking.agency.name}")
        return bool(line.error) or match_key(self.search) in words

    @property
    def finds_nobody(self) -> bool:
        return bool(self.lines) and not any(map(self.finds, self.lines))


def find(request: SignedInRequest, reference: str, number: int, *, lines: bool = True) -> Sheet:
    """The sheet of an event's session, numbered from 1, for who may mark it. Raises Http404, PermissionDenied."""
    event = find_event(request, reference)
    people = ("register__handed_in_by", "register__closed_by", "register__reopened_by")
    sessions = list(event.sessions.select_related("room__venue", *people).order_by("starts_at", "id"))
    if not 1 <= number <= len(sessions):
        raise Http404
    session = sessions[number - 1]
    require(may_mark(request.person, session), who="The event’s trainers and coordinators")
    search = request.GET.get("q", "").replace("\0", "").strip()
    return Sheet(session, number, len(sessions), list(_lines(session)) if lines else [], search)


def find_event(request: SignedInRequest, reference: str) -> Event:
    """The event, if it is one that has registers."""
    events = Event.objects.visible_to(request.person).filter(state=Event.State.PUBLISHED)
    return get_object_or_404(events.select_related("course"), reference=reference)


def _lines(session: Session) -> Iterable[Line]:
    own = FilteredRelation("marks", condition=Q(marks__session=session))
    bookings: QuerySet[Any] = (
        Booking.objects.expected_at(session)
        .select_related("delegate", "agency", "policy")
        .annotate(own=own)
        .annotate(mark=F("own__attendance"), minutes=F("own__minutes"))
        .annotate(missed=_missed_of(session), made_up_at=_made_up_at(session))
        .annotate(mark_at=F("own__marked_at"), mark_by=F("own__marked_by__name"))
        .order_by("delegate__sort_name", "id")
    )
    for booking in bookings:
        yield Line(
            booking, booking.mark or "", booking.minutes, booking.mark_by or "", booking.mark_at,
            missed=booking.missed, made_up_at=booking.made_up_at,
        )  # fmt: skip


def _missed_of(session: Session) -> Subquery:
    """When the session was that the delegate, who is of another event, makes up at this one."""
    return Subquery(MakeUp.objects.live().filter(booking=OuterRef("pk"), session=session).values("missed__starts_at"))


def _made_up_at(session: Session) -> Subquery:
    """When the delegate makes this session up, at another event."""
    return Subquery(MakeUp.objects.live().filter(booking=OuterRef("pk"), missed=session).values("session__starts_at"))


def save(sheet: Sheet, posted: QueryDict, by: Person) -> int:
    """Mark who is marked otherwise on the page than when it was shown; returns how many that were.

    Where somebody else marked a delegate otherwise meanwhile, their mark stays and the line says so. Raises
    RegisterRefused.
    """
    return sum(_save(sheet.session, line, posted, by) for line in sheet.lines)


def _save(session: Session, line: Line, posted: QueryDict, by: Person) -> bool:
    reference = line.booking.reference
    wanted = posted.get(f"mark-{reference}", "")
    minutes = posted.get(f"minutes-{reference}", "").strip() if wanted in WITH_MINUTES else ""
    if wanted not in (*Attendance.values, UNMARKED) or f"{wanted} {minutes}".strip() == posted.get(f"seen-{reference}"):
        return False
    seen, _, _ = posted.get(f"seen-{reference}", "").partition(" ")
    attendance = "" if wanted == UNMARKED else wanted
    try:
        register.mark(
            session=session,
            booking=line.booking,
            attendance=attendance,
            minutes=_minutes(minutes),
            by=by,
            seen=seen or None,
        )
    except MarkedOtherwise as refusal:
        line.error, line.attendance, line.minutes = str(refusal), refusal.found.attendance, refusal.found.minutes
    except ValueError:
        line.error = f"Enter the minutes as a whole number from 1 to {MOST_MINUTES}."
    else:
        line.attendance, line.minutes = attendance, _minutes(minutes)
        return True
    line.chosen, line.minutes_chosen = wanted, minutes
    return False


def _minutes(typed: str) -> int | None:
    """Raises ValueError for what are no minutes."""
    if not typed:
        return None
    minutes = int(typed)
    if not 1 <= minutes <= MOST_MINUTES:
        raise ValueError(typed)
    return minutes

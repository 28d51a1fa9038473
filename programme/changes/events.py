"""Events, each with the one session that a row can say, and the workshops of conferences."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from people.names import match_key
from programme.changes.batch import Batch
from programme.changes.clashes import AS_IN_THE_WORKBOOK
from programme.changes.masters import Masters
from programme.summary import Summary
from programme.understood import EventRow, Status, WorkshopRow
from training import planning
from training.models import Event, Session, Workshop

State = Event.State
STATES = {
    Status.DELIVERED: State.PUBLISHED,
    Status.PUBLISHED: State.PUBLISHED,
    Status.CANCELLED: State.CANCELLED,
    Status.DRAFT: State.DRAFT,
}


@dataclass(slots=True)
class PlannedEvent:
    """An event of the workbook with what Turnout has of it."""

    row: EventRow
    event: Event
    session: Session
    # By match key of the title.
    workshops: dict[str, Workshop] = field(default_factory=dict)
    # Whether its course, date or state was corrected, from which money follows.
    is_moved: bool = False

    @property
    def is_delivered(self) -> bool:
        return self.row.status == Status.DELIVERED

    @property
    def is_cancelled(self) -> bool:
        return self.row.status == Status.CANCELLED


class Events:
    """The workbook's events against those that Turnout has."""

    def __init__(self, masters: Masters, summary: Summary, now: datetime) -> None:
        self.masters = masters
        self.summary = summary
        self.now = now
        self.events, self.sessions, self.workshops = Batch(Event), Batch(Session), Batch(Workshop)
        # By reference.
        self.planned: dict[str, PlannedEvent] = {}

    def plan(self, rows: list[EventRow], workshops: list[WorkshopRow], *, lock: bool) -> None:
        stored = self._stored([row.reference for row in rows], lock=lock)
        sessions: dict[int, list[Session]] = defaultdict(list)
        for session in Session.objects.filter(event__in=stored.values()).select_related("room").order_by("starts_at"):
            sessions[session.event_id].append(session)
        for row in rows:
            event = stored.get(row.reference)
            if event is None:
                self._make(row)
            elif why := _why_left_alone(event, sessions[event.pk], row):
                self.summary.left_alone.append(f"event {row.reference}: {why}")
            else:
                self._correct(row, event, sessions[event.pk][0])
        self._plan_workshops(workshops)
        self._tell_gone(rows)

    def _make(self, row: EventRow) -> None:
        is_cancelled = row.status == Status.CANCELLED
        event = self.events.add(
            Event(
                reference=row.reference,
                course=self.masters.course[row.course_code],
                state=STATES[row.status],
                places=row.places,
                first_places=None if row.status == Status.DRAFT else row.places,
                cancelled_at=self.now if is_cancelled else None,
                cancelled_reason=AS_IN_THE_WORKBOOK if is_cancelled else "",
                imported_at=self.now,
            )
        )
        session = self.sessions.add(Session(event=event, starts_at=row.starts_at, ends_at=row.ends_at))
        self.planned[row.reference] = PlannedEvent(row, event, session)

    def _correct(self, row: EventRow, event: Event, session: Session) -> None:
        planned = self.planned[row.reference] = PlannedEvent(row, event, session)
        state = STATES[row.status]
        if state != event.state:
            event.cancelled_at = self.now if planned.is_cancelled else None
            event.cancelled_reason = AS_IN_THE_WORKBOOK if planned.is_cancelled else ""
            self.events.touch(event, "cancelled_at", "cancelled_reason")
        if state != State.DRAFT and event.first_places is None:
            event.first_places = row.places
            self.events.touch(event, "first_places")
        differences = self.events.correct(event, course=self.masters.course[row.course_code], state=state)
        differences += self.sessions.correct(session, starts_at=row.starts_at, ends_at=row.ends_at)
        planned.is_moved = bool(differences)
        differences += self.events.correct(event, places=row.places)
        self.summary.correct(f"Event {row.reference}", differences)

    def _plan_workshops(self, rows: list[WorkshopRow]) -> None:
        stored = Workshop.objects.filter(event__in=[one.event for one in self.planned.values() if one.event.pk])
        for known in stored.select_related("event"):
            self.planned[known.event.reference].workshops[match_key(known.title)] = known
        gone = {(reference, key) for reference, planned in self.planned.items() for key in planned.workshops}
        for row in rows:
            if (planned := self.planned.get(row.event)) is None:
                continue
            key = match_key(row.title)
            gone.discard((row.event, key))
            if (workshop := planned.workshops.get(key)) is None:
                workshop = self.workshops.add(Workshop(event=planned.event, title=row.title, places=row.places))
                planned.workshops[key] = workshop
            differences = self.workshops.correct(workshop, title=row.title, places=row.places)
            self.summary.correct(f"Workshop {row.title} of event {row.event}", differences)
        self.summary.gone += [
            f"workshop {self.planned[reference].workshops[key].title} of event {reference}"
            for reference, key in sorted(gone)
        ]

    def _stored(self, references: list[str], *, lock: bool) -> dict[str, Event]:
        """Locked before anything else of them is read: whoever books or closes meanwhile waits, or is seen."""
        events = Event.objects.filter(reference__in=references)
        if lock:
            list(events.select_for_update(no_key=True).order_by("id").values_list("id"))
        return {event.reference: event for event in events.select_related("course")}

    def _tell_gone(self, rows: list[EventRow]) -> None:
        """Imported events that lie between the workbook's first and last and are not in it."""
        if not rows:
            return
        first, last = min(row.starts_at for row in rows), max(row.starts_at for row in rows)
        gone = Event.objects.filter(imported_at__isnull=False, starts_at__range=(first, last))
        gone = gone.exclude(reference__in=[row.reference for row in rows])
        self.summary.gone += [f"event {reference}" for reference in gone.values_list("reference", flat=True)]


def _why_left_alone(event: Event, sessions: list[Session], row: EventRow) -> str:
    if event.state == State.ABANDONED:
        return "it was abandoned in Turnout"
    if event.broken_off_at:
        return "it was broken off, which is recorded in Turnout"
    if event.imported_at is None and event.course.code != row.course_code:
        return f"it was made in Turnout, of {event.course.code}; give the one of {row.course_code} another reference"
    opens_at, closes_at = planning.window(row.starts_at, event)
    if opens_at and closes_at and closes_at <= opens_at:
        return "with that date booking would close before it opens; change it in Turnout first"
    if len(sessions) != 1:
        return f"it has {len(sessions)} sessions in Turnout, and a workbook's row says one"
    return ""

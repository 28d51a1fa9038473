"""Bookings: each row's claim on a place and how it ended, against what Turnout has."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from bookings import attendance
from bookings.models import Booking
from bookings.policies import Terms
from programme.changes import unnamed
from programme.changes.batch import Batch
from programme.changes.events import Events, PlannedEvent
from programme.changes.masters import Masters
from programme.changes.persons import Delegate
from programme.problems import Problems
from programme.sheets.events import at
from programme.summary import Summary
from programme.understood import AnswerRow, BookingRow

State, Outcome = Booking.State, Booking.Outcome
# What a charge follows from. A new policy has no key yet, and is another one anyhow.
MONEY_FOLLOWS = ("state", "outcome", "agency_id", "policy_id", "received_at", "notice")


def refuse_repeated(rows: list[BookingRow], whose: Mapping[int, Delegate], problems: Problems) -> None:
    """A delegate is booked on an event once at a time; who cancelled may have booked again on another day."""
    seen: dict[tuple[str, int], list[BookingRow]] = defaultdict(list)
    for row in rows:
        earlier = seen[row.event, id(whose[row.row.number])]
        for other in earlier:
            are_live = State.CANCELLED not in (row.state, other.state)
            if are_live or row.booked_on == other.booked_on:
                what = f"{row.name} has this booking on event {row.event} in row {other.row.number} already."
                todo = "Take one of the two rows out; two people on one address need names that differ."
                problems.add(row.row.problem("Delegate", what, todo))
                break
        earlier.append(row)


class Bookings:
    """The workbook's bookings of the planned events."""

    def __init__(self, masters: Masters, events: Events, terms: Terms, summary: Summary, now: datetime) -> None:
        self.masters = masters
        self.events = events
        self.terms = terms
        self.summary = summary
        self.now = now
        self.batch = Batch(Booking)
        # Each row of a planned event with its booking, new or stored.
        self.planned: list[tuple[BookingRow, Booking]] = []
        # Stored bookings that the workbook does not name.
        self.unnamed: list[Booking] = []
        # Numbers of the rows that bring a new booking or another agency.
        self.new_or_moved: set[int] = set()
        # Stored bookings whose charge could change, with the row that says so.
        self.touched: dict[int, BookingRow] = {}
        # Were confirmed and are not any more: written before their event's places are cut.
        self._released: list[Booking] = []
        self._stored: dict[tuple[int, int], list[Booking]] = {}

    def plan(self, rows: list[BookingRow], whose: Mapping[int, Delegate], problems: Problems) -> None:
        rows = [row for row in rows if row.event in self.events.planned]
        self._load()
        unmatched = []
        for row in rows:
            delegate = whose[row.row.number]
            if booking := self._take(row, delegate, only_imported=False, booked_on=row.booked_on):
                self._correct(row, booking)
            else:
                unmatched.append((row, delegate))
        # What is left on both sides for one delegate and event is one booking with a corrected date.
        for row, delegate in unmatched:
            if booking := self._take(row, delegate, only_imported=True, booked_on=None):
                self._correct(row, booking)
            elif self._refuse_second(row, delegate, problems):
                continue
            else:
                self._make(row, delegate)
        self.unnamed = [booking for bookings in self._stored.values() for booking in bookings]
        self.summary.gone += unnamed.lines(self.unnamed, self.planned)

    def plan_evaluated(self, answers: Mapping[str, list[AnswerRow]]) -> None:
        """That a delegate answered, as a day; of events of which the workbook has answers."""
        left = Counter((event, row.email) for event, rows in answers.items() for row in rows)
        for row, booking in self.planned:
            if row.event not in answers:
                continue
            answered = (
                bool(row.attendance) and row.attendance not in attendance.NOT_THERE and left[row.event, row.email]
            )
            left[row.event, row.email] -= 1 if answered else 0
            day = self.events.planned[row.event].row.day if answered else None
            if booking.evaluated_on != day:
                booking.evaluated_on = day
                # Not among what was corrected: who answered is nobody's to read.
                self.batch.touch(booking, "evaluated_on")

    def write_released(self) -> None:
        """Give places free, before events and workshops are cut to what is left."""
        self.batch.write_corrections(self._released)

    # --- finding ----------------------------------------------------------------------------------------------------
    def _load(self) -> None:
        events = [planned.event for planned in self.events.planned.values() if planned.event.pk]
        self._stored = defaultdict(list)
        # Prefetched and not joined: a join would make an agency, a policy and an event for each row.
        for booking in Booking.objects.filter(event__in=events).prefetch_related("agency", "policy", "event"):
            self._stored[booking.event_id, booking.delegate_id].append(booking)

    def _take(
        self, row: BookingRow, delegate: Delegate, *, only_imported: bool, booked_on: date | None
    ) -> Booking | None:
        """The stored booking that the row is about, which then is no other row's."""
        event = self.events.planned[row.event].event
        if event._state.adding or delegate.person._state.adding:
            return None
        for key in delegate.keys:
            here = self._stored.get((event.pk, key), [])
            for booking in here:
                same_day = booked_on is None or timezone.localdate(booking.booked_at) == booked_on
                if same_day and (booking.imported_at is not None or not only_imported):
                    here.remove(booking)
                    return booking
        return None

    def _refuse_second(self, row: BookingRow, delegate: Delegate, problems: Problems) -> bool:
        event = self.events.planned[row.event].event
        here = self._stored.get((event.pk or 0, delegate.person.pk or 0), [])
        live = next((booking for booking in here if booking.state != State.CANCELLED), None)
        if live is None or row.state == State.CANCELLED:
            return False
        what = f"{row.name} has booking {live} on this event in Turnout, made on {live.booked_at:%d/%m/%Y}."
        problems.add(row.row.problem("Booked on", what, "Write that date, or take the row out."))
        return True

    # --- one booking ------------------------------------------------------------------------------------------------
    def _make(self, row: BookingRow, delegate: Delegate) -> None:
        planned = self.events.planned[row.event]
        booked_at = at(row.booked_on, time.min)
        values = self._values(row, planned)
        is_cancelled = row.state == State.CANCELLED
        agency, policy = values.pop("agency"), values.pop("policy")
        booking = Booking(
            booked_at=booked_at,
            placed_at=None if row.state == State.WAITING else booked_at,
            cancelled_at=self.now if is_cancelled else None,
            imported_at=self.now,
            **values,
        )
        if is_cancelled and booking.received_at is None:
            booking.received_at = self.now
        self.batch.add(booking, event=planned.event, delegate=delegate.person, agency=agency, policy=policy)
        self.planned.append((row, booking))
        self.new_or_moved.add(row.row.number)

    def _correct(self, row: BookingRow, booking: Booking) -> None:
        planned = self.events.planned[row.event]
        self.planned.append((row, booking))
        values = self._values(row, planned)
        if timezone.localdate(booking.booked_at) != row.booked_on:
            values["booked_at"] = at(row.booked_on, time.min)
        if row.state == State.CANCELLED and values["received_at"] is None:
            # Dated by the import that cancelled it, and not again by the next.
            values["received_at"] = booking.received_at or self.now
        _leave_to_turnout(values, booking)
        before = _money_follows(booking)
        was_confirmed = booking.state == State.CONFIRMED
        differences = self.batch.correct(booking, **values)
        self._follow_state(booking)
        if not differences:
            return
        after = _money_follows(booking)
        if before != after:
            self.touched[booking.pk] = row
        if before["agency_id"] != after["agency_id"]:
            self.new_or_moved.add(row.row.number)
        if was_confirmed and booking.state != State.CONFIRMED:
            self._released.append(booking)
        self.summary.correct(f"Booking of {row.row.cell('Delegate')} on event {row.event}", differences)

    def _values(self, row: BookingRow, planned: PlannedEvent) -> dict[str, Any]:
        """What the row says of its booking, whether new or stored."""
        policy = self.terms.policy_on(row.booked_on)
        values: dict[str, Any] = {
            "state": row.state,
            "source": row.source,
            "outcome": row.outcome or None,
            "agency": self.masters.agency[row.agency],
            "policy": policy,
            "received_at": None,
            "notice": None,
        }
        if row.state == State.CONFIRMED and planned.is_delivered:
            values["outcome"] = _outcome(row.attendance)
        if row.cancelled_on is not None:
            received_at = at(row.cancelled_on, time.min)
            course = planned.event.course
            late = self.terms.late_tariff(policy, course.duration, course.delivery, planned.row.starts_at, received_at)
            values["received_at"] = received_at
            values["notice"] = self.terms.notice(self.terms.day_received(policy, received_at), planned.row.day)
            values["outcome"] = row.outcome or (Outcome.CANCELLED_LATE if late else Outcome.CANCELLED_IN_TIME)
        return values

    def _follow_state(self, booking: Booking) -> None:
        """What goes with being cancelled or not: when that was entered, and since when there was a place."""
        is_cancelled = booking.state == State.CANCELLED
        if is_cancelled and booking.cancelled_at is None:
            booking.cancelled_at, booking.imported_at = self.now, booking.imported_at or self.now
            self.batch.touch(booking, "cancelled_at", "imported_at")
        elif not is_cancelled and booking.cancelled_at is not None:
            booking.cancelled_at = booking.cancelled_by = None
            booking.received_from = ""
            self.batch.touch(booking, "cancelled_at", "cancelled_by", "received_from")
        is_placed = booking.state in (State.CONFIRMED, State.CANCELLED)
        placed_at = (booking.placed_at or booking.booked_at) if is_placed else None
        if booking.placed_at != placed_at:
            booking.placed_at = placed_at
            self.batch.touch(booking, "placed_at")


def _leave_to_turnout(values: dict[str, Any], booking: Booking) -> None:
    """Take out what a row cannot say of a booking that went further in Turnout."""
    if booking.replaces_id is not None:
        # A substitute or a move: a row cannot say whose place it was.
        del values["source"]
    if values["state"] == State.WAITING and booking.state in (State.OFFERED, State.REQUESTED):
        del values["state"]


def _money_follows(booking: Booking) -> dict[str, Any]:
    return {name: getattr(booking, name) for name in MONEY_FOLLOWS}


def _outcome(marked: str) -> str:
    """As closing the register of a single session gives it."""
    return attendance.outcome([{"attendance": marked, "minutes": None}], None)

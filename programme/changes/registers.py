"""Registers of delivered events with their marks, absence reasons, choices of workshops, and overfull events."""

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from django.db.models import F

from bookings.attendance import IN_THE_ROOM
from bookings.models import AbsenceReason, Booking, Mark, Register, WorkshopChoice
from bookings.models.booking import ATTENDED
from people.names import match_key
from programme.changes.batch import Batch
from programme.changes.bookings import Bookings
from programme.changes.clashes import AS_IN_THE_WORKBOOK
from programme.changes.events import Events, PlannedEvent
from programme.changes.masters import Masters
from programme.summary import Summary
from programme.understood import BookingRow
from training.models import Workshop


def leave_reopened(events: Events, summary: Summary) -> None:
    """Take out the events whose register somebody opened again: what the workbook says is in question there."""
    sessions = {planned.session.pk: planned for planned in events.planned.values() if planned.session.pk}
    for one in Register.objects.filter(session__in=sessions, closed_at=None, reopened_at__isnull=False):
        reference = sessions[one.session_id].row.reference
        del events.planned[reference]
        summary.left_alone.append(f"event {reference}: its register was opened again in Turnout; close it there")


class Registers:
    """Marks and registers, and the details that hang on bookings. Plan after the bookings."""

    def __init__(self, masters: Masters, events: Events, bookings: Bookings, summary: Summary, now: datetime) -> None:
        self.masters = masters
        self.events = events
        self.bookings = bookings
        self.summary = summary
        self.now = now
        self.marks, self.registers = Batch(Mark), Batch(Register)
        self.reasons, self.choices = Batch(AbsenceReason), Batch(WorkshopChoice)

    def plan(self) -> None:
        events = [planned.event.pk for planned in self.events.planned.values() if planned.event.pk]
        # Not those of a session that is made up elsewhere: no workbook knows of it.
        own = Mark.objects.filter(booking__event__in=events, session__event=F("booking__event"))
        marks = {mark.booking_id: mark for mark in own}
        reasons = {one.booking_id: one for one in AbsenceReason.objects.filter(booking__event__in=events)}
        choices: dict[int, dict[int, int]] = defaultdict(dict)
        for choice in WorkshopChoice.objects.filter(booking__event__in=events):
            choices[choice.booking_id][choice.workshop_id] = choice.pk
        for row, booking in self.bookings.planned:
            self._plan_mark(row, booking, marks.get(booking.pk))
            self._plan_reason(row, booking, reasons.get(booking.pk))
            self._plan_choices(row, booking, choices.get(booking.pk, {}))
        self._plan_registers()
        self._plan_overbooking()

    def write_deletions(self) -> None:
        """Before events and workshops are cut to what is left."""
        for batch in (self.marks, self.registers, self.reasons, self.choices):
            batch.write_deletions()

    def write(self) -> None:
        for batch in (self.marks, self.registers, self.reasons, self.choices):
            batch.write()

    # --- one booking ------------------------------------------------------------------------------------------------
    def _plan_mark(self, row: BookingRow, booking: Booking, mark: Mark | None) -> None:
        planned = self.events.planned[row.event]
        if row.attendance and mark is None:
            mark = Mark(attendance=row.attendance, marked_at=self.now)
            self.marks.add(mark, booking=booking, session=planned.session)
        elif row.attendance and mark is not None:
            # Minutes noted for another mark say nothing about this one.
            minutes = mark.minutes if mark.attendance == row.attendance else None
            if differences := self.marks.correct(mark, attendance=row.attendance, minutes=minutes):
                mark.marked_at, mark.marked_by = self.now, None
                self.marks.touch(mark, "marked_at", "marked_by")
                self._corrected(row, differences)
        elif mark is not None and booking.state != Booking.State.CONFIRMED:
            self.marks.delete(mark.pk)

    def _plan_reason(self, row: BookingRow, booking: Booking, stored: AbsenceReason | None) -> None:
        """Without the reason itself in what is said: it may be about health."""
        exemption = self.masters.exemptions.known(row.reason)
        if stored is None:
            if row.reason:
                self.reasons.add(AbsenceReason(reason=row.reason), booking=booking, exemption=exemption)
                self._corrected(row, ["reason given"] if booking.pk else [])
            return
        # Retention empties reasons and leaves the exemption, and a repeated import does not undo it. What a coordinator
        # noted, no workbook knows better.
        if not stored.reason or stored.noted_at is not None:
            return
        was_exempt = stored.is_exempt
        if not row.reason:
            self.reasons.delete(stored.pk)
            self._corrected(row, ["reason taken out"])
        elif self.reasons.correct(stored, reason=row.reason, exemption=exemption):
            self._corrected(row, ["reason corrected"])
        if booking.pk and was_exempt != (exemption is not None):
            self.bookings.touched.setdefault(booking.pk, row)

    def _plan_choices(self, row: BookingRow, booking: Booking, stored: dict[int, int]) -> None:
        offered = self.events.planned[row.event].workshops
        wanted = [offered[match_key(title)] for title in row.workshops]
        keys = {workshop.pk for workshop in wanted if workshop.pk}
        new = [workshop for workshop in wanted if workshop.pk not in stored]
        gone = [pk for workshop, pk in stored.items() if workshop not in keys]
        for workshop in new:
            self.choices.add(WorkshopChoice(), booking=booking, workshop=workshop)
        for pk in gone:
            self.choices.delete(pk)
        if booking.pk and (new or gone):
            self._corrected(row, [f"workshop → {'; '.join(row.workshops) or 'none'}"])

    def _corrected(self, row: BookingRow, differences: list[str]) -> None:
        if differences:
            self.summary.correct(f"Booking of {row.row.cell('Delegate')} on event {row.event}", differences)

    # --- registers --------------------------------------------------------------------------------------------------
    def _plan_registers(self) -> None:
        present: Counter[str] = Counter()
        for row, booking in self.bookings.planned:
            present[row.event] += booking.state == Booking.State.CONFIRMED and row.attendance in IN_THE_ROOM
        for unnamed in self.bookings.unnamed:
            present[unnamed.event.reference] += unnamed.outcome in ATTENDED
        sessions = [planned.session.pk for planned in self.events.planned.values() if planned.session.pk]
        stored = {one.session_id: one for one in Register.objects.filter(session__in=sessions)}
        for reference, planned in self.events.planned.items():
            self._plan_register(planned, stored.get(planned.session.pk or 0), present[reference])

    def _plan_register(self, planned: PlannedEvent, stored: Register | None, present: int) -> None:
        if not planned.is_delivered:
            if stored is not None and stored.imported_at is not None:
                self.registers.delete(stored.pk)
            return
        closed: dict[str, Any] = {"handed_in_at": self.now, "closed_at": self.now, "imported_at": self.now}
        if stored is None:
            self.registers.add(Register(head_count=present, **closed), session=planned.session)
        elif stored.closed_at is None:
            closed["handed_in_at"] = stored.handed_in_at or self.now
            self.registers.correct(
                stored, head_count=present if stored.head_count is None else stored.head_count, **closed
            )
            self.summary.correct(f"Event {planned.row.reference}", ["register closed"])
        elif stored.imported_at is not None:
            differences = self.registers.correct(stored, head_count=present)
            self.summary.correct(f"Event {planned.row.reference}", differences)

    # --- overfull ---------------------------------------------------------------------------------------------------
    def _plan_overbooking(self) -> None:
        """Bookings beyond the places are the workbook's to answer for; what a coordinator allowed stays allowed."""
        held: Counter[str] = Counter()
        chosen: Counter[int] = Counter()
        workshops: dict[int, Workshop] = {}
        for row, booking in self.bookings.planned:
            if not _holds_a_place(booking):
                continue
            held[row.event] += 1
            for title in row.workshops:
                workshop = self.events.planned[row.event].workshops[match_key(title)]
                workshops[id(workshop)] = workshop
                chosen[id(workshop)] += 1
        for unnamed in self.bookings.unnamed:
            held[unnamed.event.reference] += _holds_a_place(unnamed)
        for reference, planned in self.events.planned.items():
            self._plan_overfull(planned, held[reference])
        for number, workshop in workshops.items():
            self._plan_overfull_workshop(workshop, chosen[number])

    def _plan_overfull(self, planned: PlannedEvent, held: int) -> None:
        event = planned.event
        over = max(0, held - event.places)
        if over:
            self.summary.overrides.append(f"event {event.reference} has {event.places} places and {held} bookings")
        if over > event.overbooking:
            reason = event.overbooking_reason or AS_IN_THE_WORKBOOK
            self.events.events.correct(event, overbooking=over, overbooking_reason=reason)
        elif event.overbooking_reason == AS_IN_THE_WORKBOOK:
            reason = AS_IN_THE_WORKBOOK if over else ""
            self.events.events.correct(event, overbooking=over, overbooking_reason=reason)

    def _plan_overfull_workshop(self, workshop: Workshop, chosen: int) -> None:
        over = chosen - workshop.places
        if over > 0:
            self.summary.overrides.append(f"workshop {workshop} has {workshop.places} places and {chosen} delegates")
        if over > workshop.overbooking:
            self.events.workshops.correct(workshop, overbooking=over)


def _holds_a_place(booking: Booking) -> bool:
    """As the database counts (bookings' guard of places)."""
    return booking.state == Booking.State.CONFIRMED and booking.source != Booking.Source.WALK_IN

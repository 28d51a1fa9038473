"""All that a workbook would change, area by area in the order in which it is written."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model

from bookings.models import AbsenceReason, Booking, Mark, Register, WorkshopChoice
from evaluations import imported
from evaluations.models import Response
from people.models import Person
from programme.changes import registers, settled
from programme.changes.batch import Batch
from programme.changes.bookings import Bookings, refuse_repeated
from programme.changes.events import Events
from programme.changes.masters import Masters
from programme.changes.persons import Persons
from programme.changes.policies import Policies
from programme.changes.rooms import RoomsAndTrainers
from programme.problems import Problems
from programme.steps import NOBODY, Steps
from programme.summary import Summary
from programme.understood import Programme
from training.financial_year import FinancialYear
from training.models import Event, Session

# New bookings from which on the tables count as changed.
MANY = 500


class Plan:
    """Made by plan() without writing anything; write() does it, in one transaction of the caller's."""

    def __init__(self, programme: Programme, now: datetime, steps: Steps = NOBODY) -> None:
        self.programme = programme
        self.now = now
        self.steps = steps
        self.summary = Summary(aliases=programme.aliases, unused=programme.unused, understood=_understood(programme))
        years = {FinancialYear.containing(event.day) for event in programme.events}
        self.summary.years = [year.code for year in sorted(years, reverse=True)]
        self.masters = Masters(self.summary)
        self.policies = Policies(self.summary)
        self.persons = Persons(self.masters, self.summary)
        self.events = Events(self.masters, self.summary, now)

    def plan(self, problems: Problems, *, lock: bool) -> None:
        """Compare the workbook with what Turnout has. Faults of the workbook itself are told first, and alone."""
        rows = self.programme.bookings
        whose = self.persons.resolve(rows)
        refuse_repeated(rows, whose, problems)
        if problems or self.programme.partnership is None:
            return
        self.masters.plan_partnership(self.programme.partnership)
        self.masters.plan_exemptions(self.programme.exemptions)
        self.masters.plan_agencies(self.programme.agencies, problems)
        if problems:
            return
        self.masters.plan_courses(self.programme.courses)
        self.steps.step(len(self.programme.agencies) + len(self.programme.courses))
        terms = self.policies.plan(self.programme.policies, problems, self.masters.all_closing_days())
        self.persons.make()
        self.events.plan(self.programme.events, self.programme.workshops, lock=lock)
        registers.leave_reopened(self.events, self.summary)
        self.rooms = RoomsAndTrainers(self.events, self.summary)
        self.rooms.plan()
        self.steps.step(len(self.programme.events) + len(self.programme.workshops))
        self.bookings = Bookings(self.masters, self.events, terms, self.summary, self.now)
        self.bookings.plan(rows, whose, problems)
        self.steps.step(len(rows))
        self.bookings.plan_evaluated(self.programme.answers)
        self.persons.correct(self.bookings.new_or_moved)
        self.registers = registers.Registers(self.masters, self.events, self.bookings, self.summary, self.now)
        self.registers.plan()
        self._plan_answers(problems)
        self.steps.step(sum(map(len, self.programme.answers.values())))
        settled.refuse_invoiced(self.events, self.bookings, problems)
        self.summary.made = self._made()
        self.summary.to_write = sum(batch.to_write for batch in self._batches()) + self.answers.to_write

    def write(self) -> None:
        """Write it, in an order in which each step finds what it refers to, and no place is taken before it is free."""
        for batch in self._batches():
            batch.steps = self.steps
        self.masters.write()
        self.policies.write()
        self.persons.batch.write()
        self.registers.write_deletions()
        self.bookings.write_released()
        self.rooms.write()
        self.bookings.batch.write()
        self._renew_statistics(Person, Event, Session, Booking)
        self.registers.write()
        self.answers.write()
        self.steps.step(self.answers.to_write)
        self._renew_statistics(Mark, Register, AbsenceReason, WorkshopChoice, Response)
        # What waits for the commit is asked now, so that it is refused here and not after the summary.
        connection.check_constraints()
        self.summary.is_written = True

    def _batches(self) -> Iterator[Batch[Any]]:
        masters, events, rooms, details = self.masters, self.events, self.rooms, self.registers
        yield from (masters.partnerships, masters.closing_days, masters.agencies, masters.agency_names, masters.courses)
        yield from (masters.exemptions.batch, masters.staff_groups.batch, masters.objectives.batch)
        yield from (self.policies.policies, self.policies.tariffs, self.persons.batch, self.bookings.batch)
        yield from (events.events, events.sessions, events.workshops, rooms.venues, rooms.rooms, rooms.trainers)
        yield from (details.marks, details.registers, details.reasons, details.choices)

    def _renew_statistics(self, *models: type[Model]) -> None:
        """Else the server goes on taking the tables for as small as they were when it last looked.

        Triggers and the first report would then read one table whole for each row of another: minutes, where the
        connection has planned its triggers on small tables before.
        """
        if len(self.bookings.batch.new) < MANY:
            return
        names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
        with connection.cursor() as cursor:
            cursor.execute(f"analyze {names}")

    def _plan_answers(self, problems: Problems) -> None:
        planned, answers = self.events.planned, self.programme.answers
        sets = [
            (planned[reference].event, [(row.email, row.answers) for row in rows])
            for reference, rows in answers.items()
            if reference in planned
        ]
        self.answers = imported.plan(sets, asdict(self.programme.scales), self.now)
        for event in self.answers.answered_here:
            row = answers[event.reference][0].row
            what = f"delegates of event {event.reference} are asked in Turnout itself, or have answered."
            problems.add(row.problem("Event", what, "Take the event's answers out of the workbook."))
        for stored, rows in self.answers.replaced:
            number = f"{len(rows):,} answers" if len(rows) > 1 else "1 answer"
            self.summary.correct(
                f"Event {stored.event.reference}", [f"its answers were replaced as a whole ({number})"]
            )

    def _made(self) -> dict[str, int]:
        masters, events, rooms = self.masters, self.events, self.rooms
        return {
            "partnerships": len(masters.partnerships.new),
            "bank holidays": len(masters.closing_days.new),
            "agencies": len(masters.agencies.new),
            "other names of agencies": len(masters.agency_names.new),
            "exemptions": len(masters.exemptions.batch.new),
            "staff groups": len(masters.staff_groups.batch.new),
            "objectives": len(masters.objectives.batch.new),
            "courses": len(masters.courses.new),
            "charging policies": len(self.policies.policies.new),
            "tariffs": len(self.policies.tariffs.new),
            "venues": len(rooms.venues.new),
            "trainers": len(rooms.trainers.new),
            "events": len(events.events.new),
            "workshops": len(events.workshops.new),
            "people": len(self.persons.batch.new),
            "bookings": len(self.bookings.batch.new),
            "closed registers": len(self.registers.registers.new),
            "evaluation answers": sum(len(answers) for _, answers in self.answers.new),
        }


def _understood(programme: Programme) -> dict[str, int]:
    return {
        "agencies": len(programme.agencies),
        "courses": len(programme.courses),
        "events": len(programme.events),
        "workshops": len(programme.workshops),
        "bookings": len(programme.bookings),
        "evaluation answers": sum(map(len, programme.answers.values())),
    }

"""Whether an event is right for somebody: its staff groups, what comes before it, and what else they are booked on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from bookings import refusals
from bookings.holding import months_after
from bookings.models import Booking
from people.models import Person
from people.permissions import Right, may
from training.models import Course, Event
from training.moments import full_date, span, span_of_months

# How a clash is told of: nothing of it says "you", as a coordinator reads it too.
HELD = {
    Booking.State.CONFIRMED: "A place on",
    Booking.State.OFFERED: "A place offered on",
    Booking.State.REQUESTED: "A booking awaiting approval on",
    Booking.State.WAITING: "On the waiting list of",
}

# Written out, as composing it took longer than all else of a booking. A clash is a session at the time of one of the
# event's; the same day alone is none.
READ = """
    select e.id, e.starts_at, course.on_missing,
        coalesce((
            select json_agg(json_build_object('id', staff_group.id, 'name', staff_group.name) order by staff_group.name)
            from people_staffgroup staff_group
            join training_course_staff_groups its on its.staffgroup_id = staff_group.id
            where its.course_id = e.course_id), '[]'),
        coalesce((
            select json_agg(json_build_object(
                'group', p."group", 'title', required.title, 'months', p.valid_months, 'attended', coalesce((
                    select json_agg(json_build_object('person', last.delegate_id, 'at', last.at))
                    from (
                        select b.delegate_id, max(there.ends_at) as at
                        from bookings_booking b
                        join training_event there on there.id = b.event_id
                        where b.delegate_id = any(%(people)s) and b.outcome = 'attended'
                            and there.course_id = p.required_id
                        group by b.delegate_id) last), '[]')
                ) order by p."group", p.id)
            from training_prerequisite p
            join training_course required on required.id = p.required_id
            where p.course_id = e.course_id), '[]'),
        coalesce((
            select json_agg(json_build_object(
                'person', b.delegate_id, 'reference', b.reference, 'state', b.state, 'course', theirs.title,
                'starts_at', other.starts_at, 'ends_at', other.ends_at) order by other.starts_at, b.id)
            from bookings_booking b
            join training_event other on other.id = b.event_id
            join training_course theirs on theirs.id = other.course_id
            where b.delegate_id = any(%(people)s) and b.state <> 'cancelled' and other.id <> e.id
                and other.starts_at < e.ends_at and other.ends_at > e.starts_at
                and exists (
                    select from training_session there
                    join training_session here on here.starts_at < there.ends_at and here.ends_at > there.starts_at
                    where there.event_id = other.id and here.event_id = e.id)), '[]')
    from training_event e
    join training_course course on course.id = e.course_id
    where e.id = any(%(events)s)
"""


class _Read(NamedTuple):
    """A row of it."""

    pk: int
    starts_at: datetime
    on_missing: str
    groups: list[dict[str, Any]]
    needed: list[dict[str, Any]]
    clashing: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Clash:
    """A live booking of theirs on another event with a session at the same time."""

    reference: str
    state: str
    course: str
    starts_at: datetime
    ends_at: datetime

    def __str__(self) -> str:
        """A place on Neglect, Wednesday 3 March 2027, 9:30am to 4pm."""
        return f"{HELD[Booking.State(self.state)]} {self.course}, {span(self.starts_at, self.ends_at)}"


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands with an event."""

    # What they lack, as a person reads it: "Attended Working Together in the last 3 years".
    missing: tuple[str, ...] = ()
    clashes: tuple[Clash, ...] = ()
    # The staff groups that the course is for, where theirs is not known: ask them. By itself that is not missing.
    groups: tuple[str, ...] = ()
    blocks: bool = False

    @property
    def is_blocked(self) -> bool:
        """Whether the course lets nobody book without what they lack; else it is theirs to decide."""
        return self.blocks and bool(self.missing)

    def of_no_group(self) -> "Standing":
        """The same of somebody who says that they belong to none of those groups."""
        return replace(self, missing=(_for_groups(self.groups), *self.missing), groups=()) if self.groups else self


def standing(event: Event, delegates: Iterable[Person]) -> dict[int, Standing]:
    """How each of these people stands with the event, by their ids. In one statement, however many they are."""
    people = list(delegates)
    (found,) = _read([event], people)
    return {person.pk: _standing(found, person) for person in people}


def standing_on(events: Iterable[Event], delegate: Person) -> dict[int, Standing]:
    """How somebody stands with each of these events, by the events' ids. In one statement, however many they are."""
    return {found.pk: _standing(found, delegate) for found in _read(events, [delegate])}


def refuse(event: Event, delegate: Person, by: Person) -> None:
    """Raise NotEligible where the course blocks whoever lacks something, unless a coordinator decides otherwise.

    No lock is needed, as what somebody has attended does not hang on the event. One statement, and none where the
    course only warns.
    """
    if event.course.on_missing != Course.OnMissing.BLOCK or may(by, Right.CHANGE_BOOKINGS):
        return
    missing = standing(event, [delegate])[delegate.pk].missing
    if missing:
        raise refusals.NotEligible(
            f"{event.course} asks for something that is not recorded of {delegate}: {'; '.join(missing)}. "
            "If that is wrong, or there is a good reason, ask the training team."
        )


def _for_groups(names: Iterable[str]) -> str:
    return f"In one of the staff groups that it is for: {', '.join(names)}"


def _standing(event: "_Read", person: Person) -> Standing:
    groups = {group["id"]: group["name"] for group in event.groups}
    missing = tuple(_missing(event.needed, person.pk, timezone.localdate(event.starts_at)))
    if groups and person.staff_group_id and person.staff_group_id not in groups:
        missing = (_for_groups(groups.values()), *missing)
    return Standing(
        missing=missing,
        clashes=tuple(_clash(one) for one in event.clashing if one["person"] == person.pk),
        groups=tuple(groups.values()) if person.staff_group_id is None else (),
        blocks=event.on_missing == Course.OnMissing.BLOCK,
    )


def _missing(needed: list[dict[str, Any]], person: int, day: date) -> Iterable[str]:
    """Each group of courses of which none was attended, or all too long before the day of the event."""
    for _, group in groupby(needed, key=itemgetter("group")):
        ways = [_Way(one["title"], one["months"], _last_attended(one["attended"], person)) for one in group]
        if not any(way.counts_on(day) for way in ways):
            yield f"Attended {', or '.join(map(str, ways))}"


@dataclass(frozen=True, slots=True)
class _Way:
    """One course that would be enough."""

    title: str
    months: int | None
    attended_on: date | None

    def counts_on(self, day: date) -> bool:
        if self.attended_on is None:
            return False
        return self.months is None or day <= months_after(self.attended_on, self.months)

    def __str__(self) -> str:
        within = f" in the last {span_of_months(self.months)}" if self.months else ""
        return f"{self.title}{within}" + (f" (last on {full_date(self.attended_on)})" if self.attended_on else "")


def _last_attended(attended: list[dict[str, Any]], person: int) -> date | None:
    """JSON has the moments as text."""
    found = next((one["at"] for one in attended if one["person"] == person), None)
    return timezone.localdate(datetime.fromisoformat(found)) if found else None


def _read(events: Iterable[Event], people: list[Person]) -> Iterator["_Read"]:
    """The events with their course's groups, what it needs and when these people attended that, and what clashes."""
    with connection.cursor() as cursor:
        cursor.execute(READ, {"events": [event.pk for event in events], "people": [person.pk for person in people]})
        yield from map(_Read._make, cursor.fetchall())


def _clash(row: dict[str, Any]) -> Clash:
    starts_at, ends_at = (datetime.fromisoformat(row[name]) for name in ("starts_at", "ends_at"))
    return Clash(row["reference"], row["state"], row["course"], starts_at, ends_at)

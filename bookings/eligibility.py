"""Whether an event is right for somebody: its staff groups, what comes before it, and what else they are booked on."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, Max, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from bookings import refusals
from bookings.holding import months_after
from bookings.models import Booking
from people.models import Person, StaffGroup
from people.permissions import Right, may
from training.models import Course, Event, Prerequisite, Session
from training.moments import full_date, span, span_of_months

# How a clash is told of: nothing of it says "you", as a coordinator reads it too.
HELD = {
    Booking.State.CONFIRMED: "A place on",
    Booking.State.OFFERED: "A place offered on",
    Booking.State.REQUESTED: "A booking awaiting approval on",
    Booking.State.WAITING: "On the waiting list of",
}


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
    found = _read([event], people).get()
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


def _standing(event: Any, person: Person) -> Standing:
    """Of an event as _read() has it."""
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


def _read(events: Iterable[Event], people: list[Person]) -> QuerySet[Any]:
    """The events with their course's groups, what it needs and when these people attended that, and what clashes."""
    attended = (
        Booking.objects.filter(
            delegate__in=people, outcome=Booking.Outcome.ATTENDED, event__course=OuterRef("required")
        )
        .order_by()
        .values("delegate")
        .annotate(at=Max("event__ends_at"))
        .values(one=JSONObject(person="delegate", at="at"))
    )
    needed = (
        Prerequisite.objects.filter(course=OuterRef("course"))
        .order_by("group", "pk")
        .annotate(attended=ArraySubquery(attended))
        .values(one=JSONObject(group="group", title="required__title", months="valid_months", attended="attended"))
    )
    groups = (
        StaffGroup.objects.filter(courses=OuterRef("course"))
        .order_by("name")
        .values(one=JSONObject(id="pk", name="name"))
    )
    found: QuerySet[Any] = Event.objects.filter(pk__in=[event.pk for event in events]).annotate(
        on_missing=F("course__on_missing"),
        groups=ArraySubquery(groups),
        needed=ArraySubquery(needed),
        clashing=ArraySubquery(_clashing(people)),
    )
    return found


def _clashing(people: list[Person]) -> QuerySet[Any]:
    """Their live bookings with a session at the time of one of the event's; the same day alone is no clash."""
    event = OuterRef(OuterRef(OuterRef("pk")))
    here = Session.objects.filter(event=event, starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at"))
    overlapping = Session.objects.filter(Exists(here), event=OuterRef("event"))
    meanwhile = {"event__starts_at__lt": OuterRef("ends_at"), "event__ends_at__gt": OuterRef("starts_at")}
    found = Booking.objects.live().filter(Exists(overlapping), delegate__in=people, **meanwhile)
    return (
        found.exclude(event=OuterRef("pk"))
        .order_by("event__starts_at", "pk")
        .values(
            one=JSONObject(
                person="delegate",
                reference="reference",
                state="state",
                course="event__course__title",
                starts_at="event__starts_at",
                ends_at="event__ends_at",
            )
        )
    )


def _clash(row: dict[str, Any]) -> Clash:
    starts_at, ends_at = (datetime.fromisoformat(row[name]) for name in ("starts_at", "ends_at"))
    return Clash(row["reference"], row["state"], row["course"], starts_at, ends_at)

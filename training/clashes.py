"""What speaks against a session as it is planned: its room or a trainer is elsewhere, and what else one should know.

A room or trainer that is elsewhere is refused by the database, too, unless the row states why both may be; the rest are
warnings. Like the database, this passes over rows that state a reason already.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection

from training.models import Course, Event
from training.moments import clock, full_date
from training.sessions import ANYWHERE, Sitting


class Clash(NamedTuple):
    """Something that speaks against a sitting: number is its place among those asked about."""

    number: int
    # "room" and "trainer" are refused without a reason; "capacity", "absent", "cleared" are warnings.
    kind: str
    # The trainer's or room's key and name.
    key: int
    name: str
    # The other event, where there is one.
    reference: str
    course: str
    starts_at: datetime | None
    ends_at: datetime | None
    # Places that the room has, where those are too few.
    capacity: int | None

    @property
    def what(self) -> tuple[int, str, int]:
        """Which sitting, and what of it."""
        return self.number, self.kind, self.key

    @property
    def is_refused(self) -> bool:
        return self.kind in ("room", "trainer")

    @property
    def words(self) -> str:
        """One sentence about it."""
        if self.kind == "capacity":
            return f"{self.name} holds {self.capacity}."
        if self.kind == "absent":
            return f"{self.name} has said that they cannot train that day."
        if self.kind == "cleared":
            return f"{self.name} is not down as somebody who may deliver this course then."
        when = f"{full_date(self.starts_at)}, {clock(self.starts_at)}" if self.starts_at else ""
        until = f" to {clock(self.ends_at)}" if self.ends_at else ""
        return f"{self.name} is taken by {self.course} ({self.reference}) on {when}{until}."


# Trainers of whom nothing is entered may deliver anything: nobody has begun to keep it for them.
FIND = """
with sitting as (
  select * from unnest(
    %(number)s::int[], %(starts)s::timestamptz[], %(ends)s::timestamptz[], %(room)s::bigint[],
    %(event)s::bigint[], %(course)s::bigint[], %(places)s::int[], %(anywhere)s::bool[]
  ) as s (number, starts_at, ends_at, room_id, event_id, course_id, places, anywhere)
), part as (
  select s.*, p.trainer_id, t.name
  from unnest(%(of)s::int[], %(trainer)s::bigint[]) as p (number, trainer_id)
  join sitting s using (number) join training_trainer t on t.id = p.trainer_id
), room as (
  select s.*, v.name || case when r.name = '' then '' else ', ' || r.name end as name, r.capacity
  from sitting s join training_room r on r.id = s.room_id join training_venue v on v.id = r.venue_id
)
select room.number, 'room', room.room_id, room.name, e.reference, c.title, o.starts_at, o.ends_at, null::int
from room join training_session o on o.room_id = room.room_id
  and tstzrange(o.starts_at, o.ends_at) && tstzrange(room.starts_at, room.ends_at)
  and not o.is_cancelled and o.room_override = ''
join training_event e on e.id = o.event_id join training_course c on c.id = e.course_id
where not room.anywhere and e.id is distinct from room.event_id
union all
select part.number, 'trainer', part.trainer_id, part.name, e.reference, c.title, o.starts_at, o.ends_at, null
from part join training_sessiontrainer o on o.trainer_id = part.trainer_id
  and tstzrange(o.starts_at, o.ends_at) && tstzrange(part.starts_at, part.ends_at)
  and not o.is_cancelled and o.override = ''
join training_session s on s.id = o.session_id
join training_event e on e.id = s.event_id join training_course c on c.id = e.course_id
where e.id is distinct from part.event_id
union all
select number, 'capacity', room_id, name, '', '', null, null, capacity from room where capacity < places
union all
select part.number, 'absent', part.trainer_id, part.name, '', '', null, null, null from part
where exists (
  select from training_absence a where a.trainer_id = part.trainer_id
    and a.first_on <= (part.ends_at at time zone %(zone)s)::date
    and a.last_on >= (part.starts_at at time zone %(zone)s)::date
)
union all
select part.number, 'cleared', part.trainer_id, part.name, '', '', null, null, null from part
where exists (select from training_clearance a where a.trainer_id = part.trainer_id)
  and not exists (
    select from training_clearance a where a.trainer_id = part.trainer_id and a.course_id = part.course_id
      and (a.until is null or a.until >= (part.ends_at at time zone %(zone)s)::date)
  )
order by 1, 2, 4, 7
"""


class Plan(NamedTuple):
    """Sittings of a course as they shall be; event: whose they are, if it is made already."""

    sittings: Sequence[Sitting]
    course: Course
    places: int
    event: Event | None = None


def find(sittings: Iterable[Sitting], *, course: Course, places: int, event: Event | None = None) -> list[Clash]:
    """What speaks against these sittings, in their order, as find_each() says."""
    return find_each([Plan(list(sittings), course, places, event)])[0]


def find_each(plans: Sequence[Plan]) -> list[list[Clash]]:
    """What speaks against each of these plans, in the order of its sittings. In one statement, however many.

    What an event is in now does not clash with itself. Plans are not compared with each other.
    """
    rows = [(plan, sitting) for plan in plans for sitting in plan.sittings]
    parts = [(number, trainer.pk) for number, (_, one) in enumerate(rows) for trainer in one.trainers]
    asked: dict[str, Any] = {
        "number": list(range(len(rows))),
        "starts": [one.starts_at for _, one in rows],
        "ends": [one.ends_at for _, one in rows],
        "room": [one.room.pk if one.room else None for _, one in rows],
        "event": [plan.event.pk if plan.event else None for plan, _ in rows],
        "course": [plan.course.pk for plan, _ in rows],
        "places": [plan.places for plan, _ in rows],
        "anywhere": [plan.course.delivery in ANYWHERE for plan, _ in rows],
        "of": [number for number, _ in parts],
        "trainer": [trainer for _, trainer in parts],
        "zone": settings.TIME_ZONE,
    }
    with connection.cursor() as cursor:
        cursor.execute(FIND, asked)
        found = [Clash(*row) for row in cursor.fetchall()]
    ends = list(accumulate(len(plan.sittings) for plan in plans))
    return [
        [one._replace(number=one.number - first) for one in found if first <= one.number < end]
        for first, end in zip([0, *ends], ends, strict=False)
    ]

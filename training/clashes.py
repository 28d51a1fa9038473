"""What speaks against a session as it is planned: its room or a trainer is elsewhere, and what else one should know.

A room or trainer that is elsewhere is refused by the database, too, unless the row states why both may be; the rest are
warnings. Like the database, this passes over rows that state a reason already.
"""

from collections.abc import Iterable
from datetime import datetime
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
  select * from unnest(%(number)s::int[], %(starts)s::timestamptz[], %(ends)s::timestamptz[], %(room)s::bigint[])
    as s (number, starts_at, ends_at, room_id)
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
where not %(anywhere)s and e.id is distinct from %(event)s
union all
select part.number, 'trainer', part.trainer_id, part.name, e.reference, c.title, o.starts_at, o.ends_at, null
from part join training_sessiontrainer o on o.trainer_id = part.trainer_id
  and tstzrange(o.starts_at, o.ends_at) && tstzrange(part.starts_at, part.ends_at)
  and not o.is_cancelled and o.override = ''
join training_session s on s.id = o.session_id
join training_event e on e.id = s.event_id join training_course c on c.id = e.course_id
where e.id is distinct from %(event)s
union all
select number, 'capacity', room_id, name, '', '', null, null, capacity from room where capacity < %(places)s
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
    select from training_clearance a where a.trainer_id = part.trainer_id and a.course_id = %(course)s
      and (a.until is null or a.until >= (part.ends_at at time zone %(zone)s)::date)
  )
order by 1, 2, 4, 7
"""


def find(sittings: Iterable[Sitting], *, course: Course, places: int, event: Event | None = None) -> list[Clash]:
    """What speaks against these sittings of a course, in their order; event: whose they are, if it is made already.

    In one statement, however many. What an event is in now does not clash with itself.
    """
    sittings = list(sittings)
    parts = [(number, trainer.pk) for number, one in enumerate(sittings) for trainer in one.trainers]
    asked: dict[str, Any] = {
        "number": list(range(len(sittings))),
        "starts": [one.starts_at for one in sittings],
        "ends": [one.ends_at for one in sittings],
        "room": [one.room.pk if one.room else None for one in sittings],
        "of": [number for number, _ in parts],
        "trainer": [trainer for _, trainer in parts],
        "anywhere": course.delivery in ANYWHERE,
        "event": event.pk if event else None,
        "course": course.pk,
        "places": places,
        "zone": settings.TIME_ZONE,
    }
    with connection.cursor() as cursor:
        cursor.execute(FIND, asked)
        return [Clash(*row) for row in cursor.fetchall()]

"""The time that trainers gave, by their agencies: of sessions that were held, by the event's financial year.

An hour given by two trainers together is an hour of each, and counted as given with others. A trainer counts for the
agency that they were with at the time; of who is no person here it is not known.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connections

from reporting.database import alias
from training.financial_year import FinancialYear

# The history keeps what was replaced, and when: the agency at a moment is what the first change after it replaced.
PARTS = """
select t.id, t.name, coalesce(a.reference, ''), coalesce(a.name, ''), e.reference, c.title,
  part.starts_at, part.ends_at,
  exists (select from training_sessiontrainer o where o.session_id = part.session_id and o.id <> part.id)
from training_sessiontrainer part
join training_trainer t on t.id = part.trainer_id
join training_session s on s.id = part.session_id
join training_event e on e.id = s.event_id
join training_course c on c.id = e.course_id
left join people_person p on p.id = t.person_id
left join people_agency a on a.id = coalesce((
  select h.agency_id from people_personhistory h
  where h.pgh_obj_id = p.id and h.pgh_created_at > part.ends_at order by h.pgh_id limit 1
), p.agency_id)
where e.state = 'published' and e.ends_at >= %s and e.ends_at < %s and part.ends_at <= %s
order by part.starts_at, t.name
"""
YEARS = """
select min(e.ends_at), max(e.ends_at) from training_sessiontrainer part
join training_session s on s.id = part.session_id join training_event e on e.id = s.event_id
where e.state = 'published' and part.ends_at <= %s
"""


class Part(NamedTuple):
    """A session that a trainer gave. The agency's reference and name are empty where it is not known."""

    trainer: int
    trainer_name: str
    agency: str
    agency_name: str
    event: str
    course: str
    starts_at: datetime
    ends_at: datetime
    # Whether somebody else gave it with them.
    is_shared: bool

    @property
    def hours(self) -> float:
        return (self.ends_at - self.starts_at) / timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Given:
    """What an agency gave of its people's time in a year, in hours."""

    agency: str
    agency_name: str
    trainers: int
    sessions: int
    alone: float
    shared: float

    @property
    def hours(self) -> float:
        return self.alone + self.shared


def parts(year: FinancialYear, now: datetime) -> list[Part]:
    """What was given in the year by now, in the order of time. One statement."""
    with connections[alias()].cursor() as cursor:
        cursor.execute(PARTS, [year.starts_at, year.ends_at, now])
        return [Part(*row) for row in cursor.fetchall()]


def by_agency(given: list[Part]) -> list[Given]:
    """Who gave most first."""
    of: defaultdict[tuple[str, str], list[Part]] = defaultdict(list)
    for part in given:
        of[part.agency, part.agency_name].append(part)
    rows = [
        Given(
            agency=agency,
            agency_name=name,
            trainers=len({part.trainer for part in found}),
            sessions=len({(part.event, part.starts_at) for part in found}),
            alone=sum(part.hours for part in found if not part.is_shared),
            shared=sum(part.hours for part in found if part.is_shared),
        )
        for (agency, name), found in of.items()
    ]
    return sorted(rows, key=lambda row: (-row.hours, row.agency_name))


def years(now: datetime) -> list[FinancialYear]:
    """Those in which any was given, and the present one; the newest first."""
    with connections[alias()].cursor() as cursor:
        cursor.execute(YEARS, [now])
        first, last = cursor.fetchone()
    present = FinancialYear.containing(now)
    first, last = (FinancialYear.containing(one) if one else present for one in (first, last))
    return [FinancialYear(start) for start in range(max(last, present).start_year, first.start_year - 1, -1)]

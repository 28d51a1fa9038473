"""What the figures are about, in one statement: all courses and agencies, and the conferences with their workshops."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections

from reporting.database import alias
from training.financial_year import FinancialYear

# Workshops are counted apart from each other: joined, a delegate with two choices would count twice.
STATEMENT = """
select
  (select coalesce(json_agg(json_build_object('id', id, 'code', code, 'title', title, 'delivery', delivery)
    order by title, code), '[]') from training_course),
  (select coalesce(json_agg(json_build_object('id', id, 'reference', reference, 'name', name) order by name), '[]')
    from people_agency),
  (select coalesce(json_agg(to_json(conference) order by ends_at, reference), '[]') from (
    select e.reference, c.title, e.places, e.ends_at, e.ends_at >= %(this)s as is_this_year,
      (select count(distinct b.delegate_id) from bookings_booking b
        where b.event_id = e.id and b.outcome in ('attended', 'part-attended')) as delegates,
      (select coalesce(json_agg(to_json(workshop) order by title), '[]') from (
        select w.title, w.places, count(b.id) as chosen,
          count(b.id) filter (where b.outcome in ('attended', 'part-attended')) as attended
        from training_workshop w
        left join bookings_workshopchoice chosen on chosen.workshop_id = w.id
        left join bookings_booking b on b.id = chosen.booking_id and b.state = 'confirmed'
        where w.event_id = e.id group by w.id
      ) workshop) as workshops
    from training_event e join training_course c on c.id = e.course_id
    where c.delivery = 'conference' and e.state = 'published' and e.ends_at >= %(before)s and e.ends_at < %(until)s
  ) conference)
"""


@dataclass(frozen=True, slots=True)
class Workshop:
    """A workshop of a conference: delegates who chose it, and those of them who came."""

    title: str
    places: int
    chosen: int
    attended: int


@dataclass(frozen=True, slots=True)
class Conference:
    """One delivered conference; its delegates are counted once each."""

    reference: str
    title: str
    places: int
    delegates: int
    is_this_year: bool
    workshops: tuple[Workshop, ...]


@dataclass(frozen=True, slots=True)
class Course:
    id: int
    code: str
    title: str
    delivery: str

    @property
    def is_training(self) -> bool:
        """In the figures of the whole; conferences and e-learning are apart."""
        return self.delivery not in ("conference", "e-learning")


@dataclass(frozen=True, slots=True)
class Agency:
    id: int
    reference: str
    name: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    courses: list[Course]
    agencies: list[Agency]
    conferences: list[Conference]


def read(year: FinancialYear, *, now: datetime) -> Catalogue:
    """Courses by title, agencies by name, and the conferences of the year and the year before."""
    facts = {"before": year.previous.starts_at, "this": year.starts_at, "until": min(year.ends_at, now)}
    with connections[alias()].cursor() as cursor:
        cursor.execute(STATEMENT, facts)
        courses, agencies, conferences = cursor.fetchone()
    return Catalogue(
        [Course(**course) for course in courses],
        [Agency(**agency) for agency in agencies],
        [_conference(conference) for conference in conferences],
    )


def _conference(found: dict[str, Any]) -> Conference:
    workshops = tuple(Workshop(**workshop) for workshop in found["workshops"])
    return Conference(
        found["reference"], found["title"], found["places"], found["delegates"], found["is_this_year"], workshops
    )

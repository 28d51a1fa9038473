"""Courses and their dates as people find them: which there are for what was asked, and what is shown of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from bookings import counts
from frontend.choosing_from import Offered, offered
from frontend.programme import listing
from training import search
from training.models import Course, Event, Topic

# Of a course's dates the list shows so many; its page shows all.
DATES_SHOWN = 3

# Topics and levels that a course has; months in which there is a date that everybody may book.
CHOICES = """
select 'span', min(starts_at)::text, max(starts_at)::text from training_event
  where state = 'published' and not is_in_house and starts_at > %(now)s
union all select 'topic', id::text, name from training_topic t
  where exists (select from training_course_topics c where c.topic_id = t.id)
union all (select distinct 'level', level, level from training_course where level <> '')
union all select 'venue', id::text, name from training_venue
union all select 'group', id::text, name from people_staffgroup
"""


def choices() -> Offered:
    """What training may be looked for by, in one statement."""
    return offered(CHOICES, {"now": timezone.now()})


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for; empty, 0 and None: anything."""

    words: str = ""
    topic: int = 0
    month: date | None = None
    venue: int = 0
    delivery: str = ""
    level: str = ""
    group: int = 0
    free: bool = False

    @property
    def is_about_dates(self) -> bool:
        """Whether a course without a date cannot be meant."""
        return self.month is not None or bool(self.venue) or self.free


@dataclass(frozen=True, slots=True)
class Results:
    """Courses with the columns of described(), the best first; where the words find none, those that come nearest."""

    courses: list[Any]
    nearest: list[Any]


@dataclass(frozen=True, slots=True)
class FoundCourse:
    """A course of the list, with its next dates and how many more there are."""

    course: Any
    dates: list[listing.Row]
    more: int


def results(asked: Asked) -> Results:
    """What there is for what was asked, in one statement: by the words if there are any, else by the next date."""
    courses = list(_courses(asked))
    if not asked.words:
        return Results(courses, [])
    entries = [search.Entry(one.pk, one.names, " ".join((*one.topic_names, one.summary))) for one in courses]
    found, by_key = search.find(asked.words, entries), {one.pk: one for one in courses}
    return Results([by_key[key] for key in found.matches], [by_key[key] for key in found.nearest])


def with_dates(courses: Iterable[Any]) -> list[FoundCourse]:
    """The courses of a page with their next dates, in one statement."""
    courses = list(courses)
    dates = {row.pk: row for row in listing.rows(key for one in courses for key in one.date_ids[:DATES_SHOWN])}
    return [
        FoundCourse(
            course=one,
            dates=[dates[key] for key in one.date_ids[:DATES_SHOWN] if key in dates],
            more=max(0, len(one.date_ids) - DATES_SHOWN),
        )
        for one in courses
    ]


def described(courses: QuerySet[Course], dates: QuerySet[Event]) -> QuerySet[Any]:
    """Each course with its topic_names and, of these dates, date_ids from the first on; no further query a row."""
    own = dates.filter(course=OuterRef("pk")).order_by("starts_at", "id")
    return courses.annotate(
        topic_names=ArraySubquery(Topic.objects.filter(courses=OuterRef("pk")).order_by("name").values("name")),
        date_ids=ArraySubquery(own.values("pk")),
        next_at=Subquery(own.values("starts_at")[:1]),
    )


def _courses(asked: Asked) -> QuerySet[Any]:
    courses = described(Course.objects.all(), _dates(asked))
    if asked.topic:
        courses = courses.filter(topics=asked.topic)
    if asked.delivery:
        courses = courses.filter(delivery=asked.delivery)
    if asked.level:
        courses = courses.filter(level=asked.level)
    if asked.group:
        of_all = ~Q(pk__in=Course.staff_groups.through.objects.values("course"))
        courses = courses.filter(of_all | Q(pk__in=Course.objects.filter(staff_groups=asked.group).values("pk")))
    if asked.is_about_dates:
        courses = courses.exclude(next_at=None)
    return courses.order_by(F("next_at").asc(nulls_last=True), "title", "pk")


def _dates(asked: Asked) -> QuerySet[Event]:
    dates: QuerySet[Event] = Event.objects.open_to_all()
    if asked.month:
        begins, ends = asked.month, (asked.month + timedelta(days=31)).replace(day=1)
        dates = dates.filter(starts_at__gte=_midnight(begins), starts_at__lt=_midnight(ends))
    if asked.venue:
        dates = listing.at_venue(dates, asked.venue)
    if asked.free:
        # Who waits goes first: a place is left where there are more than they need.
        dates = counts.counted(dates).filter(places__gt=F("held") + F("waiting"))
    return dates


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())

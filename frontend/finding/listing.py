"""Courses and their dates as people find them: which there are for what was asked, and what is shown of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
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


class Row(NamedTuple):
    """A course as the list shows it and as it is searched."""

    pk: int
    code: str
    title: str
    level: str
    delivery: str
    duration: str
    summary: str
    other_names: str
    topics: list[str]

    @property
    def kind(self) -> list[str]:
        """What it is, in a few words."""
        delivery, duration = Course.Delivery(self.delivery).label, Course.Duration(self.duration).label
        return [word for word in (self.level, delivery, duration, ", ".join(self.topics)) if word]


@dataclass(frozen=True, slots=True)
class Results:
    """Courses, the best first, and the keys of their dates; where the words find none, those that come nearest."""

    courses: list[Row]
    nearest: list[Row]
    dates: Mapping[int, list[int]]

    @property
    def keys(self) -> list[int]:
        """Of all dates of the courses."""
        return [key for course in self.courses for key in self.dates.get(course.pk, [])]


@dataclass(frozen=True, slots=True)
class FoundCourse:
    """A course of the list, with its next dates and how many more there are."""

    course: Row
    dates: list[listing.Row]
    more: int


def results(asked: Asked) -> Results:
    """What there is for what was asked, in two statements: by the words if there are any, else by the next date."""
    dates: dict[int, list[int]] = {}
    for course, event in _dates(asked).order_by("starts_at", "pk").values_list("course_id", "pk"):
        dates.setdefault(course, []).append(event)
    courses = {row.pk: row for row in _courses(asked) if row.pk in dates or not asked.is_about_dates}
    # By the first date, and those without one by their titles.
    in_order = [courses[key] for key in dates if key in courses]
    in_order += [row for key, row in courses.items() if key not in dates]
    if not asked.words:
        return Results(in_order, [], dates)
    found = search.find(asked.words, [_entry(row) for row in in_order])
    return Results([courses[key] for key in found.matches], [courses[key] for key in found.nearest], dates)


def with_dates(courses: Iterable[Row], dates: Mapping[int, list[int]]) -> list[FoundCourse]:
    """The courses of a page with their next dates, in one statement."""
    courses = list(courses)
    next_dates = {course.pk: dates.get(course.pk, [])[:DATES_SHOWN] for course in courses}
    events = {row.pk: row for row in listing.rows(key for keys in next_dates.values() for key in keys)}
    return [
        FoundCourse(
            course=course,
            dates=[events[key] for key in next_dates[course.pk] if key in events],
            more=max(0, len(dates.get(course.pk, [])) - DATES_SHOWN),
        )
        for course in courses
    ]


def _entry(row: Row) -> search.Entry:
    return search.Entry(row.pk, row.title, row.code, row.other_names, f"{' '.join(row.topics)} {row.summary}")


def _courses(asked: Asked) -> Iterable[Row]:
    """By title, those that fit whatever their dates."""
    courses = Course.objects.order_by("title", "pk")
    if asked.topic:
        courses = courses.filter(topics=asked.topic)
    if asked.delivery:
        courses = courses.filter(delivery=asked.delivery)
    if asked.level:
        courses = courses.filter(level=asked.level)
    if asked.group:
        of_all = ~Q(pk__in=Course.staff_groups.through.objects.values("course"))
        courses = courses.filter(of_all | Q(pk__in=Course.objects.filter(staff_groups=asked.group).values("pk")))
    *columns, _ = Row._fields
    topics = Topic.objects.filter(courses=OuterRef("pk")).order_by("name").values("name")
    return map(Row._make, courses.values_list(*columns, ArraySubquery(topics)))


def _dates(asked: Asked) -> QuerySet[Event]:
    found = Event.objects.open_to_all()
    dates: QuerySet[Event] = found.with_booking_open() if asked.free else found
    if asked.month:
        dates = listing.in_month(dates, asked.month)
    if asked.venue:
        dates = listing.at_venue(dates, asked.venue)
    return counts.with_places_left(dates) if asked.free else dates

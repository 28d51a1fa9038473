"""Interest in a course that has no date: registered, withdrawn, and told once when there is one."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from outbox import messages
from people.models import Person
from training import refusals
from training.models import Course, Event, Interest

TEMPLATE = "course_has_date"


@transaction.atomic
def register(*, course: Course, person: Person) -> Interest:
    """Note that the person wants to be told when the course has a date; a second call changes nothing.

    Raises HasADate when it has one that everybody may book: there is nothing to wait for.
    """
    if Event.objects.open_to_all().filter(course=course).exists():
        raise refusals.HasADate(f"{course} has a date now.")
    found, _ = Interest.objects.get_or_create(course=course, person=person, told_at=None)
    return found


def withdraw(*, course: Course, person: Person) -> bool:
    """Take it back, as if it had never been; whether there was any. What they were told of earlier is kept."""
    return bool(Interest.objects.waiting().filter(course=course, person=person).delete()[0])


def reached() -> QuerySet[Interest]:
    """Those who wait for a date and can be told of one."""
    return Interest.objects.waiting().filter(person__in=Person.objects.employed()).exclude(person__email="")


def dates(now: datetime | None = None) -> QuerySet[Event]:
    """Those that people are told of, the first one first: all that they may book, but none that keeps its messages."""
    told_of = Event.objects.open_to_all(now).exclude(certainty=Event.Certainty.HELD)
    return told_of.order_by("starts_at", "id")


@transaction.atomic
def tell(course: Course | None = None) -> int:
    """Tell those who wait for this course, or for any, of its first date; how many were told.

    Each is told once: a second call, or one at the same time, finds nobody left. Who has no address to be reached at,
    or has left, is not told.
    """
    now = timezone.now()
    waiting = reached()
    if course is not None:
        waiting = waiting.filter(course=course)
    due: QuerySet[Any] = waiting.annotate(
        date=Subquery(dates(now).filter(course=OuterRef("course")).values("pk")[:1])
    ).exclude(date=None)
    found = list(due.select_related("person").select_for_update(of=["self"]))
    for one in found:
        one.told_at, one.told_of_id = now, one.date
    Interest.objects.bulk_update(found, ["told_at", "told_of"])
    messages.post_each(
        template=TEMPLATE,
        messages=[(f"course-has-date:{one.reference}", one.person.email, one.reference) for one in found],
    )
    return len(found)

"""Somebody goes to another agency: from today, from an earlier day, or from a day to come.

Bookings keep the agency that they were made for, as reports and charges go by it. The lead of an agency leads it no
more once they belong to another. Where the change is entered late, the bookings made since that are still to come were
made for the new one, and go with the person.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from bookings.models import Booking
from outbox import jobs, schedule
from outbox.models import Job
from outbox.progress import Progress
from people import corrections, refusals, roles
from people.models import Agency, Person, Role, RoleGrant
from training.models import Event

MOVE = "move-person"


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of it: the person moved with so many bookings and roles ended, or the job that will do it."""

    bookings: int = 0
    roles: int = 0
    later: Job | None = None


def taken_along(person: Person, from_on: date) -> QuerySet[Booking]:
    """Live bookings made on or after the day, for the person's present agency, on events that are not over."""
    ahead = Q(event__ends_at__gt=timezone.now()) | Q(event__ends_at=None)
    since = schedule.local(from_on, 0, 0)
    made = Booking.objects.live().filter(ahead, delegate=person, agency=person.agency_id, booked_at__gte=since)
    return made.filter(outcome=None)


def staying(person: Person, from_on: date) -> QuerySet[Booking]:
    """Live bookings for the person's present agency, on events that are not over, that it answers for as before."""
    ahead = Q(event__ends_at__gt=timezone.now()) | Q(event__ends_at=None)
    made = Booking.objects.live().filter(ahead, delegate=person, agency=person.agency_id, outcome=None)
    return made.exclude(pk__in=taken_along(person, from_on).values("pk"))


def ending(person: Person) -> list[RoleGrant]:
    """Roles bound to the agency that the person leaves, held today or from a later day on."""
    today = timezone.localdate()
    bound = person.roles_held.filter(Q(ends_on=None) | Q(ends_on__gte=today), agency=person.agency_id)
    return list(bound.order_by("pk"))


def pending(person: Person) -> QuerySet[Job]:
    """Changes of the person's agency that wait for their day."""
    return Job.objects.filter(kind=MOVE, state=Job.State.WAITING, arguments__person=person.reference).order_by("due_at")


@transaction.atomic
def change_agency(*, person: Person, agency: Agency, from_on: date, by: Person) -> Moved:
    """Have the person belong to the agency from that day on; a day to come is kept as a job. Raises PersonRefused."""
    if from_on > timezone.localdate():
        return Moved(later=_later(person, agency, from_on, by))
    bookings = list(taken_along(person, from_on).values_list("pk", "event_id"))
    # The project's order of locks: event, booking. Each in the order of their ids.
    list(Event.objects.select_for_update(no_key=True).filter(pk__in={event for _, event in bookings}).order_by("pk"))
    person = corrections.lock(person)
    ended = 0
    for grant in ending(person):
        ended += roles.take(person=person, role=Role(grant.role), agency=person.agency, by=by)
    person = corrections.move(person=person, agency=agency, by=by)
    along = Booking.objects.live().filter(pk__in=[pk for pk, _ in bookings], outcome=None)
    return Moved(bookings=along.update(agency=agency), roles=ended)


def run(job: Job, progress: Progress) -> dict[str, Any]:
    """What was asked for a day to come, on that day. The rights of who asked were asked at the door."""
    person = Person.objects.get(reference=job.arguments["person"])
    agency = Agency.objects.get(reference=job.arguments["agency"])
    if person.agency_id == agency.pk:  # done before an interruption
        return {}
    by, from_on = Person.objects.get(reference=job.asked_by), date.fromisoformat(job.arguments["from"])
    try:
        change_agency(person=person, agency=agency, from_on=from_on, by=by)
    except refusals.PersonRefused as refusal:
        raise jobs.CannotBeDone(str(refusal)) from refusal
    return {}


def register() -> None:
    """Let the jobs be started."""
    jobs.register(MOVE, run)


def _later(person: Person, agency: Agency, from_on: date, by: Person) -> Job:
    person = corrections.lock(person)
    if person.left_on:
        raise refusals.HasLeft(f"{person} has left.")
    if person.agency_id == agency.pk:
        raise refusals.ThereAlready(f"{person} is with {agency} already.")
    if pending(person).exists():
        raise refusals.ThereAlready(f"A change of {person}’s agency waits for its day already. Stop that one first.")
    tries = Job.objects.filter(kind=MOVE, arguments__person=person.reference).count()
    return jobs.start(
        key=f"{MOVE}:{person.reference}:{tries + 1}",
        kind=MOVE,
        arguments={"person": person.reference, "agency": agency.reference, "from": from_on.isoformat()},
        asked_by=by.reference,
        due_at=schedule.local(from_on, 0, 0),
    )

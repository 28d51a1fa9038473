"""An event made again on other dates: one, or a series."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from people.models import Person
from training import clashes, planning, refusals, sessions
from training.clashes import Clash
from training.models import Event, Material, Session, Workshop
from training.planning import Facts
from training.sessions import Sitting

DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Copy:
    """An event as it would be on another day."""

    day: date
    sittings: list[Sitting]
    facts: Facts


@transaction.atomic
def copy(*, event: Event, days: Sequence[date], by: Person, override: str = "") -> list[Event]:
    """Make a draft like the event on each of the days, all or none, with its instructions, workshops and materials.

    Not with its online link, which is each date's own. override: as in planning.plan(). Raises ProgrammeRefused.
    """
    if not days or len(set(days)) < len(days):
        raise refusals.Impossible("Choose at least one date, and each only once.")
    copies = plan(event, days)
    for one in copies:
        planning.refuse_impossible(one.sittings, one.facts)
    why = planning.reasons(speaks_against(event, copies), override)
    references = planning.next_references([one.sittings[0].starts_at for one in copies])
    workshops = list(event.workshops.order_by("pk").values("title", "slot", "places"))
    materials = list(event.materials.given().order_by("pk").values("title", "link", "when"))
    made, first = [], 0
    for reference, one in zip(references, copies, strict=True):
        own = {(number - first, kind, key): reason for (number, kind, key), reason in why.items()}
        new = Event.objects.create(
            reference=reference,
            course=event.course,
            joining_instructions=event.joining_instructions,
            **asdict(one.facts),
        )
        sessions.write(new, one.sittings, own, {})
        Workshop.objects.bulk_create(Workshop(event=new, **one) for one in workshops)
        Material.objects.bulk_create(Material(event=new, **one) for one in materials)
        made.append(new)
        first += len(one.sittings)
    return made


def plan(event: Event, days: Iterable[date]) -> list[Copy]:
    """What copy() would make: the same hours by the clock on the wall, without rooms and trainers that are retired.

    A fixed date on which booking opened or closed says nothing of another event, so it is left out. Two statements.
    """
    now = list(sessions.stored(event).values())
    if not now:
        raise refusals.NoSessions("The event has no session yet, so there is nothing to copy.")
    first, facts = timezone.localdate(now[0].starts_at), Facts.of(event)
    if facts.booking_opens_days is None:
        facts = replace(facts, booking_opens_at=None)
    if facts.booking_closes_days is None:
        facts = replace(facts, booking_closes_at=None)
    found = []
    for day in days:
        later = day - first
        decide_on = facts.decide_on and facts.decide_on + later
        sittings = [_later(session, later) for session in now]
        found.append(Copy(day, sittings, replace(facts, decide_on=decide_on)))
    return found


def speaks_against(event: Event, copies: Iterable[Copy]) -> list[Clash]:
    """What speaks against the copies: their sittings are numbered through. In one statement."""
    sittings = [sitting for one in copies for sitting in one.sittings]
    return clashes.find(sittings, course=event.course, places=event.places)


def series(first: date, *, every: int, months: bool, number: int) -> Iterator[date]:
    """So many days from the first on: every few weeks, or every few months on the same weekday of the month.

    The fifth Tuesday is the last one in a month that has four.
    """
    for step in range(number):
        yield _months_later(first, step * every) if months else first + timedelta(weeks=step * every)


def _months_later(day: date, months: int) -> date:
    which = (day.day - 1) // DAYS_A_WEEK
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    begin = date(year, month + 1, 1)
    found = begin + timedelta(days=(day.weekday() - begin.weekday()) % DAYS_A_WEEK, weeks=which)
    return found if found.month == begin.month else found - timedelta(weeks=1)


def _later(session: Session, later: timedelta) -> Sitting:
    room = session.room
    trainers = tuple(part.trainer for part in session.trainers.all() if not part.trainer.is_retired)
    is_used = room is not None and not room.is_retired and not room.venue.is_retired
    starts_at, ends_at = _by_the_wall(session.starts_at, later), _by_the_wall(session.ends_at, later)
    return Sitting(starts_at, ends_at, room if is_used else None, trainers)


def _by_the_wall(moment: datetime, later: timedelta) -> datetime:
    """Python adds days to a moment in a time zone by the clock on the wall."""
    return timezone.localtime(moment) + later

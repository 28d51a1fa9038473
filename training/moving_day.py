"""A bad morning: what meets on a day is moved to another day or online, each event wholly or not at all."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from people.models import Person
from training import joining, planning, refusals, sessions
from training.models import Event
from training.sessions import Sitting

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class To:
    """Where the sessions of a day are moved to."""

    day: date
    # None: at the times that they have, as several of one day keep theirs.
    starts: time | None = None
    ends: time | None = None
    keeps_rooms: bool = True


def moved(now: Iterable[Sitting], day: date, to: To) -> list[Sitting]:
    """All sessions of an event, with those of the day where they are moved to."""
    return [_moved(one, to) if timezone.localdate(one.starts_at) == day else one for one in now]


@transaction.atomic
def move(*, event: Event, day: date, to: To, by: Person, override: str = "") -> bool:
    """Move the event's sessions of a day; whoever has a place keeps it and is told.

    False where nothing is left to move, so that a second call changes nothing. override: as planning.change() has it.
    Raises ProgrammeRefused.
    """
    event = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    now = sessions.sittings(sessions.stored(event))
    wanted = moved(now, day, to)
    if wanted == now:
        return False
    planning.change(event=event, sittings=wanted, facts=planning.Facts.of(event), by=by, override=override)
    log.info("Event %s was moved from %s to %s by %s.", event.reference, day, to.day, by.reference)
    return True


@transaction.atomic
def move_online(*, event: Event, day: date, link: str, by: Person) -> bool:
    """Have the event meet by this link on a day instead of in its rooms, which are given back.

    Who has a place is told in one message, by what notes changes. False where it does already. Raises ProgrammeRefused.
    """
    event = Event.objects.select_for_update(no_key=True, of=["self"]).select_related("course").get(pk=event.pk)
    joining.refuse_unless_joined(event)
    if not link:
        raise refusals.NobodyJoins(f"{event} needs a link: without one nobody can join it.")
    in_rooms = event.sessions.filter(Q(room__isnull=False) | ~Q(room_override=""), starts_at__date=day)
    if event.online_link == link and not in_rooms.exists():
        return False
    event.online_link = link
    event.save(update_fields=["online_link"])
    in_rooms.update(room=None, room_override="")
    log.info("Event %s was moved online on %s by %s.", event.reference, day, by.reference)
    return True


def _moved(one: Sitting, to: To) -> Sitting:
    starts_at, ends_at = timezone.localtime(one.starts_at), timezone.localtime(one.ends_at)
    nights = ends_at.date() - starts_at.date()
    return replace(
        one,
        starts_at=_at(to.day, to.starts or starts_at.time()),
        ends_at=_at(to.day + nights, to.ends or ends_at.time()),
        room=one.room if to.keeps_rooms else None,
    )


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=timezone.get_default_timezone())

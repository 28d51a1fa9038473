"""Sessions as they shall be, and writing them so that two may change rooms or trainers with each other."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Prefetch

from training import refusals
from training.models import Course, Event, Room, Session, SessionTrainer, Trainer

# Any number of events meet online at a time.
ANYWHERE = frozenset({Course.Delivery.VIRTUAL, Course.Delivery.E_LEARNING})
ONE_PLACE_AT_A_TIME = ("room_is_in_use_once_at_a_time", "trainer_is_in_one_place_at_a_time")
ON_THE_WAY = "being changed"
LONGEST_REASON = 200

# Why a room or trainer may be in two places: by the number of the sitting, "room" or "trainer", and the key of it.
Reasons = Mapping[tuple[int, str, int], str]


@dataclass(frozen=True, slots=True)
class Sitting:
    """A session as it shall be."""

    starts_at: datetime
    ends_at: datetime
    room: Room | None = None
    trainers: tuple[Trainer, ...] = ()
    # The key of the session that it is now; None: it is new.
    session: int | None = None


Stored = Mapping[int, Session]


def stored(event: Event) -> dict[int, Session]:
    """The event's sessions with their rooms and trainers, by key, in two statements."""
    parts = Prefetch("trainers", SessionTrainer.objects.select_related("trainer").order_by("pk"))
    found = event.sessions.select_related("room__venue").prefetch_related(parts)
    return {session.pk: session for session in found}


def sittings(now: Stored) -> list[Sitting]:
    """The sessions as they are."""
    return [
        Sitting(one.starts_at, one.ends_at, one.room, tuple(part.trainer for part in one.trainers.all()), key)
        for key, one in now.items()
    ]


def write(event: Event, sittings: Sequence[Sitting], reasons: Reasons, now: Stored) -> None:
    """Make the event's sessions these instead of those now; the same again writes nothing. Raises Clashes."""
    changed, parts = [], []
    for number, one in enumerate(sittings):
        session = now[one.session] if one.session else Session(event=event)
        if _set(session, one, _room_override(event, one, number, reasons)):
            changed.append(session)
        wanted = {trainer.pk: reasons.get((number, "trainer", trainer.pk), "") for trainer in one.trainers}
        given = {part.trainer_id: part.override for part in session.trainers.all()} if session.pk else {}
        if wanted != given or session in changed:
            parts.append((session, wanted))
    with _in_one_place():
        event.sessions.exclude(pk__in=[one.session for one in sittings if one.session]).delete()
        SessionTrainer.objects.filter(session__in=[session.pk for session, _ in parts if session.pk]).delete()
        event.sessions.filter(pk__in=[session.pk for session in changed if session.pk]).update(room_override=ON_THE_WAY)
        for session in changed:
            session.save()
        SessionTrainer.objects.bulk_create(
            SessionTrainer(session=session, trainer_id=trainer, override=why)
            for session, wanted in parts
            for trainer, why in wanted.items()
        )


def _set(session: Session, one: Sitting, override: str) -> bool:
    """Whether anything of the session is another now."""
    wanted = {
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
        "room_id": one.room.pk if one.room else None,
        "room_override": override,
    }
    differs = session.pk is None or any(getattr(session, name) != value for name, value in wanted.items())
    for name, value in wanted.items():
        setattr(session, name, value)
    return differs


def _room_override(event: Event, one: Sitting, number: int, reasons: Reasons) -> str:
    if one.room is None:
        return ""
    return Session.ONLINE if event.course.delivery in ANYWHERE else reasons.get((number, "room", one.room.pk), "")


@contextmanager
def _in_one_place() -> Iterator[None]:
    """Somebody may have taken the room or the trainer since we looked."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if any(name in str(error) for name in ONE_PLACE_AT_A_TIME):
            raise refusals.Clashes(
                "A room or a trainer was taken meanwhile by another event. Nothing is saved: look at it again."
            ) from error
        raise

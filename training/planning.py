"""Building the programme: an event made from a course, and changed.

Telling delegates of a change follows from the change itself, by trigger (bookings/changes.py).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.db import connection, transaction
from django.utils import timezone

from people.models import Person
from training import clashes, refusals, sessions
from training.clashes import Clash
from training.financial_year import FinancialYear
from training.models import Course, Event
from training.moments import full_date, full_moment
from training.sessions import Reasons, Sitting, Stored

# When a course of a duration is usually given: on how many days, from and until.
USUAL = {
    Course.Duration.HALF_DAY: (1, time(9, 30), time(12, 45)),
    Course.Duration.FULL_DAY: (1, time(9, 30), time(16, 30)),
    Course.Duration.TWO_DAYS: (2, time(9, 30), time(16, 30)),
    Course.Duration.BRIEFING: (1, time(10), time(11)),
}

# Two who plan at once must not be given the same number. A workbook's own numbers are counted on from.
LOCK = "select pg_advisory_xact_lock(hashtext('training.planning'))"
LAST_NUMBER = "select coalesce(max(substring(reference from 4)::int), 0) from training_event where reference ~ %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is said of an event besides its sessions, by its fields' names."""

    places: int
    is_in_house: bool = False
    certainty: str = Event.Certainty.SURE
    minimum: int | None = None
    decide_on: date | None = None
    trainers_wanted: int | None = None
    booking_opens_at: datetime | None = None
    booking_opens_days: int | None = None
    booking_closes_at: datetime | None = None
    booking_closes_days: int | None = None

    @classmethod
    def of(cls, event: Event) -> "Facts":
        return cls(**{field.name: getattr(event, field.name) for field in fields(cls)})


@transaction.atomic
def plan(
    *, course: Course, sittings: Sequence[Sitting], facts: Facts, by: Person, override: str = "", online_link: str = ""
) -> Event:
    """Make a draft, under the next free reference of its financial year.

    override: why a room or trainer may be here and elsewhere at once. Raises ProgrammeRefused.
    """
    refuse_impossible(sittings, facts)
    why = reasons(clashes.find(sittings, course=course, places=facts.places), override)
    (reference,) = next_references([sittings[0].starts_at])
    event = Event.objects.create(reference=reference, course=course, online_link=online_link, **asdict(facts))
    sessions.write(event, sittings, why, {})
    event.refresh_from_db()
    return event


@transaction.atomic
def change(*, event: Event, sittings: Sequence[Sitting], facts: Facts, by: Person, override: str = "") -> Event:
    """Put these sessions and facts in place of what was there; the same again changes nothing.

    Sessions that are not among them are taken out. One that has begun keeps its times. override: as in plan(). Raises
    ProgrammeRefused.
    """
    event = Event.objects.select_for_update(no_key=True, of=["self"]).select_related("course").get(pk=event.pk)
    now = sessions.stored(event)
    _refuse_changing(event, facts)
    refuse_impossible(sittings, facts, now)
    found = clashes.find(sittings, course=event.course, places=facts.places, event=event)
    why = reasons(found, override, _stated(sittings, now))
    event.set_certainty(facts.certainty)
    for name, value in asdict(facts).items():
        setattr(event, name, value)
    event.save(update_fields=[*asdict(facts), "dated_at"])
    sessions.write(event, sittings, why, now)
    event.refresh_from_db()
    return event


def speaks_against(
    *, course: Course, sittings: Sequence[Sitting], facts: Facts, event: Event | None = None
) -> list[Clash]:
    """What speaks against planning it so, or changing the event so and was not so before. Three statements at most.

    Raises ProgrammeRefused where it cannot be at all.
    """
    now = sessions.stored(event) if event else {}
    refuse_impossible(sittings, facts, now)
    stated = _stated(sittings, now)
    found = clashes.find(sittings, course=course, places=facts.places, event=event)
    grows = event is None or facts.places > event.places
    return [one for one in found if one.what not in stated or (one.kind == "capacity" and grows)]


def reasons(found: Sequence[Clash], override: str, stated: Reasons | None = None) -> Reasons:
    """A reason for each clash that is refused without one: as it was stated before, or this one. Raises Clashes."""
    stated, given = stated or {}, {}
    for clash in found:
        if clash.is_refused:
            given[clash.what] = why = stated.get(clash.what) or override.strip()[: sessions.LONGEST_REASON]
            if not why:
                raise refusals.Clashes(f"{clash.words} Say why both may be, or choose something else.")
    return given


def next_references(starts: Sequence[datetime]) -> list[str]:
    """A free reference for each event that starts then: 26-001, the next number of its financial year."""
    found: list[str] = []
    last: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        for start in starts:
            year = f"{FinancialYear.containing(start).start_year % 100:02}"
            if year not in last:
                cursor.execute(LAST_NUMBER, [f"^{year}-[0-9]{{1,6}}$"])
                (last[year],) = cursor.fetchone()
            last[year] += 1
            found.append(f"{year}-{last[year]:03}")
    return found


def window(starts_at: datetime, facts: Facts | Event) -> tuple[datetime | None, datetime | None]:
    """When booking opens and closes if the event begins then: the database's trigger reckons the same."""

    def moment(fixed: datetime | None, days: int | None) -> datetime | None:
        if days is None:
            return fixed
        # Of a moment with a time zone Python takes days by the clock on the wall, which is what is meant.
        return timezone.localtime(starts_at) - timedelta(days=days)

    return (
        moment(facts.booking_opens_at, facts.booking_opens_days),
        moment(facts.booking_closes_at, facts.booking_closes_days),
    )


# --- what cannot be -------------------------------------------------------------------------------------------------
def refuse_impossible(sittings: Sequence[Sitting], facts: Facts, now: Stored | None = None) -> None:
    """Raise Impossible or CannotChange where this cannot be an event; now: the sessions that it has, if any."""
    if not sittings:
        raise refusals.Impossible("An event has at least one session.")
    for one in sittings:
        if one.ends_at <= one.starts_at:
            raise refusals.Impossible(f"The session of {full_date(one.starts_at)} must end after it starts.")
    in_order = sorted(sittings, key=lambda one: one.starts_at)
    for one, following in pairwise(in_order):
        if following.starts_at < one.ends_at:
            raise refusals.Impossible(f"Two sessions overlap on {full_date(following.starts_at)}.")
    _refuse_past(sittings, now or {})
    _refuse_facts(in_order[0].starts_at, facts)


def _refuse_past(sittings: Sequence[Sitting], now: Stored) -> None:
    moment = timezone.now()
    here = {one.session for one in sittings}
    for key, session in now.items():
        # From the morning on somebody may be marked on its register, which would go with it.
        if key not in here and timezone.localdate(session.starts_at) <= timezone.localdate(moment):
            raise refusals.CannotChange(f"The day of the session of {session} has come, so it cannot be taken out.")
    for one in sittings:
        session_now = now.get(one.session or 0)
        if one.session and session_now is None:
            raise refusals.CannotChange("Somebody took a session out meanwhile. Look at the event again.")
        if session_now and (one.starts_at, one.ends_at) == (session_now.starts_at, session_now.ends_at):
            continue
        if session_now and session_now.starts_at <= moment:
            raise refusals.CannotChange(f"The session of {session_now} has begun, so its times stay.")
        if one.starts_at <= moment:
            raise refusals.Impossible(f"{full_moment(one.starts_at)} is past. Choose a date to come.")


def _refuse_facts(starts_at: datetime, facts: Facts) -> None:
    if facts.minimum is not None and facts.minimum > facts.places:
        raise refusals.Impossible(f"The minimum is {facts.minimum}, and there are only {facts.places} places.")
    if facts.decide_on is not None and facts.decide_on > timezone.localdate(starts_at):
        raise refusals.Impossible("The day to decide must not be after the event begins.")
    opens_at, closes_at = window(starts_at, facts)
    if opens_at and opens_at >= min(closes_at or starts_at, starts_at):
        raise refusals.Impossible("Booking would open only when it is closed. Let it open earlier, or close later.")


def _refuse_changing(event: Event, facts: Facts) -> None:
    if event.state in (Event.State.CANCELLED, Event.State.ABANDONED):
        raise refusals.CannotChange(f"{event} is {event.get_state_display().lower()}: it stays as it was.")
    if event.state != Event.State.DRAFT and facts.places != event.places:
        raise refusals.CannotChange("The places of a published event are changed on their own, as bookings hold them.")


def _stated(sittings: Sequence[Sitting], now: Stored) -> Reasons:
    """What was so before, with its reason: rooms and trainers of sessions that keep their times."""
    found = {}
    for number, one in enumerate(sittings):
        session = now.get(one.session or 0)
        if session is None or (one.starts_at, one.ends_at) != (session.starts_at, session.ends_at):
            continue
        if session.room_id:
            found[number, "capacity", session.room_id] = ""
            if session.room_override not in ("", session.ONLINE):
                found[number, "room", session.room_id] = session.room_override
        for part in session.trainers.all():
            found |= {(number, kind, part.trainer_id): "" for kind in ("absent", "cleared")}
            if part.override:
                found[number, "trainer", part.trainer_id] = part.override
    return found

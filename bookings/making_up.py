"""A session that a delegate missed, made up at another run of the course.

There they take a chair and are marked on its register, and are no booking and no attendance of that event: once that
register is closed, who was there has the missed session of their own booking, whose outcome follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from bookings import attendance, claims, needs, queue, refusals
from bookings.models import Booking, MakeUp, Mark
from bookings.room import would_have_place
from outbox import messages
from people import persons
from people.models import Person
from training.models import Event, Session
from training.moments import full_moment

MADE_UP, NOT_MADE_UP = "session_made_up", "session_not_made_up"


@dataclass(frozen=True, slots=True)
class Missed:
    """A session that a booking's delegate missed, all of it or a part, and where it is made up, if it is."""

    number: int
    # How many sessions its event has.
    of: int
    session: Session
    said: str
    made_up: MakeUp | None


def missed(booking: Booking) -> list[Missed]:
    """In the sessions' order; two queries. Reads the booking's policy. Of an event of one session none: that is booked
    anew."""
    own = FilteredRelation("marks", condition=Q(marks__booking=booking))
    rows = booking.event.sessions.annotate(own=own).annotate(mark=F("own__attendance"), minutes=F("own__minutes"))
    sessions: list[Any] = list(rows.order_by("starts_at", "id"))
    if len(sessions) == 1:
        return []
    found = MakeUp.objects.live().filter(booking=booking).select_related("session__room__venue", "event__course")
    made_up = {one.missed_id: one for one in found}
    return [
        Missed(number, len(sessions), one, attendance.in_words(one.mark, one.minutes), made_up.get(one.pk))
        for number, one in enumerate(sessions, 1)
        if one.mark and attendance.counts(one.mark, one.minutes, booking.policy) is not attendance.Counts.WHOLE
    ]


def has_missed() -> Exists:
    """For queries of bookings: whether a session of an event of several may have been missed, as missed() looks at."""
    others = Session.objects.filter(event=OuterRef("session__event")).exclude(pk=OuterRef("session"))
    marks = Mark.objects.filter(Exists(others), booking=OuterRef("pk"), session__event=OuterRef("event"))
    return Exists(marks.exclude(attendance=Mark.Attendance.PRESENT))


def chances(booking: Booking, now: datetime) -> QuerySet[Any]:
    """Sessions to come of the course's other runs, but those that they are booked on, each with its number of sessions.

    Whether there is a place says the change.
    """
    event = booking.event
    own = Booking.objects.live().filter(delegate=booking.delegate_id)
    found = Session.objects.filter(
        event__course=event.course_id,
        event__state=Event.State.PUBLISHED,
        event__is_in_house=event.is_in_house,
        event__to_cancel_at=None,
        starts_at__gt=now,
    )
    found = found.exclude(event=event).exclude(event__bookings__in=own)
    here = MakeUp.objects.live().filter(booking=booking, session=OuterRef("pk"))
    of_event = Session.objects.filter(event=OuterRef("event")).order_by().values("event").annotate(n=Count("*"))
    before = of_event.filter(starts_at__lte=OuterRef("starts_at"))
    found = found.exclude(Exists(here)).annotate(
        number=Subquery(before.values("n")), sessions=Subquery(of_event.values("n"))
    )
    return found.select_related("room__venue").order_by("starts_at", "id")


def sessions_at(event: Event) -> ArraySubquery:
    """For queries of bookings: the keys of the sessions that their delegates make up at the event."""
    return ArraySubquery(event.make_ups.live().filter(booking=OuterRef("pk")).values("session"))


def still_at(event: Event) -> QuerySet[Booking]:
    """The bookings of who makes up a session of the event that is not over: told whatever happens to it."""
    ahead = event.make_ups.live().filter(session__ends_at__gt=timezone.now())
    return Booking.objects.filter(pk__in=ahead.values("booking"))


def to_come(booking: Booking) -> QuerySet[MakeUp]:
    """Where and when the booking's delegate makes up what they missed, with event and room."""
    ahead = booking.make_ups.live().filter(session__ends_at__gt=timezone.now())
    return ahead.select_related("missed", "session__room__venue", "event").order_by("session__starts_at", "pk")


def unmarked(event: Event) -> QuerySet[MakeUp]:
    """Who makes up a session of the event and is not marked there, each with the booking's delegate and agency."""
    marks = Mark.objects.filter(booking=OuterRef("booking"), session=OuterRef("session"))
    found = event.make_ups.live().filter(~Exists(marks)).select_related("booking__delegate", "booking__agency")
    return found.order_by("booking__delegate__sort_name", "pk")


@transaction.atomic
def arrange(*, booking: Booking, missed: Session, at: Session, by: Person) -> MakeUp:
    """Have the delegate make the missed session up at another one, and tell them. Raises BookingRefused.

    That needs a place there which nobody who waits comes first on.
    """
    to = _lock(booking, at.event)
    booking = Booking.objects.select_related("event__course", "delegate__agency", "policy", "agency").get(pk=booking.pk)
    _refuse(booking, missed)
    if not chances(booking, timezone.now()).filter(pk=at.pk).exists():
        raise refusals.NotAnotherDate(f"{booking.delegate} cannot make it up there any more. Choose another session.")
    is_there = to.make_ups.live().filter(booking=booking).exists()
    if not is_there and not would_have_place(to, booking.agency):
        raise refusals.NoPlacesLeft(f"There is no free place on {to}. Add places to it, or choose another session.")
    made_up = MakeUp.objects.create(booking=booking, missed=missed, event=to, session=at, arranged_by=by)
    needs.come_along(booking)
    _tell(MADE_UP, [made_up])
    return made_up


@transaction.atomic
def take_back(*, made_up: MakeUp, by: Person) -> None:
    """Before that session begins; the chair goes to who waits, and the delegate is told. A second call does nothing."""
    event = claims.lock(made_up.event)
    made_up = MakeUp.objects.select_related("session", "booking__delegate").get(pk=made_up.pk)
    if made_up.ended_at is not None or made_up.session is None:
        return
    if made_up.session.starts_at <= timezone.now() or made_up.session.marks.filter(booking=made_up.booking).exists():
        raise refusals.HasBegun(
            f"The session on {full_moment(made_up.session.starts_at)} has begun. Mark {made_up.booking.delegate} as "
            "absent there if they did not come."
        )
    made_up.ended_at, made_up.ended_by, made_up.end_is_told = timezone.now(), by, True
    made_up.save(update_fields=["ended_at", "ended_by", "end_is_told"])
    _tell(NOT_MADE_UP, [made_up])
    queue.promote(event)


@transaction.atomic
def tend() -> int:
    """End what was arranged at events that are off, and tell whose did by that or with its session. Safe twice.

    Returns how many were told. Who lost their own booking reads of that elsewhere.
    """
    off = MakeUp.objects.live().exclude(event__state=Event.State.PUBLISHED)
    off.update(ended_at=timezone.now())
    rows = MakeUp.objects.filter(ended_at__isnull=False, end_is_told=False).select_related("booking__delegate")
    ended = list(rows.select_for_update(of=["self"], skip_locked=True).order_by("pk"))
    MakeUp.objects.filter(pk__in=[one.pk for one in ended]).update(end_is_told=True)
    told = [one for one in ended if one.booking.state == Booking.State.CONFIRMED]
    _tell(NOT_MADE_UP, told)
    return len(told)


def tell_changed(changes: Sequence[Any], now: datetime) -> int:
    """Tell who makes up a session of a changed event how it is now; returns how many. Changes are EventChanges."""
    rows = MakeUp.objects.live().filter(event__changes__in=changes, event__state=Event.State.PUBLISHED)
    rows = rows.filter(session__ends_at__gt=now, arranged_at__lte=F("event__changes__changed_at"))
    found: list[Any] = list(rows.select_related("booking__delegate").annotate(change=F("event__changes")))
    for one in found:
        _tell(MADE_UP, [one], again=f":{one.change}")
    return len(found)


def _lock(booking: Booking, to: Event) -> Event:
    """Both events, in the order of their ids."""
    rows = Event.objects.select_for_update(no_key=True).filter(pk__in=[booking.event_id, to.pk]).order_by("pk")
    return {event.pk: event for event in rows}[to.pk]


def _refuse(booking: Booking, session: Session) -> None:
    if booking.state != Booking.State.CONFIRMED:
        raise refusals.NotConfirmed(f"{booking.delegate} has no place on {booking.event}: there is nothing to make up.")
    found = next((one for one in missed(booking) if one.session.pk == session.pk), None)
    if found is None:
        raise refusals.NotOnTheRegister(f"{booking.delegate} is not marked as having missed that session.")
    if found.made_up:
        raise refusals.AlreadyBooked(f"{booking.delegate} makes that session up already. Nothing was changed.")


def _tell(template: str, made_up: Sequence[MakeUp], again: str = "") -> None:
    for one in made_up:
        to = persons.mailbox_of(one.booking.delegate)
        if to:
            key = f"{template.replace('_', '-')}:{one.booking.reference}:{one.pk}{again}"
            messages.post(key=key, template=template, to=to, reference=f"{one.pk}:{one.booking.reference}")

"""The register: marked session by session, handed in with a head count, closed, and reopened with a reason.

Every change locks the event first, so that two people at one register come one after the other, and nothing is marked
while somebody closes. A closed register gives each booking its outcome; an open one gives none.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import JSONObject
from django.utils import timezone

from bookings import attendance as attendances
from bookings import corrections, refusals
from bookings.models import Booking, MakeUp, Mark, Register, SentMark
from people.models import Person
from training.models import Event, Session
from training.moments import clock, full_date

Attendance = Mark.Attendance

# "seen" was not given: whatever stands there is replaced.
UNSEEN = "unseen"
NAMES_SHOWN = 10


@transaction.atomic
def mark(
    *,
    session: Session,
    booking: Booking,
    attendance: str,
    by: Person,
    minutes: int | None = None,
    seen: str | None = UNSEEN,
    nonce: UUID | None = None,
) -> Mark | None:
    """Mark a delegate at a session, from the session's day on until the register is closed; "" takes the mark back.

    Apologies can be noted before the day. minutes: how late, or how long before the end. seen is the mark that stood
    there when the page was shown, None for unmarked: if somebody else has marked the delegate otherwise since,
    MarkedOtherwise says so and keeps theirs. The same mark twice is one; with the nonce of one that was taken before,
    nothing is done, whatever stands there now. Raises RegisterRefused.
    """
    session = _lock(session)
    found = Mark.objects.filter(session=session, booking=booking).select_related("marked_by").first()
    if nonce and SentMark.objects.filter(nonce=nonce).exists():
        return found
    _refuse_unless_markable(session, attendance)
    if not Booking.objects.expected_at(session).filter(pk=booking.pk).exists():
        raise refusals.NotOnTheRegister(f"{booking.delegate} holds no place on {session.event}.")
    minutes = minutes if attendance in attendances.WITH_MINUTES else None
    if not _is_said_by(found, attendance, minutes, seen):
        _refuse_unless_seen(found, booking, seen)
        found = _put(found, session=session, booking=booking, attendance=attendance, minutes=minutes, by=by)
    if nonce:
        SentMark.objects.create(nonce=nonce, session=session)
    return found


@transaction.atomic
def mark_remaining_present(*, session: Session, by: Person) -> int:
    """Mark as present who is not marked yet; returns how many that were. A second call marks nobody."""
    session = _lock(session)
    _refuse_unless_markable(session, Attendance.PRESENT)
    unmarked = Booking.objects.expected_at(session).exclude(marks__session=session)
    marks = [Mark(booking=one, session=session, attendance=Attendance.PRESENT, marked_by=by) for one in unmarked]
    return len(Mark.objects.bulk_create(marks))


@transaction.atomic
def hand_in(*, session: Session, head_count: int, by: Person) -> Register:
    """Hand in a session's register with the number of people counted in the room; again until closed corrects it.

    Raises RegisterRefused, also before the session begins: nobody is in the room to be counted.
    """
    session = _lock(session)
    _refuse_unless_markable(session, "")
    if timezone.now() < session.starts_at:
        raise refusals.RegisterNotOpenYet(
            f"The session begins at {clock(session.starts_at)}. What is marked is kept: hand the register in once it "
            "has begun, with the number of people in the room."
        )
    register, _ = Register.objects.update_or_create(
        session=session, defaults={"handed_in_at": timezone.now(), "handed_in_by": by, "head_count": head_count}
    )
    return register


@transaction.atomic
def close(*, event: Event, by: Person | None) -> None:
    """Close the registers of all sessions, which gives each booking its outcome; again changes nothing.

    Whoever made up a session here has the outcome of their own booking put right by it.

    by: None when they close by themselves (bookings/closing.py).

    Raises RegisterRefused before the event is over, while a session is not handed in, or a delegate not marked.
    """
    locked = _lock_with_made_up(event)
    event = locked[event.pk]
    sessions = list(event.sessions.select_related("register"))
    if sessions and all(is_closed(session) for session in sessions):
        return
    _refuse_closing(event, sessions)
    now = timezone.now()
    # Not those that are closed already: they keep who closed them.
    still_open = Register.objects.filter(session__event=event, closed_at=None)
    still_open.update(closed_at=now, closed_by=by, closed_by_itself=by is None)
    outcomes: dict[str, list[int]] = {}
    for booking in with_marks(event.bookings.on_the_register()):
        outcomes.setdefault(_outcome(booking, event), []).append(booking.pk)
    if outcomes:
        whens = [When(pk__in=bookings, then=Value(outcome)) for outcome, bookings in outcomes.items()]
        event.bookings.on_the_register().update(outcome=Case(*whens))
    corrections.conclude(event, now)
    if len(locked) > 1:
        _complete_made_up(event, now)


@transaction.atomic
def reopen(*, event: Event, by: Person, reason: str) -> None:
    """Open closed registers again: outcomes are taken back and unknown until they are closed once more.

    A charge made from them stays as it is: invoicing decides what becomes of one that its booking no longer bears out,
    and an invoiced one needs a credit note. On open registers it does nothing. Raises RegisterRefused without a reason.
    """
    if not reason.strip():
        raise refusals.ReasonMissing("Say why the register is opened again: it is kept with the register.")
    event = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    closed = Register.objects.filter(session__event=event, closed_at__isnull=False)
    corrections.begin(event)
    event.bookings.on_the_register().filter(outcome__isnull=False).update(outcome=None)
    closed.update(
        closed_at=None,
        closed_by=None,
        closed_by_itself=False,
        reopened_at=timezone.now(),
        reopened_by=by,
        reopened_reason=reason.strip()[:200],
    )


def with_marks(bookings: QuerySet[Booking]) -> QuerySet[Any]:
    """Each with its policy and, as marked, the marks that count ({"attendance": …, "minutes": …}), in one query.

    Who was at a session that makes up for another, as that register is closed, has its mark instead of the other's.
    """
    there = Mark.objects.filter(
        booking=OuterRef("booking"),
        session=OuterRef("session"),
        attendance__in=attendances.IN_THE_ROOM,
        session__register__closed_at__isnull=False,
    )
    made_up = MakeUp.objects.live().order_by().filter(Exists(there), booking=OuterRef("booking"))
    own = Q(session__event=F("booking__event")) & ~Exists(made_up.filter(missed=OuterRef("session")))
    counted = Mark.objects.filter(own | Exists(made_up.filter(session=OuterRef("session"))), booking=OuterRef("pk"))
    mark = JSONObject(attendance="attendance", minutes="minutes")
    return bookings.select_related("policy").annotate(marked=ArraySubquery(counted.values(mark=mark)))


def unmarked(event: Event) -> list[tuple[Session, Booking]]:
    """Who is on the register and not marked, session by session and by name, in four queries."""
    marked = set(Mark.objects.filter(session__event=event).values_list("session_id", "booking_id"))
    bookings = event.bookings.on_the_register().select_related("delegate").order_by("delegate__sort_name", "pk")
    delegates = list(bookings)
    making_up: dict[int | None, list[Booking]] = {}
    for one in event.make_ups.live().select_related("booking__delegate"):
        making_up.setdefault(one.session_id, []).append(one.booking)
    return [
        (session, booking)
        for session in event.sessions.all()
        for booking in (*delegates, *making_up.get(session.pk, ()))
        if (session.pk, booking.pk) not in marked
    ]


def is_closed(session: Session) -> bool:
    """Reads the register: select it with the session."""
    return hasattr(session, "register") and session.register.closed_at is not None


def is_handed_in(session: Session) -> bool:
    """Reads the register: select it with the session."""
    return hasattr(session, "register") and session.register.handed_in_at is not None


def _lock_with_made_up(event: Event) -> dict[int, Event]:
    """The event, and those whose bookings make up sessions at it, as their outcomes may change: in the order of ids."""
    theirs = event.make_ups.live().order_by().values("booking__event")
    rows = Event.objects.select_for_update(no_key=True).filter(Q(pk=event.pk) | Q(pk__in=theirs)).order_by("pk")
    return {one.pk: one for one in rows}


def _outcome(booking: Any, event: Event) -> Booking.Outcome:
    in_part = event.broken_off_counts == Event.Counts.PART
    return attendances.outcome(booking.marked, booking.policy, counts_in_part=in_part)


def _complete_made_up(event: Event, now: datetime) -> None:
    """Whose own register is open has their outcome once that is closed."""
    theirs = event.make_ups.live().order_by().values("booking")
    found = Booking.objects.on_the_register().filter(pk__in=theirs, outcome__isnull=False).select_related("event")
    for booking in with_marks(found):
        if (outcome := _outcome(booking, booking.event)) != booking.outcome:
            corrections.correct(booking, outcome, now)


def _lock(session: Session) -> Session:
    Event.objects.select_for_update(no_key=True).get(pk=session.event_id)
    return Session.objects.select_related("event__course", "register").get(pk=session.pk)


def _is_said_by(found: Mark | None, attendance: str, minutes: int | None, seen: str | None) -> bool:
    """Whether the mark that stands there says as much already. No minutes take none away, unless they were seen."""
    if found is None or found.attendance != attendance:
        return found is None and not attendance
    return minutes == found.minutes or (minutes is None and seen != attendance)


def _refuse_unless_seen(found: Mark | None, booking: Booking, seen: str | None) -> None:
    if found is None or seen in (UNSEEN, found.attendance):
        return
    said = attendances.in_words(found.attendance, found.minutes).lower()
    raise refusals.MarkedOtherwise(
        f"{found.marked_by or 'Somebody else'} has marked {booking.delegate} as {said} meanwhile. "
        "Mark again if that is wrong.",
        found,
    )


def _put(
    found: Mark | None, *, session: Session, booking: Booking, attendance: str, minutes: int | None, by: Person
) -> Mark | None:
    if not attendance:
        found and found.delete()
        return None
    if found is None:
        return Mark.objects.create(
            session=session, booking=booking, attendance=attendance, minutes=minutes, marked_by=by
        )
    found.attendance, found.minutes, found.marked_by, found.marked_at = attendance, minutes, by, timezone.now()
    found.save(update_fields=["attendance", "minutes", "marked_by", "marked_at"])
    return found


def _refuse_unless_markable(session: Session, attendance: str) -> None:
    if session.event.state != Event.State.PUBLISHED:
        raise refusals.NotOpen(f"{session.event} is {session.event.get_state_display().lower()}: it has no register.")
    if is_closed(session):
        raise refusals.RegisterClosed("The register is closed. A coordinator can reopen it.")
    if attendance != Attendance.APOLOGIES and timezone.localdate() < timezone.localdate(session.starts_at):
        raise refusals.RegisterNotOpenYet(f"The register opens on the day: {full_date(session.starts_at)}.")


def _refuse_closing(event: Event, sessions: list[Session]) -> None:
    if event.state != Event.State.PUBLISHED:
        raise refusals.NotOpen(f"{event} is {event.get_state_display().lower()}: it has no register.")
    if not event.is_over():
        raise refusals.RegisterNotOpenYet(f"{event} is not over yet. Close the register after its last session.")
    waiting = [str(session) for session in sessions if not is_handed_in(session)]
    if waiting:
        raise refusals.NotReadyToClose(
            f"Not handed in yet: {', '.join(waiting)}. Hand in first, or ask the trainer to."
        )
    missing = unmarked(event)
    if missing:
        # Once each, however many sessions they miss.
        names = list(dict.fromkeys(booking.delegate.name for _, booking in missing))
        more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
        raise refusals.NotReadyToClose(f"Nobody has marked {', '.join(names[:NAMES_SHOWN])}{more}. Mark them first.")

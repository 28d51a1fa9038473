"""Who of a register was in an online meeting: by address, then by name, as a person would; whoever is unsure is asked.

Time in the meeting counts while the session is on, each moment once, against a share of the session
(MEETING_THRESHOLD): enough is present, less has left early by what is missing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from rapidfuzz import fuzz

from bookings.meeting_files import Participant, Span, without_overlap
from bookings.models import Booking, Mark
from bookings.models.register import MOST_MINUTES
from people.names import match_key
from training.models import Session, Trainer

# From this likeness of names on, of 100, a delegate is named beside a participant who is nobody's for certain.
LIKE = 70
MOST_LIKE = 5


@dataclass(frozen=True)
class Proposal:
    """The mark that time in the meeting makes, for a person to accept."""

    attendance: str
    minutes: int | None
    there: int  # minutes of the session


@dataclass
class Unsure:
    """A participant who is nobody's for certain, and the delegates who it may be."""

    participant: Participant
    maybe: list[Booking]


@dataclass
class Matched:
    """What a file says about a register."""

    found: dict[int, list[Participant]] = field(default_factory=lambda: defaultdict(list))  # by booking
    unsure: list[Unsure] = field(default_factory=list)
    # Organisers and trainers.
    left_out: list[Participant] = field(default_factory=list)


def match(participants: Iterable[Participant], *, bookings: Sequence[Booking], trainers: Sequence[Trainer]) -> Matched:
    """Whose each participant is. Reads the bookings' delegates, and who the trainers are."""
    matched, register = Matched(), _Register(bookings)
    not_delegates = {match_key(trainer.name) for trainer in trainers}
    not_delegates |= {trainer.person.email.lower() for trainer in trainers if trainer.person and trainer.person.email}
    for one in participants:
        booking = register.certain(one)
        is_trainer = booking is None and bool(not_delegates & {one.email, *names(one.name)})
        if one.is_organiser or is_trainer:
            matched.left_out.append(one)
        elif booking:
            matched.found[booking.pk].append(one)
        else:
            matched.unsure.append(Unsure(one, register.like(one)))
    _doubt_namesakes(matched, register)
    return matched


def proposal(spans: list[Span], session: Session) -> Proposal:
    """What to mark for somebody who was in the meeting at these times."""
    there = timedelta()
    for begins, ends in without_overlap(spans):
        there += max(timedelta(), min(ends, session.ends_at) - max(begins, session.starts_at))
    whole = session.ends_at - session.starts_at
    minutes = round(there.total_seconds() / 60)
    if not there:
        return Proposal(Mark.Attendance.ABSENT, None, 0)
    if there * 100 >= whole * settings.MEETING_THRESHOLD:
        return Proposal(Mark.Attendance.PRESENT, None, minutes)
    missing = round((whole - there).total_seconds() / 60)
    return Proposal(Mark.Attendance.LEFT_EARLY, min(max(missing, 1), MOST_MINUTES), minutes)


class _Register:
    """The delegates by address and by name."""

    def __init__(self, bookings: Sequence[Booking]) -> None:
        self.bookings = bookings
        self.by_email: dict[str, list[Booking]] = defaultdict(list)
        self.by_name: dict[str, list[Booking]] = defaultdict(list)
        for booking in bookings:
            if booking.delegate.email:
                self.by_email[booking.delegate.email.lower()].append(booking)
            self.by_name[match_key(booking.delegate.name)].append(booking)

    def certain(self, one: Participant) -> Booking | None:
        """The one delegate that it is: by address, unless the name is another's; where several share it, by both."""
        by_email = self.by_email.get(one.email, []) if one.email else []
        by_name = self._named(one)
        both = [booking for booking in by_email if booking in by_name]
        if both or (by_email and by_name):
            return both[0] if len(both) == 1 else None
        either = by_email or by_name
        return either[0] if len(either) == 1 else None

    def like(self, one: Participant) -> list[Booking]:
        """Delegates whose address or name comes near it, the nearest first."""
        by_email = self.by_email.get(one.email, []) if one.email else []
        near = {booking.pk: (101.0, booking) for booking in [*by_email, *self._named(one)]}
        for booking in self.bookings:
            key = match_key(booking.delegate.name)
            likeness = max(fuzz.token_set_ratio(key, name) for name in names(one.name))
            if likeness >= LIKE:
                near.setdefault(booking.pk, (likeness, booking))
        return [booking for _, booking in sorted(near.values(), key=lambda pair: -pair[0])][:MOST_LIKE]

    def _named(self, one: Participant) -> list[Booking]:
        found = {booking.pk: booking for name in names(one.name) for booking in self.by_name.get(name, [])}
        return list(found.values())


def names(written: str) -> list[str]:
    """The names that it may be: "Able, Ann (Police)", "Annie (Ann Able)" and "Ann Able (Guest)" are all Ann Able."""
    before, _, inside = written.partition("(")
    found = []
    for name in (written, before, inside.partition(")")[0]):
        last, comma, first = name.partition(",")
        found += [match_key(name), *([match_key(f"{first} {last}")] if comma else [])]
    return [name for name in dict.fromkeys(found) if name]


def _doubt_namesakes(matched: Matched, register: _Register) -> None:
    """Two with one name and different addresses, none the delegate's, may be two persons: neither is certain."""
    for pk, participants in list(matched.found.items()):
        own = next(booking.delegate.email for booking in register.bookings if booking.pk == pk).lower()
        strange = [one for one in participants if one.email and one.email != own]
        if len({one.email for one in strange}) > 1 or (strange and len(strange) < len(participants)):
            matched.found[pk] = [one for one in participants if one not in strange]
            matched.unsure += [Unsure(one, register.like(one)) for one in strange]
            if not matched.found[pk]:
                del matched.found[pk]

"""An event that had begun and was broken off half way: by a fire alarm, or as the trainer fell ill.

Nobody is charged. What it counts as for who was there, a coordinator says: nothing, then everybody has first refusal on
another date; a part, which can be made up; or the whole, as enough was given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from bookings import cancelling, refusals
from bookings.models import Booking
from people.models import Person
from training.models import Event, Session

Counts = Event.Counts

FOLLOWS: dict[str, str] = {
    Counts.NOTHING: "It does not count as training that you have had. What was marked on the register is kept.",
    Counts.PART: "What was given counts in part for everyone who was there. Tell us if you would make up the rest on "
    "another date.",
    Counts.WHOLE: "Enough was given: everyone who was there has attended, and can make a certificate once the register "
    "is closed.",
}


@dataclass(frozen=True, slots=True)
class BrokenOff:
    """What breaking the event off means: which sessions end early or are not given, and who is told."""

    cut_short: Session | None
    not_given: Sequence[Session]
    # Who has a place, each with where their mail goes as mailbox.
    placed: Sequence[Any]
    # The same of who makes up a session there that does not count: that ends, and they are told, by making_up.tend().
    made_up: Sequence[Any]

    @property
    def told(self) -> list[Any]:
        return [one for one in self.placed if one.mailbox]

    @property
    def unreached(self) -> list[Any]:
        return [one for one in (*self.placed, *self.made_up) if not one.mailbox]

    @property
    def number_told(self) -> int:
        return len(self.told) + sum(bool(one.mailbox) for one in self.made_up)


def what_follows(event: Event, at: datetime, counts: str) -> BrokenOff:
    """What breaking it off at that moment would do. Raises BookingRefused where it cannot have been then."""
    _refuse(event, at)
    sessions = list(event.sessions.all())
    not_given = [one for one in sessions if one.starts_at >= at]
    ending = event.make_ups.live()
    if counts != Counts.NOTHING:
        ending = ending.filter(session__in=not_given)
    return BrokenOff(
        cut_short=next((one for one in sessions if one.starts_at < at < one.ends_at), None),
        not_given=not_given,
        placed=cancelling.reached(event.bookings.on_the_register()),
        made_up=cancelling.reached(Booking.objects.filter(pk__in=ending.order_by().values("booking"))),
    )


@transaction.atomic
def break_off(
    *, event: Event, at: datetime, counts: str, reason: str, by: Person, instead: Event | None = None
) -> BrokenOff:
    """Record that the event was broken off at a moment, and tell everyone who had a place why and what follows.

    The session of that moment ends then, later ones are taken out. What counts as nothing is abandoned: all bookings
    end, with first refusal on the date that comes instead, as cancel_event() has it. Else the register is marked and
    closed as usual, and the outcomes follow what it counts as. Raises BookingRefused.
    """
    if not reason.strip():
        raise refusals.ReasonMissing("Say why it was broken off: everyone who had a place is told.")
    if counts == Counts.NOTHING:
        _refuse(event, at)
        # Its own locks: both events in the order of their ids.
        done = cancelling.cancel_event(event=event, by=by, reason=reason, instead=instead, broken_off_at=at)
        return BrokenOff(None, [], done.ending.bookings, done.ending.made_up)
    event = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    follows = what_follows(event, at, counts)
    Session.objects.filter(pk__in=[one.pk for one in follows.not_given]).delete()
    if follows.cut_short:
        follows.cut_short.ends_at = at
        follows.cut_short.save(update_fields=["ends_at"])
    event.save(update_fields=cancelling.note_broken_off(event, Counts(counts), reason, at, by))
    cancelling.tell(cancelling.BROKEN_OFF, follows.told)
    return follows


def refuse(event: Event) -> None:
    """Raise BookingRefused where the event cannot be broken off any more, or not yet."""
    cancelling.refuse(event)
    if event.broken_off_at:
        raise refusals.AlreadyCancelled(f"{event} is recorded as broken off already.")
    if event.state != Event.State.PUBLISHED or event.starts_at is None or not event.has_begun():
        raise refusals.HasNotBegun(f"{event} has not begun. Cancel it instead.")


def _refuse(event: Event, at: datetime) -> None:
    refuse(event)
    if at > timezone.now():
        raise refusals.WrongMoment("It cannot have been broken off in the future.")
    if event.starts_at is None or at <= event.starts_at or event.is_over(at):
        raise refusals.WrongMoment("It was broken off after it had begun and before it would have ended.")
    marked = event.sessions.filter(starts_at__gte=at, marks__isnull=False).first()
    if marked:
        raise refusals.WrongMoment(f"Somebody is marked at the session of {marked}, after it was broken off.")

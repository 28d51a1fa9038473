"""Access and dietary needs: said with a booking, arranged, shown to whom they concern around the day, deleted after it.

Their text, and what is arranged, is in no message, log, history or export, but in one's own data.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce
from django.utils import timezone

from bookings import refusals, steps
from bookings.models import Booking, KeptNeed, MakeUp, Need, NeedReading
from bookings.models.booking import BookingQuerySet
from bookings.models.need import NeedQuerySet
from outbox import messages
from outbox.models import Message
from people.models import Person
from training.models import Event

KEPT_FOR = timedelta(days=30)
# When a trainer sees them: from a week before the event to the day after it.
TRAINER_BEFORE, TRAINER_AFTER = timedelta(days=7), timedelta(days=1)
LONGEST = 1000  # characters
MOST_CHAIRS = 5
ARRANGED = "need_arranged"
FOOD = "Food and drink are ordered as you said."
# So long it can be taken back before the delegate is told.
TOLD_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Needs:
    """What somebody needs to take part, and to eat and drink; empty where they need nothing."""

    access: str = ""
    dietary: str = ""

    def __bool__(self) -> bool:
        return bool(self.access or self.dietary)


NONE = Needs()
ARRANGEMENT = ["arranged", "is_instead", "chairs", "arranged_at", "arranged_by"]


def say(booking: Booking, needs: Needs) -> None:
    """Note what the delegate needs, in place of what was said before."""
    if needs:
        Need.objects.update_or_create(booking=booking, defaults=asdict(needs))
    else:
        Need.objects.filter(booking=booking).delete()


@transaction.atomic
def change(*, booking: Booking, needs: Needs, by: Person) -> None:
    """As say(), of a booking that lives. Raises BookingRefused when it is cancelled or the event is over."""
    booking = (
        Booking.objects.select_for_update(no_key=True, of=["self"]).select_related("event__course").get(pk=booking.pk)
    )
    if booking.state == Booking.State.CANCELLED:
        raise refusals.AlreadyCancelled("This booking is cancelled, so nothing is arranged for it.")
    if (event := event_of(booking)).is_over():
        raise refusals.HasBegun(f"{event} is over.")
    say(booking, needs)


@transaction.atomic
def arrange(*, booking: Booking, seen: datetime, arranged: str, is_instead: bool, chairs: int, by: Person) -> Need:
    """Note what is arranged for what the delegate needs, or what there is instead; they are told some minutes later.

    seen: the need's said_at when it was read. Raises BookingRefused when they need something else since, or nothing.
    """
    need = _locked(booking)
    if (event := event_of(need.booking)).is_over():
        raise refusals.HasBegun(f"{event} is over.")
    if need.said_at != seen:
        raise refusals.NeedChanged("They need something else since you opened this page. Read it again.")
    need.arranged, need.is_instead, need.chairs = arranged, is_instead, chairs
    need.arranged_at, need.arranged_by = max(timezone.now(), need.said_at), by
    need.save(update_fields=ARRANGEMENT)
    waiting = Message.objects.filter(template=ARRANGED, reference=booking.reference, state=Message.State.WAITING)
    # Their own address only: that somebody needs something is not for whoever gets their agency's mail.
    if need.booking.delegate.email and not waiting.exists():
        messages.post(
            key=f"need-arranged:{booking.reference}:{need.arranged_at.isoformat()}",
            template=ARRANGED,
            to=need.booking.delegate.email,
            reference=booking.reference,
            due_at=timezone.now() + TOLD_AFTER,
        )
    return need


@transaction.atomic
def order_food(*, event: Event, seen: datetime, by: Person) -> int:
    """Note that food and drink are ordered for all who come and need nothing else; returns for how many.

    seen: when their needs were read; what was said since is left to be read. A second call finds nothing.
    """
    found = of_event(event).to_arrange().filter(access="", said_at__lte=seen)
    for need in found:
        arrange(booking=need.booking, seen=need.said_at, arranged=FOOD, is_instead=False, chairs=0, by=by)
    return len(found)


@transaction.atomic
def take_back(*, booking: Booking, by: Person) -> None:
    """Have it to be arranged again. Raises BookingRefused when nothing is needed any more; twice does it once."""
    need = _locked(booking)
    need.arranged, need.is_instead, need.chairs = "", False, 0
    need.arranged_at = need.arranged_by = None
    need.save(update_fields=ARRANGEMENT)


def _locked(booking: Booking) -> Need:
    found = Need.objects.select_for_update(no_key=True, of=["self"]).filter(booking=booking)
    # What stays for some minutes with a booking that was cancelled is nothing to arrange.
    found = found.exclude(booking__state=Booking.State.CANCELLED)
    need = found.select_related("booking__event__course", "booking__delegate").first()
    if need is None:
        raise refusals.NeedChanged("They need nothing any more, or do not come.")
    return need


def keep(*, person: Person, needs: Needs) -> None:
    """Keep the person's needs for the next time, or with none keep nothing."""
    if needs:
        KeptNeed.objects.update_or_create(person=person, defaults=asdict(needs))
    else:
        KeptNeed.objects.filter(person=person).delete()


def kept_by(person: Person) -> Needs:
    found = KeptNeed.objects.filter(person=person).values_list("access", "dietary").first()
    return Needs(*found) if found else NONE


def of_bookings(bookings: Iterable[Booking]) -> dict[int, Needs]:
    """What was said with these, by their delegates: read it before they end."""
    found = Need.objects.filter(booking__in=bookings).values_list("booking__delegate", "access", "dietary")
    return {delegate: Needs(access, dietary) for delegate, access, dietary in found}


def carry(needs: Mapping[int, Needs], bookings: Iterable[Booking]) -> None:
    """Note on each of these bookings what its delegate had said with another one, unless they said something there."""
    if needs:
        new = [Need(booking=one, **asdict(needs[one.delegate_id])) for one in bookings if one.delegate_id in needs]
        Need.objects.bulk_create(new, ignore_conflicts=True)


def come_along(booking: Booking) -> None:
    """What they need is to be arranged once more: with this booking they come to another event, too."""
    Need.objects.filter(booking=booking).update(said_at=timezone.now())


def event_of(booking: Booking) -> Event:
    """For which event it is arranged: the one booked, and once that is over the next at which a session is made up."""
    if not booking.event.is_over():
        return booking.event
    ahead = booking.make_ups.live().filter(event__ends_at__gt=timezone.now()).select_related("event__course")
    made_up = ahead.order_by("event__starts_at", "pk").first()
    return made_up.event if made_up else booking.event


def of_event(event: Event) -> NeedQuerySet:
    """The needs of who comes, in the order of their names; who only waits may never come."""
    here = Need.objects.filter(booking__in=_coming().filter(event=event).and_making_up_at(event))
    return here.select_related("booking__delegate", "booking__agency", "arranged_by").order_by(
        "booking__delegate__sort_name", "pk"
    )


def _coming() -> BookingQuerySet:
    return Booking.objects.holding_a_place() | Booking.objects.on_the_register()


def coming(now: datetime) -> QuerySet[Any]:
    """Events to come with needs, the next first: how many are to be arranged, and how many are."""
    needs = Need.objects.order_by()
    numbers = {"to_arrange": _number(needs.to_arrange()), "arranged": _number(needs.arranged())}
    events: QuerySet[Any] = Event.objects.coming(now).select_related("course").annotate(**numbers)
    return events.filter(Q(to_arrange__gt=0) | Q(arranged__gt=0)).order_by("starts_at", "pk")


def _number(needs: QuerySet[Need]) -> CombinedExpression:
    """How many of them are of an event's own bookings, and of who makes up a session there."""
    own = needs.filter(booking__event=OuterRef("pk"), booking__in=_coming())
    made_up = needs.filter(booking__make_ups__event=OuterRef("pk"), booking__make_ups__ended_at=None)
    return _count(own, "booking__event") + _count(made_up, "booking__make_ups__event")


def _count(needs: QuerySet[Need], event: str) -> Coalesce:
    return Coalesce(Subquery(needs.values(event).annotate(n=Count("pk", distinct=True)).values("n")), Value(0))


def are_shown_to_trainers(event: Event) -> bool:
    """Whether the event is so near that who trains it has to know."""
    if event.starts_at is None or event.ends_at is None:
        return False
    return event.starts_at - TRAINER_BEFORE <= timezone.now() <= event.ends_at + TRAINER_AFTER


def opened(event: Event, by: Person) -> None:
    """Record that somebody reads them."""
    NeedReading.objects.create(event=event, reader=by)


def forget() -> int:
    """Delete what is no longer needed; returns how much that was. A second call finds nothing."""
    now = timezone.now()
    made_up = MakeUp.objects.live().filter(booking=OuterRef("booking"), event__ends_at__gte=now - KEPT_FOR)
    over = Q(booking__event__ends_at__lt=now - KEPT_FOR) & ~Exists(made_up)
    cancelled = Q(booking__state=Booking.State.CANCELLED, booking__cancelled_at__lte=now - steps.UNDO_FOR)
    return Need.objects.filter(over | cancelled).delete()[0]

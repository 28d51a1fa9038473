"""Access and dietary needs: said with a booking, shown to whom they concern around the day, deleted after it.

Their text is in no message, log, history or export, but in one's own data.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from bookings import refusals
from bookings.models import Booking, KeptNeed, Need, NeedReading
from people.models import Person
from training.models import Event

KEPT_FOR = timedelta(days=30)
# When a trainer sees them: from a week before the event to the day after it.
TRAINER_BEFORE, TRAINER_AFTER = timedelta(days=7), timedelta(days=1)
LONGEST = 1000  # characters


@dataclass(frozen=True, slots=True)
class Needs:
    """What somebody needs to take part, and to eat and drink; empty where they need nothing."""

    access: str = ""
    dietary: str = ""

    def __bool__(self) -> bool:
        return bool(self.access or self.dietary)


NONE = Needs()


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
    if booking.event.is_over():
        raise refusals.HasBegun(f"{booking.event} is over.")
    say(booking, needs)


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


def of_event(event: Event) -> QuerySet[Need]:
    """The needs of who comes, in the order of their names; who only waits may never come."""
    here = Need.objects.filter(booking__in=event.bookings.holding_a_place() | event.bookings.on_the_register())
    return here.select_related("booking__delegate", "booking__agency").order_by("booking__delegate__sort_name", "pk")


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
    over = Q(booking__event__ends_at__lt=timezone.now() - KEPT_FOR)
    return Need.objects.filter(over | Q(booking__state=Booking.State.CANCELLED)).delete()[0]

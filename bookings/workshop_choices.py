"""The workshops of a conference, each with places of its own: taken together with the place, and changed later."""

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Window
from django.db.models.functions import Greatest

from bookings import claims, queue, refusals
from bookings.models import Booking, WorkshopChoice, WorkshopMove
from outbox import messages
from people import persons
from people.models import Person
from training.models import Event, Workshop

CHANGED = "workshops_changed"
LONGEST = 200


def of_event(event: Event, but: Booking | None = None) -> QuerySet[Any]:
    """The event's workshops with left, the places that are free, in the order of their slots.

    A slot comes where its first workshop was entered. but: whose own choices count as free.
    """
    holding = Booking.objects.holding_a_place()
    taken = Count("choices", filter=Q(choices__booking__in=holding.exclude(pk=but.pk) if but else holding))
    return (
        Workshop.objects.filter(event=event)
        .annotate(left=Greatest(F("places") - taken, 0), first=Window(Min("pk"), partition_by="slot"))
        .order_by("first", "title")
    )


def with_titles(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """With workshop_titles, of those chosen."""
    chosen = WorkshopChoice.objects.filter(booking=OuterRef("pk")).order_by("workshop__pk")
    return bookings.annotate(workshop_titles=ArraySubquery(chosen.values("workshop__title")))


def by_slot(workshops: Iterable[Any]) -> Iterator[tuple[str, list[Any]]]:
    """Slot by slot: of each a delegate takes one workshop."""
    for slot, found in groupby(workshops, key=lambda workshop: workshop.slot):
        yield slot, list(found)


def take(booking: Booking, chosen: Collection[int]) -> None:
    """Choose these workshops, by their keys, for a booking that has none yet. Call it under the event's lock.

    Who waits, or awaits approval without a kept place, takes no place in them yet. Raises BookingRefused, and
    WorkshopFull where one is.
    """
    if not chosen:
        return
    offered = {workshop.pk: workshop for workshop in of_event(booking.event)}
    found = [offered[key] for key in dict.fromkeys(chosen) if key in offered]
    if len(found) < len(set(chosen)):
        raise refusals.NotOffered("A workshop that you chose is no longer offered. Choose again.")
    if len({workshop.slot for workshop in found}) < len(found):
        raise refusals.NotOffered("Choose one workshop for each time: two are at the same.")
    full = [workshop for workshop in found if workshop.left <= 0]
    awaits_a_place = booking.state == Booking.State.REQUESTED and not booking.keeps_place
    if full and booking.state != Booking.State.WAITING and not awaits_a_place:
        raise refusals.WorkshopFull(_said(full, list(offered.values())), [workshop.pk for workshop in full])
    WorkshopChoice.objects.bulk_create([WorkshopChoice(booking=booking, workshop=workshop) for workshop in found])


@transaction.atomic
def change(*, booking: Booking, chosen: Collection[int], by: Person, reason: str = "") -> Booking:
    """Choose all of a booking's workshops anew, or leave them as they are. Raises BookingRefused, as take() does.

    What is given up goes to who waits for it. Where somebody else changes what a delegate had chosen they say why,
    which is kept and told the delegate; else it raises ReasonMissing.
    """
    booking = claims.lock_booking(booking)
    if booking.state == Booking.State.CANCELLED:
        raise refusals.AlreadyCancelled(f"{booking.delegate}'s booking on {booking.event} is cancelled.")
    if booking.event.has_begun():
        raise refusals.HasBegun(f"{booking.event} has begun. Ask there whether there is room in another workshop.")
    before = dict(booking.workshop_choices.order_by("workshop__pk").values_list("workshop", "workshop__title"))
    reason = " ".join(reason.split())[:LONGEST]
    is_moved = bool(before) and by != booking.delegate and set(before) != set(chosen)
    if is_moved and not reason:
        raise refusals.ReasonMissing(f"Say why: {booking.delegate} is told.")
    booking.workshop_choices.all().delete()
    take(booking, chosen)
    if is_moved:
        _tell_of_move(booking, before.values(), by, reason)
    queue.promote(booking.event)
    return booking


def _tell_of_move(booking: Booking, before: Iterable[str], by: Person, reason: str) -> None:
    was = " and ".join(before)[:500]
    moved = WorkshopMove.objects.create(booking=booking, moved_by=by, reason=reason, was=was)
    if not booking.event.is_silent() and (to := persons.mailbox_of(booking.delegate)):
        messages.post(key=f"workshops-changed:{moved.pk}", template=CHANGED, to=to, reference=booking.reference)


@transaction.atomic
def change_places(*, workshop: Workshop, places: int, by: Person) -> list[Booking]:
    """Give the workshop more or fewer places; who is offered a place on the event by it. Raises PlacesHeld."""
    event = claims.lock(workshop.event)
    found = Workshop.objects.get(pk=workshop.pk)
    held = WorkshopChoice.objects.filter(workshop=workshop, booking__in=Booking.objects.holding_a_place()).count()
    if places + found.overbooking < held:
        raise refusals.PlacesHeld(
            f"{held} have a place in “{found.title}”, so there cannot be {places}. Move {held - places} of them first."
        )
    Workshop.objects.filter(pk=workshop.pk).update(places=places)
    return queue.promote(event)


def what_follows(*, workshop: Workshop, places: int, by: Person) -> list[Booking]:
    """Who would be offered a place on the event, as change_places() says; nothing is changed, and nobody told."""
    with transaction.atomic():
        offered = change_places(workshop=workshop, places=places, by=by)
        transaction.set_rollback(True)
    return offered


def full(booking: Booking) -> list[Any]:
    """Those of the workshops that the booking waits for in which there is no place."""
    chosen = booking.workshop_choices.values("workshop")
    return list(of_event(booking.event).filter(pk__in=chosen, left__lte=0))


def refuse_full(booking: Booking) -> None:
    """Raise WorkshopFull where a workshop that the booking waits for is full."""
    if found := full(booking):
        titles = " and ".join(f"“{workshop.title}”" for workshop in found)
        raise refusals.WorkshopFull(
            f"{booking.delegate} waits for {titles}, which is full. Change the workshops of the booking first.",
            [workshop.pk for workshop in found],
        )


def hand_over(original: Booking, taken_over: Booking) -> None:
    """Who takes over a place takes over its workshops. The original holds them no more."""
    chosen = original.workshop_choices.values_list("workshop", flat=True)
    WorkshopChoice.objects.bulk_create([WorkshopChoice(booking=taken_over, workshop_id=key) for key in chosen])


def _said(full: list[Any], offered: list[Any]) -> str:
    titles = " and ".join(f"“{workshop.title}”" for workshop in full)
    slots = {workshop.slot for workshop in full}
    left = [f"“{one.title}” ({one.left} left)" for one in offered if one.slot in slots and one.left > 0]
    what = f"There are places in {', '.join(left)}." if left else "No workshop at that time has a place left."
    return f"{titles} {'is' if len(full) == 1 else 'are'} full by now. {what}"

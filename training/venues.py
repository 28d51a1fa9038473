"""Venues and rooms: added, corrected, not used any more. None is deleted: past events keep where they were."""

from django.db import transaction
from django.db.models import Case, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from people.models import Person
from training import refusals
from training.models import Room, Session, Venue

ONLINE = "Online"


def name_of(event: str) -> Coalesce:
    """For queries, by the path to an event: the venue of its first session, or that it meets online; else empty."""
    link = "online_link" if event == "pk" else f"{event}__online_link"
    first = Session.objects.filter(event=OuterRef(event)).order_by("starts_at", "id")
    online = Case(When(~Q(**{link: ""}), then=Value(ONLINE)))
    return Coalesce(Subquery(first.values("room__venue__name")[:1]), online, Value(""))


@transaction.atomic
def add(*, name: str, address: str, access_notes: str, by: Person) -> Venue:
    """A venue with one room without a name, as a workbook brings it. Raises NameTaken."""
    _refuse_taken(name)
    venue = Venue.objects.create(name=name, address=address, access_notes=access_notes)
    Room.objects.create(venue=venue)
    return venue


@transaction.atomic
def correct(*, venue: Venue, name: str, address: str, access_notes: str, is_retired: bool, by: Person) -> Venue:
    """Raises NameTaken. A workbook that still calls it by its former name makes it anew."""
    _refuse_taken(name, but=venue)
    venue.name, venue.address, venue.access_notes, venue.is_retired = name, address, access_notes, is_retired
    venue.save()
    return venue


@transaction.atomic
def add_room(*, venue: Venue, name: str, capacity: int | None, access_notes: str, by: Person) -> Room:
    """Raises NameTaken."""
    _refuse_room_taken(venue, name)
    return Room.objects.create(venue=venue, name=name, capacity=capacity, access_notes=access_notes)


@transaction.atomic
def correct_room(
    *, room: Room, name: str, capacity: int | None, access_notes: str, is_retired: bool, by: Person
) -> Room:
    """Raises NameTaken. Events that have more places than it holds now keep them."""
    _refuse_room_taken(room.venue, name, but=room)
    room.name, room.capacity, room.access_notes, room.is_retired = name, capacity, access_notes, is_retired
    room.save()
    return room


def _refuse_taken(name: str, but: Venue | None = None) -> None:
    if Venue.objects.filter(name__iexact=name).exclude(pk=but.pk if but else 0).exists():
        raise refusals.NameTaken(f"There is a venue called {name} already.")


def _refuse_room_taken(venue: Venue, name: str, but: Room | None = None) -> None:
    if venue.rooms.filter(name__iexact=name).exclude(pk=but.pk if but else 0).exists():
        called = f"called {name}" if name else "without a name"
        raise refusals.NameTaken(f"{venue} has a room {called} already.")

"""The room on an event: which places are free, and for whom, by the rules that share them out.

Counted under the event's lock and used up as places are given, so that many decisions can be made on one count.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef
from django.utils import timezone

from bookings.models import WorkshopChoice
from bookings.models.booking import HOLDS_A_PLACE
from people.models import Agency
from training.models import Event

COUNT = f"""
select
  (select coalesce(json_agg(json_build_array(id, type, places)), '[]')::text from (
    select a.id, a.type, sum(h.places) as places
    from (
      select agency_id, 1 as places from bookings_booking where event_id = %(event)s and {HOLDS_A_PLACE}
      union all
      select agency_id, places from bookings_reservation where event_id = %(event)s and released_at is null
      union all
      select agency_id, 1 from bookings_booking where id in (
        select booking_id from bookings_makeup where event_id = %(event)s and ended_at is null
      )
    ) h join people_agency a on a.id = h.agency_id group by a.id, a.type
  ) held),
  (select coalesce(json_agg(json_build_array(agency_id, agency_type, places)), '[]')::text
    from bookings_hold where event_id = %(event)s and until > %(now)s),
  (select places from bookings_cap where event_id = %(event)s),
  (select min(o.ends_at) from bookings_offer o join bookings_booking b on b.id = o.booking_id
    where b.event_id = %(event)s and o.ended_at is null),
  (select coalesce(json_agg(json_build_array(w.id, w.places - (
      select count(*) from bookings_workshopchoice c join bookings_booking b on b.id = c.booking_id
      where c.workshop_id = w.id and {HOLDS_A_PLACE}
    ))), '[]')::text from training_workshop w where w.event_id = %(event)s)
"""  # noqa: S608  # our own words


class Why(Enum):
    """Why there is no place for somebody."""

    FULL = auto()
    KEPT = auto()  # what is free is kept for other agencies
    CAPPED = auto()  # the agency has the most that one may have
    WORKSHOP_FULL = auto()


@dataclass(frozen=True, slots=True)
class Kept:
    """Places kept for an agency, or for a type of agency."""

    agency: int | None
    kind: str
    places: int

    def is_for(self, agency: int, kind: str) -> bool:
        return self.agency == agency if self.agency else self.kind == kind


def queue_of(event: Event) -> list[Any]:
    """Who waits for the event, in their order, each with agency, delegate, and chosen: the keys of their workshops."""
    choices = WorkshopChoice.objects.filter(booking=OuterRef("pk")).values("workshop")
    waiting = event.bookings.waiting().select_related("agency", "delegate")
    return list(waiting.annotate(chosen=ArraySubquery(choices)))


def would_have_place(event: Event, agency: Agency) -> bool:
    """Whether somebody of the agency who comes now has a place when all who wait have had their share.

    Places kept for the agency count, and its cap. Certain only under the event's lock.
    """
    waiting = queue_of(event)
    room = Room.of(event)
    room.give_each(waiting)
    return room.refusal(agency.pk, agency.type) is None


@dataclass(slots=True)
class Room:
    """What is free, and what was given of it since."""

    places: int
    held: Counter[int]  # by agency
    types: dict[int, str]  # of the agencies that hold places
    kept: list[Kept]
    cap: int | None
    # When the first of the offers that are out ends.
    offered_until: datetime | None
    # Places free in each of the event's workshops.
    workshops: dict[int, int]

    @classmethod
    def of(cls, event: Event) -> "Room":
        """In one statement. Lock the event before."""
        with connection.cursor() as cursor:
            cursor.execute(COUNT, {"event": event.pk, "now": timezone.now()})
            held, kept, cap, offered_until, workshops = cursor.fetchone()
        rows = json.loads(held)
        return cls(
            places=event.places,
            held=Counter({agency: places for agency, _, places in rows}),
            types={agency: kind for agency, kind, _ in rows},
            kept=[Kept(*row) for row in json.loads(kept)],
            cap=cap,
            offered_until=offered_until,
            workshops=dict(json.loads(workshops)),
        )

    @property
    def free(self) -> int:
        """Places that nobody holds, kept ones among them."""
        return self.places - self.held.total()

    def refusal(self, agency: int, kind: str, chosen: Iterable[int] = ()) -> Why | None:
        """Why an agency of this type, for somebody with these workshops, gets no place; None where it does."""
        if self.free <= 0:
            return Why.FULL
        if self.cap is not None and self.held[agency] >= self.cap:
            return Why.CAPPED
        if self.free <= sum(self.left_of(kept) for kept in self.kept if not kept.is_for(agency, kind)):
            return Why.KEPT
        return Why.WORKSHOP_FULL if any(self.workshops[workshop] <= 0 for workshop in chosen) else None

    def give(self, agency: int, kind: str, chosen: Iterable[int] = ()) -> None:
        """A place is the agency's from now on."""
        self.held[agency] += 1
        self.types[agency] = kind
        for workshop in chosen:
            self.workshops[workshop] -= 1

    def give_each(self, waiting: Iterable[Any]) -> list[Any]:
        """Give those who wait their places in their order, passing over who may have none; returns who has one now."""
        return [one for one in waiting if self.has_given(one.agency_id, one.agency.type, one.chosen)]

    def has_given(self, agency: int, kind: str, chosen: Iterable[int] = ()) -> bool:
        """Give a place if there is one for them."""
        if self.refusal(agency, kind, chosen):
            return False
        self.give(agency, kind, chosen)
        return True

    def left_of(self, kept: Kept) -> int:
        """How many of its places are not taken by whom it is for."""
        taken = sum(places for agency, places in self.held.items() if kept.is_for(agency, self.types[agency]))
        return max(kept.places - taken, 0)

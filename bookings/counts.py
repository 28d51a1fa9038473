"""How many places of events are held and left, and how many people wait, as columns of a query.

Left is what somebody who comes now may have, whoever they are: not what is offered, reserved, kept for some agencies,
or wanted by those who wait.
"""

from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from bookings.models import Booking, Hold, MakeUp, Reservation
from bookings.models.booking import HOLDS_A_PLACE
from training.models import Event

# The same of training_event as e, for statements that are written out: "held", "waiting" and "kept".
CLAIMS = f"""
  select
    count(*) filter (where {HOLDS_A_PLACE})
      + (select coalesce(sum(places), 0) from bookings_reservation where event_id = e.id and released_at is null)
      + (select count(distinct booking_id) from bookings_makeup where event_id = e.id and ended_at is null)
      as held,
    count(*) filter (where state = 'waiting') as waiting,
    case when exists (select from bookings_hold where event_id = e.id)
      then bookings_kept_places(e.id) else 0 end as kept
  from bookings_booking where event_id = e.id
"""  # noqa: S608  # our own words


def counted(events: QuerySet[Event]) -> QuerySet[Any]:
    """Each event with held, waiting, kept and places_left; no further query a row."""
    here = Booking.objects.filter(event=OuterRef("pk"))
    reserved = Reservation.objects.live().filter(event=OuterRef("pk")).order_by().values("event")
    made_up = MakeUp.objects.live().filter(event=OuterRef("pk")).order_by().values("event")
    kept = Func(F("pk"), function="bookings_kept_places", output_field=IntegerField())
    return events.annotate(
        held=_count(here.holding_a_place())
        + Coalesce(Subquery(reserved.annotate(n=Sum("places")).values("n"), output_field=IntegerField()), Value(0))
        + Coalesce(Subquery(made_up.annotate(n=Count("booking", distinct=True)).values("n")), Value(0)),
        waiting=_count(here.waiting()),
        kept=Case(When(Exists(Hold.objects.filter(event=OuterRef("pk"))), then=kept), default=Value(0)),
        places_left=Greatest(F("places") - F("held") - F("waiting") - F("kept"), Value(0), output_field=IntegerField()),
    )


def with_places_left(events: QuerySet[Event]) -> QuerySet[Event]:
    """Cut to those not begun on which anybody who comes now gets a place, as places_left says.

    All bookings are counted together: with thousands of events a count for each takes ten times as long. What is
    reserved, kept or taken by who makes up a session is on few events, and those are counted one by one.
    """
    now = timezone.now()
    reserved = Reservation.objects.live().values("event")
    kept = Hold.objects.filter(until__gt=now).values("event")
    made_up = MakeUp.objects.live().order_by().values("event")
    shared = Event.objects.filter(Q(pk__in=reserved) | Q(pk__in=kept) | Q(pk__in=made_up), starts_at__gt=now)
    claims = Booking.objects.holding_a_place() | Booking.objects.waiting()
    taken = claims.filter(event__starts_at__gt=now).order_by().values("event").annotate(n=Count("*"))
    events = events.exclude(pk__in=taken.filter(n__gte=F("event__places")).values("event"))
    return events.exclude(pk__in=counted(shared).filter(places_left=0).values("pk"))


def _count(bookings: QuerySet[Booking]) -> Coalesce:
    counts = bookings.order_by().values("event").annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(counts, output_field=IntegerField()), Value(0))

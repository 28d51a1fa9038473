"""How many places of events are held and left, and how many people wait, as columns of a query."""

from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from bookings.models import Booking
from training.models import Event


def counted(events: QuerySet[Event]) -> QuerySet[Any]:
    """Each event with held, waiting and places_left; no further query a row."""
    here = Booking.objects.filter(event=OuterRef("pk"))
    return events.annotate(
        held=_count(here.holding_a_place()),
        waiting=_count(here.waiting()),
        places_left=Greatest(F("places") - F("held"), Value(0), output_field=IntegerField()),
    )


def _count(bookings: QuerySet[Booking]) -> Coalesce:
    counts = bookings.order_by().values("event").annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(counts, output_field=IntegerField()), Value(0))

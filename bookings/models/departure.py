"""Departures: what was given up when somebody left, so that it can be undone, and the places kept for colleagues."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from bookings.models.booking import Booking
from people.models import Person


class Departure(models.Model):
    """That somebody was recorded as having left, with what was given up by it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="departures")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    # Of each booking that was released what bookings/restoring.py brings it back by: ids and states.
    released = models.JSONField(default=list, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(undone_at=None), name="person_departs_once")
        ]

    def __str__(self) -> str:
        return f"{self.person}, {timezone.localdate(self.at)}"


class HandoverQuerySet(models.QuerySet["Handover"]):
    def open(self) -> "HandoverQuerySet":
        """Whose place nobody has taken over yet, nor given up."""
        return self.filter(departure__undone_at=None, booking__state=Booking.State.CONFIRMED, booking__outcome=None)


class Handover(models.Model):
    """A leaver's place that is kept for a colleague until a moment; who may send one was asked by message."""

    departure = models.ForeignKey(Departure, on_delete=models.CASCADE, related_name="handovers")
    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="handover")
    # When the place goes to others: while that is still free.
    until = models.DateTimeField()

    objects = HandoverQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.booking}"

"""Access and dietary needs: about health, so apart from the booking, in no history, and not for long."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from bookings.models.booking import Booking
from people.models import Person
from training.models import Event

SAYS_SOMETHING = ~Q(access="") | ~Q(dietary="")


class Need(models.Model):
    """What a delegate needs on the day. It goes with the booking's end, by trigger, and 30 days after the event."""

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="need")
    access = models.TextField(blank=True)
    dietary = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=SAYS_SOMETHING, name="need_says_something")]

    def __str__(self) -> str:
        return f"{self.booking}"


class KeptNeed(models.Model):
    """What a person wants filled in whenever they book. Nobody else sees it."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="kept_need")
    access = models.TextField(blank=True)
    dietary = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=SAYS_SOMETHING, name="kept_need_says_something")]

    def __str__(self) -> str:
        return f"{self.person_id}"


class NeedReading(models.Model):
    """That somebody opened the needs of an event's delegates."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="need_readings")
    reader = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.event}: {self.reader_id}"

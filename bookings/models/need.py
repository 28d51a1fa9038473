"""Access and dietary needs: about health, so apart from the booking, in no history, and not for long."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from bookings.models.booking import Booking
from people.models import Person
from training.models import Event

SAYS_SOMETHING = ~Q(access="") | ~Q(dietary="")


class NeedQuerySet(models.QuerySet["Need"]):
    def to_arrange(self) -> "NeedQuerySet":
        """Those that somebody has to see to: nothing is arranged, or something else was needed then."""
        return self.filter(Q(arranged_at=None) | Q(arranged_at__lt=F("said_at")))

    def arranged(self) -> "NeedQuerySet":
        return self.filter(arranged_at__gte=F("said_at"))


class Need(models.Model):
    """What a delegate needs on the day, and what is arranged for it.

    It goes with the booking's end, by trigger, and 30 days after the event.
    """

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="need")
    access = models.TextField(blank=True)
    dietary = models.TextField(blank=True)
    # Since when it is what they say, kept by trigger: what was arranged before is for something else.
    said_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)
    # What the delegate is told that is arranged, or that there is instead.
    arranged = models.TextField(blank=True, db_default="")
    is_instead = models.BooleanField(default=False, db_default=False)
    # For an interpreter or a support worker: they sit in the room and hold no place.
    chairs = models.PositiveSmallIntegerField(default=0, db_default=0)
    arranged_at = models.DateTimeField(null=True, blank=True)
    arranged_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = NeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=SAYS_SOMETHING, name="need_says_something"),
            models.CheckConstraint(
                condition=Q(arranged="", is_instead=False, chairs=0, arranged_at=None, arranged_by=None)
                | ~Q(arranged="") & Q(arranged_at__isnull=False, arranged_by__isnull=False),
                name="need_arranged_says_what_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking}"

    @property
    def is_arranged(self) -> bool:
        return self.arranged_at is not None and self.arranged_at >= self.said_at


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

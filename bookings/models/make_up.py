"""Sessions made up: one that a delegate missed, attended at another run of the course."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from bookings.models.booking import Booking
from people.models import Person
from training.models import Event, Session

# After that nobody is reminded to look for another date.
LOST_FOR = timedelta(days=30)


class MakeUpQuerySet(models.QuerySet["MakeUp"]):
    def live(self) -> "MakeUpQuerySet":
        """Those not taken back: each delegate has a chair on the other event, counted with its places."""
        return self.filter(ended_at=None)

    def lost(self, now: datetime) -> "MakeUpQuerySet":
        """Those to be arranged anew: of late they ended with the other event or session, and nothing came instead."""
        since = MakeUp.objects.filter(Q(ended_at=None) | Q(pk__gt=OuterRef("pk")), booking=OuterRef("booking"))
        there = Booking.objects.live().filter(event=OuterRef("event"), delegate=OuterRef("booking__delegate"))
        return self.filter(
            ~Exists(since.filter(missed=OuterRef("missed"))),
            ~Exists(there),
            ~Q(booking__outcome=Booking.Outcome.ATTENDED) | Q(booking__outcome=None),
            ended_at__gt=now - LOST_FOR,
            ended_by=None,
            booking__state=Booking.State.CONFIRMED,
        )


class MakeUp(models.Model):
    """That a booking's missed session is made up at a session of another event, where it takes a chair and is marked.

    It is no booking there: the attendance completes the first booking (bookings/making_up.py).
    """

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="make_ups")
    missed = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="make_ups")
    # Empty once the session is taken out of the event, by which it ends.
    session = models.ForeignKey(Session, on_delete=models.SET_NULL, null=True, blank=True, related_name="make_ups")
    arranged_at = models.DateTimeField(default=timezone.now)
    arranged_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    # Empty where it ended with the other event, its session, or the booking.
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Whether the delegate was told of the end, or did not have to be.
    end_is_told = models.BooleanField(default=False, db_default=False)

    objects = MakeUpQuerySet.as_manager()

    class Meta:
        ordering = ["arranged_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["booking", "missed"], condition=Q(ended_at=None), name="session_is_made_up_once"
            ),
            models.UniqueConstraint(
                fields=["booking", "session"], condition=Q(ended_at=None), name="session_makes_up_for_one"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, end_is_told=False, session__isnull=False)
                # Said twice, as "null >= …" is neither true nor false, and so would pass.
                | Q(ended_at__isnull=False, ended_at__gte=F("arranged_at")),
                name="make_up_ended_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking}, at {self.event}"

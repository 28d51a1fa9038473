"""Offers: places held for people of the waiting list until a moment."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from bookings.models.booking import Booking


class OfferQuerySet(models.QuerySet["Offer"]):
    def live(self) -> "OfferQuerySet":
        """Not answered yet, and not ended by the job: of those past their end only the job may make something."""
        return self.filter(ended_at=None)

    def to_lapse(self, now: datetime) -> "OfferQuerySet":
        return self.live().filter(ends_at__lte=now)


class Offer(models.Model):
    """A place held for who waits. Once ended it never lives again; a trigger ends it with its booking's state."""

    class How(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        LAPSED = "lapsed", "Lapsed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="offers")
    made_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    # When its end was put off, which can be done once.
    put_off_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Null, not an empty word, while it lives.
    how = models.CharField(max_length=10, choices=How, null=True, blank=True)  # noqa: DJ001

    objects = OfferQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["ends_at"], condition=Q(ended_at=None), name="offer_to_lapse")]
        constraints = [
            models.UniqueConstraint(fields=["booking"], condition=Q(ended_at=None), name="offer_is_one_live_a_booking"),
            models.CheckConstraint(
                condition=Q(ended_at=None, how=None)
                # Said twice, as "null in (…)" is neither true nor false, and so would pass.
                | Q(ended_at__isnull=False, how__isnull=False)
                & Q(how__in=["accepted", "declined", "lapsed", "withdrawn"]),
                name="offer_ended_says_how",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("made_at")), name="offer_ends_after_it_is_made"),
        ]

    def __str__(self) -> str:
        return f"{self.booking}: offered until {self.ends_at}"

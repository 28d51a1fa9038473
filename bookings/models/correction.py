"""Corrections: what a register that was opened again says otherwise of a delegate than before."""

from django.db import models
from django.db.models import F, Q

from bookings.models.booking import Booking
from people.models import Person


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def to_settle(self) -> "CorrectionQuerySet":
        """Those of closed registers which nobody has settled with the delegate."""
        return self.filter(closed_at__isnull=False, settled_at=None)


class Correction(models.Model):
    """One delegate's outcome before a register was opened again and after it was closed once more.

    Made for everybody as it is opened; whoever has the same outcome afterwards has none left.
    """

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="corrections")
    # Empty for who was put on the register while it was open.
    was = models.CharField(max_length=20, choices=Booking.Outcome, blank=True)
    # Empty while the register is open.
    became = models.CharField(max_length=20, choices=Booking.Outcome, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # Settled with the delegate: they were told, or a coordinator decided that nobody has to tell them.
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    was_told = models.BooleanField(default=False, db_default=False)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["booking"], condition=Q(settled_at=None), name="correction_is_one_until_it_is_settled"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, became="")
                | Q(closed_at__isnull=False) & ~Q(became="") & ~Q(became=F("was")),
                name="correction_is_a_change_once_closed",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, was_told=False)
                | Q(settled_at__isnull=False, settled_by__isnull=False, closed_at__isnull=False),
                name="correction_settled_says_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking}: {self.get_was_display()}, {self.get_became_display()}"

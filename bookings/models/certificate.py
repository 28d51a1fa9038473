"""Certificates of attendance: a code under which anyone may ask whether one holds good."""

from django.db import models
from django.utils import timezone

from bookings.models.booking import Booking
from people.references import new_reference


class Certificate(models.Model):
    """The code of a booking's certificate. Whether it holds good follows from the booking, and is not kept here."""

    # There is none before the delegate asks for it: who never shows a certificate can be asked about by nobody.
    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="certificate")
    code = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.code

    @property
    def is_valid(self) -> bool:
        """Whether the register says today that the delegate attended; reads the booking."""
        return self.booking.outcome == Booking.Outcome.ATTENDED

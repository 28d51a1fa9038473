"""Certificates of attendance: made when the delegate first asks, withdrawn while the register says otherwise.

Nothing is done about a certificate when a register is reopened: whether it holds good is read off the booking.
"""

from django.db import transaction

from bookings import refusals
from bookings.models import Booking, Certificate
from people.names import match_key


@transaction.atomic
def make(*, booking: Booking) -> Certificate:
    """The booking's certificate; asked for again it is the same. Raises NotAttended."""
    booking = Booking.objects.select_for_update(no_key=True).get(pk=booking.pk)
    if booking.outcome != Booking.Outcome.ATTENDED:
        raise refusals.NotAttended("There is a certificate once the register says that you attended all of it.")
    certificate, _ = Certificate.objects.get_or_create(booking=booking)
    return certificate


def is_made_out_to(certificate: Certificate, name: str) -> bool:
    """Whether it is this person's, by the name that they are recorded under now; case and accents do not count."""
    key = match_key(name)
    return bool(key) and key == match_key(certificate.booking.delegate.name)

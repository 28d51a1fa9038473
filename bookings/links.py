"""The signed link to one's place on a waiting list: whoever has it may answer an offer or leave, without signing in."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

# Its own, so that no other signature of ours opens the page, nor this one anything else.
SALT = "bookings.offer"


def token(booking: str) -> str:
    """For the booking with this reference. It stays the same, and is not used up by opening."""
    return signing.Signer(salt=SALT).sign(booking)


def booking_of(token: str) -> str | None:
    """The booking's reference; None for a token that is cut off, altered or made up."""
    try:
        return signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        return None


def path(booking: str) -> str:
    return reverse("offers:linked", args=[token(booking)])


def address(booking: str) -> str:
    """The whole address, for messages."""
    return settings.SITE_URL + path(booking)

"""The signed link to a delegate's form: whoever has it may answer once, without signing in."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

# Its own, so that no other signature of ours opens a form, nor this one anything else.
SALT = "evaluations.after"


def token(booking: str) -> str:
    """For the booking with this reference. It stays the same, and is not used up by opening."""
    return signing.Signer(salt=SALT).sign(booking)


def booking_of(token: str) -> str | None:
    """The booking's reference; None for a token that is cut off, altered or made up."""
    try:
        return signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        return None


def address(booking: str) -> str:
    """The whole address, for messages."""
    return settings.SITE_URL + reverse("evaluations:answer", args=[token(booking)])

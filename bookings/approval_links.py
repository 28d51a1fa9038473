"""The signed link to a request: whom it was sent to may decide about it without signing in."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

# Its own, so that no other signature of ours opens the page, nor this one anything else.
SALT = "bookings.approval"


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent about which booking, to whom: references, the person's empty for an address alone."""

    booking: str
    person: str

    @classmethod
    def parse(cls, text: str) -> "Sent":
        booking, _, person = text.partition(":")
        return cls(booking, person)

    def __str__(self) -> str:
        return f"{self.booking}:{self.person}"


def token(sent: Sent) -> str:
    """It stays the same, and is not used up by opening."""
    return signing.Signer(salt=SALT).sign(str(sent))


def sent_by(token: str) -> Sent | None:
    """None for a token that is cut off, altered or made up."""
    try:
        return Sent.parse(signing.Signer(salt=SALT).unsign(token))
    except signing.BadSignature:
        return None


def path(sent: Sent) -> str:
    return reverse("approvals:linked", args=[token(sent)])


def address(sent: Sent) -> str:
    """The whole address, for messages."""
    return settings.SITE_URL + path(sent)

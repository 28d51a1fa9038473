"""The signed link by which a trainer answers whether they give an event, without signing in."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from training.models import TrainerInvitation

# Its own, so that no other signature of ours opens the page, nor this one anything else.
SALT = "training.invitation"


def token(invitation: TrainerInvitation) -> str:
    """For who is the trainer now: it is not used up by opening, and ends when the trainer is somebody else."""
    person = invitation.trainer.person
    return signing.Signer(salt=SALT).sign(f"{invitation.reference}:{person.reference if person else ''}")


def path(invitation: TrainerInvitation) -> str:
    return reverse("trainers:asked", args=[token(invitation)])


def address(invitation: TrainerInvitation) -> str:
    """The whole address, for messages."""
    return settings.SITE_URL + path(invitation)


def invitation_of(token: str) -> TrainerInvitation | None:
    """None for a token that is cut off, altered or made up, or sent to who is not that trainer any more."""
    try:
        reference, _, person = signing.Signer(salt=SALT).unsign(token).partition(":")
    except signing.BadSignature:
        return None
    found = TrainerInvitation.objects.select_related("event__course", "trainer__person", "asked_by")
    return found.filter(reference=reference, trainer__person__reference=person).first()

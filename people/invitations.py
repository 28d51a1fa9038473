"""Invitations: an agency's word that whoever reads an address belongs to it, by a signed link with an end."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from outbox import messages
from people import refusals
from people.models import Agency, Invitation, Person, StaffGroup
from people.names import match_key

log = logging.getLogger(__name__)

# Its own, so that no other signature of ours opens an invitation.
SALT = "people.invitation"
OPEN_FOR = timedelta(days=14)
MOST_SENT, MOST_A_DAY = 5, 100


def token(invitation: Invitation) -> str:
    """For its link. The link shows nobody's name, and whoever follows it shows that the address is theirs."""
    return signing.Signer(salt=SALT).sign(invitation.reference)


def find(token: str) -> Invitation | None:
    """The invitation, if it can be accepted now; None too for a token that is cut off, altered or made up."""
    try:
        reference = signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        return None
    return Invitation.objects.open().select_related("agency").filter(reference=reference).first()


def address(invitation: Invitation) -> str:
    """The whole address, for the message."""
    return settings.SITE_URL + reverse("joining:invited", args=[token(invitation)])


@transaction.atomic
def invite(*, name: str, email: str, agency: Agency, by: Person, staff_group: StaffGroup | None = None) -> Invitation:
    """Invite somebody to join the agency. Raises PersonRefused.

    Whether they are known under another agency is not told: they are asked all the same.
    """
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    name, email = " ".join(name.split()), email.strip().lower()
    if not match_key(name):
        raise refusals.NotAName("Enter a name with letters in it.")
    here = Person.objects.filter(agency=agency, email=email)
    if any(match_key(person.name) == match_key(name) for person in here):
        raise refusals.KnownAlready(f"{name} is in the list of people already, or was and is recorded as having left.")
    if agency.invitations.unanswered().filter(email=email, name=name).exists():
        raise refusals.ThereAlready(f"{name} is invited already. Send that invitation again.")
    _refuse_too_many(by)
    now = timezone.now()
    invitation = Invitation.objects.create(
        agency=agency,
        name=name,
        email=email,
        staff_group=staff_group,
        invited_by=by,
        invited_at=now,
        ends_at=now + OPEN_FOR,
    )
    _send(invitation)
    log.info("Invitation %s was made by %s.", invitation.reference, by.reference)
    return invitation


@transaction.atomic
def send_again(*, invitation: Invitation, by: Person) -> Invitation:
    """Send it once more, and let it last as long as a new one. Raises PersonRefused."""
    invitation = _lock(invitation)
    if invitation.sent >= MOST_SENT:
        raise refusals.TooOften(f"{invitation} was sent this {MOST_SENT} times. Speak to them, or withdraw it.")
    _refuse_too_many(by)
    invitation.sent += 1
    invitation.ends_at = timezone.now() + OPEN_FOR
    invitation.save(update_fields=["sent", "ends_at"])
    _send(invitation)
    log.info("Invitation %s was sent again by %s.", invitation.reference, by.reference)
    return invitation


@transaction.atomic
def withdraw(*, invitation: Invitation, by: Person) -> Invitation:
    """From now on its link leads nowhere. Raises PersonRefused."""
    invitation = _lock(invitation)
    invitation.withdrawn_at, invitation.withdrawn_by = timezone.now(), by
    invitation.save(update_fields=["withdrawn_at", "withdrawn_by"])
    log.info("Invitation %s was withdrawn by %s.", invitation.reference, by.reference)
    return invitation


def _lock(invitation: Invitation) -> Invitation:
    invitation = Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
    if invitation.accepted_at:
        raise refusals.DecidedAlready(f"{invitation} has joined.")
    if invitation.withdrawn_at:
        raise refusals.DecidedAlready(f"The invitation of {invitation} is withdrawn already.")
    return invitation


def _refuse_too_many(by: Person) -> None:
    lately = Invitation.objects.filter(invited_by=by, invited_at__gt=timezone.now() - timedelta(days=1))
    if (lately.aggregate(sent=Sum("sent"))["sent"] or 0) >= MOST_A_DAY:
        raise refusals.TooOften(f"No more than {MOST_A_DAY} invitations can be sent in a day. Go on tomorrow.")


def _send(invitation: Invitation) -> None:
    messages.post(
        key=f"invited:{invitation.reference}:{invitation.sent}",
        template="invited",
        to=invitation.email,
        reference=invitation.reference,
    )

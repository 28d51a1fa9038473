"""What messages about accounts say: the facts for each template, found when the message is sent."""

from collections.abc import Callable

from django.conf import settings
from django.utils import timezone

from outbox import sender, templates
from outbox.sender import Sender
from outbox.templates import Facts, NoLongerNeeded
from people import invitations, persons
from people.models import Invitation, Joining, Partnership, Person


def invitation(reference: str) -> Facts:
    person = Person.objects.select_related("account").get(reference=reference)
    if person.left_on or persons.has_signed_in(person):
        raise NoLongerNeeded("The person has signed in already, or has left.")
    who = from_whom()
    return {
        "name": person.name,
        "email": person.email,
        "site": settings.SITE_URL,
        "contact": f"Write to {who.reply_to} if something is not right." if who.reply_to else "",
        "partnership": who.name,
    }


def second_factor_reset(reference: str) -> Facts:
    who = from_whom()
    return {
        "name": Person.objects.get(reference=reference).name,
        "contact": f"If it was not you who asked for this, write to {who.reply_to} at once." if who.reply_to else "",
        "partnership": who.name,
    }


def from_whom() -> Sender:
    """The partnership, and its training team's address."""
    found = Partnership.objects.values_list("name", "training_email").first() or ("Turnout", "")
    return Sender(settings.PARTNERSHIP_NAME or found[0], found[1])


def invited(reference: str) -> Facts:
    found = Invitation.objects.select_related("agency", "invited_by").get(reference=reference)
    if not found.is_open(timezone.now()):
        raise NoLongerNeeded("The invitation is accepted, withdrawn or over.")
    return _facts(found.name) | {
        "agency": found.agency.name,
        "by": found.invited_by.name,
        "link": invitations.address(found),
        "until": f"{timezone.localdate(found.ends_at):%-d %B %Y}",
    }


def joined(reference: str) -> Facts:
    joining = Joining.objects.select_related("agency", "person").get(reference=reference)
    if joining.person is None or joining.person.left_on:
        raise NoLongerNeeded("The person has left.")
    return _facts(joining.name) | {"agency": str(joining.agency), "site": settings.SITE_URL + joining.wanted}


def joining_received(reference: str) -> Facts:
    joining = Joining.objects.select_related("agency").get(reference=reference)
    if not joining.is_waiting:
        raise NoLongerNeeded("It is decided, and that is told.")
    return _facts(joining.name) | {"agency": joining.agency.name if joining.agency else joining.agency_name}


def joining_declined(reference: str) -> Facts:
    joining = Joining.objects.get(reference=reference)
    return _facts(joining.name) | {"reason": joining.reason}


FACTS: dict[str, Callable[[str], Facts]] = {
    "invitation": invitation,
    "invited": invited,
    "joined": joined,
    "joining_declined": joining_declined,
    "joining_received": joining_received,
    "second_factor_reset": second_factor_reset,
}


def register() -> None:
    """Let the outbox use the templates, and know who writes."""
    sender.register(from_whom)
    for name, facts in FACTS.items():
        templates.register(name, facts)


def _facts(name: str) -> dict[str, str]:
    email = _training_email()
    return {
        "name": name,
        "contact": f"Write to {email} if something is not right." if email else "",
        "partnership": _partnership() or "the training desk",
    }


def _partnership() -> str:
    return Partnership.objects.values_list("name", flat=True).first() or ""


def _training_email() -> str:
    return Partnership.objects.values_list("training_email", flat=True).first() or ""

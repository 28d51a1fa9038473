"""What messages about accounts say: the facts for each template, found when the message is sent."""

from django.conf import settings

from outbox import sender, templates
from outbox.sender import Sender
from outbox.templates import Facts, NoLongerNeeded
from people.models import Partnership, Person


def invitation(reference: str) -> Facts:
    person = Person.objects.get(reference=reference)
    if person.left_on or person.account_id:
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


def register() -> None:
    """Let the outbox use the templates, and know who writes."""
    sender.register(from_whom)
    templates.register("invitation", invitation)
    templates.register("second_factor_reset", second_factor_reset)

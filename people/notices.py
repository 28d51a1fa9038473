"""What messages about accounts say: the facts for each template, found when the message is sent."""

from django.conf import settings

from outbox import templates
from outbox.templates import Facts, NoLongerNeeded
from people.models import Partnership, Person


def invitation(reference: str) -> Facts:
    person = Person.objects.get(reference=reference)
    if person.left_on or person.account_id:
        raise NoLongerNeeded("The person has signed in already, or has left.")
    partnership = Partnership.objects.first()
    email = partnership.training_email if partnership else ""
    return {
        "name": person.name,
        "email": person.email,
        "site": settings.SITE_URL,
        "contact": f"Write to {email} if something is not right." if email else "",
        "partnership": partnership.name if partnership else "Turnout",
    }


def register() -> None:
    """Let the outbox use the templates."""
    templates.register("invitation", invitation)

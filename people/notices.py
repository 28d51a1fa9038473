"""What messages about accounts say: the facts for each template, found when the message is sent."""

from django.conf import settings

from outbox import templates
from outbox.templates import Facts, NoLongerNeeded
from people.models import Partnership, Person


def invitation(reference: str) -> Facts:
    person = Person.objects.get(reference=reference)
    if person.left_on or person.account_id:
        raise NoLongerNeeded("The person has signed in already, or has left.")
    email = _training_email()
    return {
        "name": person.name,
        "email": person.email,
        "site": settings.SITE_URL,
        "contact": f"Write to {email} if something is not right." if email else "",
        "partnership": _partnership() or "Turnout",
    }


def second_factor_reset(reference: str) -> Facts:
    email = _training_email()
    return {
        "name": Person.objects.get(reference=reference).name,
        "contact": f"If it was not you who asked for this, write to {email} at once." if email else "",
        "partnership": _partnership(),
    }


def register() -> None:
    """Let the outbox use the templates."""
    templates.register("invitation", invitation)
    templates.register("second_factor_reset", second_factor_reset)


def _partnership() -> str:
    return Partnership.objects.values_list("name", flat=True).first() or ""


def _training_email() -> str:
    return Partnership.objects.values_list("training_email", flat=True).first() or ""

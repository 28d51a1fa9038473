"""What messages about accounts say: the facts for each template, found when the message is sent."""

from outbox import templates
from outbox.templates import Facts
from people.models import Partnership, Person


def second_factor_reset(reference: str) -> Facts:
    person = Person.objects.get(reference=reference)
    partnership = Partnership.objects.first()
    email = partnership.training_email if partnership else ""
    return {
        "name": person.name,
        "contact": f"If it was not you who asked for this, write to {email} at once." if email else "",
        "partnership": partnership.name if partnership else "",
    }


def register() -> None:
    """Let the outbox use the templates."""
    templates.register("second_factor_reset", second_factor_reset)

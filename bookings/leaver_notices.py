"""What is said of the places of who left: to who may name somebody else."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from bookings import described, leavers
from bookings.models import Handover
from outbox import templates
from outbox.templates import Facts, NoLongerNeeded
from people.models import Partnership, Person
from training.models import Event
from training.moments import full_date, until


def colleagues_asked(reference: str) -> Facts:
    """The places of a leaver that are kept for colleagues: for who may name them."""
    leaver, _, who = reference.partition(":")
    person = Person.objects.select_related("agency").get(reference=leaver)
    rows = Handover.objects.open().filter(departure__person=person, until__gt=timezone.now())
    found = list(rows.select_related("booking__event__course").order_by("until", "pk"))
    if not found or person.left_on is None:
        raise NoLongerNeeded("Nobody has to be named any more.")
    partnership = Partnership.objects.order_by("pk").first() or Partnership()
    email = partnership.training_email
    return {
        "name": Person.objects.get(reference=who).name,
        "leaver": person.name,
        "agency": person.agency.name,
        "places": [_kept(one.booking.event, until(one.until)) for one in found],
        "link": f"{settings.SITE_URL}{reverse('bookings:list')}?q={leaver}",
        "contact": f"Is something not right? Answer this message, or write to {email}." if email else "",
        "partnership": partnership.name,
    }


def _kept(event: Event, moment: str) -> str:
    day = f", {full_date(event.starts_at)}" if event.starts_at else ""
    return f"{event.course.title}{day}: name somebody by {moment}"


def register() -> None:
    """Let the outbox use the template."""
    templates.register(leavers.ASKED, colleagues_asked, described=described.DESCRIBED[leavers.ASKED])

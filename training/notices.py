"""What messages about courses say, found when they are sent."""

from django.conf import settings
from django.urls import reverse

from outbox import templates
from outbox.described import Described, Fact
from outbox.templates import Facts, NoLongerNeeded
from people.models import Partnership
from training import interest
from training.models import Event, Interest
from training.moments import full_moment

DESCRIBED = Described(
    title="A course has a date",
    who="Who asked to be told",
    when="Once, when a date is published",
    facts={
        "name": Fact("The person’s name", "Jade Lewis"),
        "course": Fact("The course’s title", "Safeguarding disabled children"),
        "date": Fact("Its first date", "Wednesday 3 March 2027, 9:30am"),
        "link": Fact("Link to the course’s page", "https://training.example.org/courses/SDC/"),
        "contact": Fact(
            "Whom to ask; nothing where the training team’s address is not entered",
            "Write to training@anytown.example if something is not right.",
        ),
        "partnership": Fact("The partnership’s name", "Anytown Safeguarding Children Partnership"),
    },
    keeps=("name", "course", "date", "link"),
)


def course_has_date(reference: str) -> Facts:
    """Its first date by now, which need not be the one that was first known. Raises NoLongerNeeded without any."""
    found = Interest.objects.select_related("course", "person").get(reference=reference)
    first = Event.objects.open_to_all().filter(course=found.course).order_by("starts_at", "id").first()
    if first is None or first.starts_at is None:
        raise NoLongerNeeded("The course has no date any more.")
    partnership = Partnership.objects.first()
    email = partnership.training_email if partnership else ""
    return {
        "name": found.person.name,
        "course": found.course.title,
        "date": full_moment(first.starts_at),
        "link": settings.SITE_URL + reverse("finding:course", args=[found.course.code]),
        "contact": f"Write to {email} if something is not right." if email else "",
        "partnership": partnership.name if partnership else "",
    }


def register() -> None:
    """Let the outbox use the template."""
    templates.register(interest.TEMPLATE, course_has_date, described=DESCRIBED)

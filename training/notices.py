"""What messages about courses and to trainers say, found when they are sent."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from outbox import templates
from outbox.described import Described, Fact
from outbox.templates import Facts, NoLongerNeeded
from people.models import Partnership
from training import answer_links, interest, inviting, telling, volunteering
from training.models import Event, Interest, Room, SessionTrainer, Trainer, TrainerChange, TrainerInvitation, Volunteer
from training.moments import clock, full_date, full_moment

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
    first = interest.dates().filter(course=found.course).first()
    if first is None or first.starts_at is None:
        raise NoLongerNeeded("The course has no date any more.")
    partnership = Partnership.objects.first()
    email = partnership.training_email if partnership else ""
    return {
        "name": found.person.name,
        "course": found.course.title,
        "date": full_moment(first.starts_at) + (" (not sure yet)" if first.is_tentative else ""),
        "link": settings.SITE_URL + reverse("finding:course", args=[found.course.code]),
        "contact": f"Write to {email} if something is not right." if email else "",
        "partnership": partnership.name if partnership else "",
    }


def trainer_asked(reference: str) -> Facts:
    """For the trainer, while they can answer. Raises NoLongerNeeded."""
    found = TrainerInvitation.objects.select_related("event__course", "trainer__person", "asked_by").get(
        reference=reference
    )
    if said := inviting.over(found):
        raise NoLongerNeeded(said)
    return to_trainer(found.event, found.trainer) | {
        "by": found.asked_by.name,
        "asked_on": full_date(found.asked_at),
        "link": answer_links.address(found),
    }


def volunteered(reference: str) -> Facts:
    """For who offered, of an event that still takes place. Raises NoLongerNeeded."""
    found = Volunteer.objects.select_related("event__course", "trainer__person").get(reference=reference)
    if found.event.cancelled_at or found.event.has_begun():
        raise NoLongerNeeded("The event is off or has begun.")
    return to_trainer(found.event, found.trainer)


def changed(template: str) -> Callable[[str], Facts]:
    """The facts of a change that concerns a trainer, while that is still what became of what they give."""

    def facts(reference: str) -> Facts:
        change = TrainerChange.objects.select_related("event__course", "trainer__person").get(pk=reference)
        event, now = change.event, timezone.now()
        gives = SessionTrainer.objects.filter(session__event=event, trainer=change.trainer, is_cancelled=False)
        if event.is_over(now) or gives.filter(starts_at__gt=now).exists() != (template == telling.CHANGED):
            raise NoLongerNeeded("The event is over, or they are on it again, or not any more.")
        said = to_trainer(event, change.trainer, gives_it=True)
        said |= {"before": _before(change), "reason": event.cancelled_reason}
        return {name: said[name] for name in CHANGES[template].facts}

    return facts


def _before(change: TrainerChange) -> list[str]:
    was = telling.coming(change, change.was)
    rooms = Room.objects.select_related("venue").in_bulk([one["room"] for one in was if one["room"]])
    return [
        _times(telling.moment(one["starts_at"]), telling.moment(one["ends_at"]), str(rooms.get(one["room"]) or ""))
        for one in was
    ]


def to_trainer(event: Event, trainer: Trainer, *, gives_it: bool = False) -> dict[str, str | list[str]]:
    """What each message to a trainer about an event says: their own sessions. Who gives it reads the link, too."""
    if trainer.person is None:
        raise NoLongerNeeded(f"{trainer} is nobody with an address here any more.")
    partnership = Partnership.objects.first() or Partnership()
    email = partnership.training_email
    parts = SessionTrainer.objects.filter(session__event=event, trainer=trainer).order_by("starts_at")
    online = f"online, {event.online_link}" if event.online_link and gives_it else "online" if event.online_link else ""
    rooms = parts.select_related("session__room__venue")
    return {
        "name": trainer.person.name,
        "course": event.course.title,
        "day": full_date(event.starts_at) if event.starts_at else "",
        "sessions": [
            *(_times(one.starts_at, one.ends_at, str(one.session.room or online)) for one in rooms),
            *event.not_sure_yet,
        ],
        "contact": f"Do you have a question? Answer this message, or write to {email}." if email else "",
        "partnership": partnership.name,
    }


def _times(starts_at: datetime, ends_at: datetime, where: str) -> str:
    return f"{full_date(starts_at)}, {clock(starts_at)} to {clock(ends_at)}{f', {where}' if where else ''}"


TO_TRAINER = {
    "name": Fact("The trainer’s name", "Lorna Hughes"),
    "course": Fact("The course’s title", "Safeguarding disabled children"),
    "day": Fact("The day on which it begins", "Wednesday 3 March 2027"),
    "sessions": Fact(
        "When and where: a line for each of their sessions",
        ["Wednesday 3 March 2027, 9:30am to 4:30pm, Civic Centre, Room 2"],
    ),
    "contact": Fact(
        "Whom to ask; nothing where the training team’s address is not entered",
        "Do you have a question? Answer this message, or write to training@anytown.example.",
    ),
    "partnership": Fact("The partnership’s name", "Anytown Safeguarding Children Partnership"),
}
TO_ANSWER = TO_TRAINER | {
    "by": Fact("Who asks", "Sam Osei"),
    "asked_on": Fact("On which day they were asked", "Monday 1 February 2027"),
    "link": Fact("The trainer’s own link, by which they answer", "https://training.example.org/my-dates/asked/…/"),
}
KEPT = ("name", "course", "sessions", "link")
TRAINERS = {
    inviting.ASKED: Described(
        "A trainer is asked", "The trainer", "At once when a coordinator asks them", TO_ANSWER, KEPT
    ),
    inviting.REMINDED: Described(
        "A trainer is reminded", "The trainer", "Once, five days later, if they have not answered", TO_ANSWER, KEPT
    ),
}

VOLUNTEERS = {
    volunteering.TAKEN: Described(
        "A volunteer is taken", "The trainer who offered", "At once", TO_TRAINER, ("name", "course", "sessions")
    ),
    volunteering.THANKED: Described(
        "A volunteer is thanked", "The trainer who offered", "At once", TO_TRAINER, ("name", "course")
    ),
}

BEFORE = Fact(
    "When and where they were to give it: a line for each session",
    ["Tuesday 2 March 2027, 9:30am to 4:30pm, Civic Centre, Room 2"],
)
NOT_GIVEN = {name: fact for name, fact in TO_TRAINER.items() if name != "sessions"} | {"before": BEFORE}
CHANGES = {
    telling.CHANGED: Described(
        "What a trainer gives is changed",
        "Each trainer of its sessions",
        "Once, when nothing more was changed for five minutes",
        TO_TRAINER | {"before": BEFORE},
        ("name", "course", "sessions"),
    ),
    telling.OFF: Described(
        "A trainer is not needed any more",
        "The trainer who is taken off, or whose sessions are taken out",
        "Once, five minutes later",
        NOT_GIVEN,
        ("name", "course", "before"),
    ),
    telling.CANCELLED: Described(
        "What a trainer was to give is cancelled",
        "Each trainer of its sessions",
        "Once, five minutes later",
        NOT_GIVEN | {"reason": Fact("Why, as the coordinator wrote it", "The room cannot be used.")},
        ("name", "course", "before"),
    ),
}


def register() -> None:
    """Let the outbox use the templates."""
    templates.register(interest.TEMPLATE, course_has_date, described=DESCRIBED)
    for name, described in TRAINERS.items():
        templates.register(name, trainer_asked, described=described)
    for name, described in VOLUNTEERS.items():
        templates.register(name, volunteered, described=described)
    for name, described in CHANGES.items():
        templates.register(name, changed(name), described=described)

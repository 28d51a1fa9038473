"""What the programme tells a person about themselves."""

from people import merges
from people.privacy import Part, register, tells_nothing
from training.models import (
    Absence,
    Clearance,
    Event,
    Interest,
    Objective,
    Room,
    SessionTrainer,
    Topic,
    Trainer,
    Venue,
)


def parts() -> None:
    register(
        Part(
            "As a trainer",
            Trainer,
            lambda person: Trainer.objects.filter(person=person),
            {"Name": "name"},
            {"person": "who they are"},
        ),
        Part(
            "Sessions given",
            SessionTrainer,
            lambda person: (
                SessionTrainer.objects.filter(trainer__person=person)
                .select_related("session__event__course")
                .order_by("starts_at", "pk")
            ),
            {"Course": "session.event.course.title", "Begins": "starts_at", "Ends": "ends_at"},
        ),
        Part(
            "Courses that one may deliver",
            Clearance,
            lambda person: Clearance.objects.filter(trainer__person=person).select_related("course"),
            {"Course": "course.title", "Signed": "signed_on", "Until": "until", "Evidence": "evidence"},
            {"signed_by": "who signed did it for the partnership"},
        ),
        Part(
            "Days on which one cannot train",
            Absence,
            lambda person: Absence.objects.filter(trainer__person=person),
            {"From": "first_on", "Until": "last_on"},
        ),
        Part(
            "Interest in courses",
            Interest,
            lambda person: (
                Interest.objects.filter(person=person).select_related("course").order_by("registered_at", "pk")
            ),
            {"Course": "course.title", "Asked": "registered_at", "Told of a date": "told_at"},
            {"person": "who they are"},
        ),
    )
    tells_nothing("names of things", Objective, Room, Topic, Venue)
    tells_nothing("who cancelled an event did it for the partnership", Event)
    merges.moves("training.Trainer.person", "trainer")
    merges.moves("training.Interest.person", "wish to be told of a date")
    merges.stays("training.Event.cancelled_by", "training.Event.broken_off_by", "training.Clearance.signed_by")

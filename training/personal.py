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
    StepTaken,
    Topic,
    Trainer,
    TrainerInvitation,
    TrainingStep,
    Venue,
    Volunteer,
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
            "Steps towards a course",
            StepTaken,
            lambda person: StepTaken.objects.filter(trainer__person=person).select_related("course", "step"),
            {
                "Course": "course.title",
                "Step": "step.name",
                "Taken": "taken_on",
                "Evidence": "evidence",
                "Signed": "signed_on",
            },
            {"signed_by": "who signed did it for the partnership"},
        ),
        Part(
            "Days on which one cannot train",
            Absence,
            lambda person: Absence.objects.filter(trainer__person=person),
            {"From": "first_on", "Until": "last_on"},
        ),
        Part(
            "Asked to give events",
            TrainerInvitation,
            lambda person: TrainerInvitation.objects.filter(trainer__person=person).select_related("event__course"),
            {
                "Course": "event.course.title",
                "Begins": "event.starts_at",
                "Asked": "asked_at",
                "Reminded": "reminded_at",
                "Answer": "get_state_display",
                "Answered": "answered_at",
                "Reason": "reason",
            },
            {
                "asked_by": "who asked did it for the partnership",
                "answered_by": "the person, or who entered it for the partnership",
            },
        ),
        Part(
            "Offers to give events",
            Volunteer,
            lambda person: Volunteer.objects.filter(trainer__person=person).select_related("event__course"),
            {
                "Course": "event.course.title",
                "Begins": "event.starts_at",
                "Offered": "offered_at",
                "Answer": "get_state_display",
                "Answered": "answered_at",
            },
            {"answered_by": "the person, or who answered for the partnership"},
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
    tells_nothing("names of things", Objective, Room, Topic, TrainingStep, Venue)
    tells_nothing("who cancelled an event, or is about to, did it for the partnership", Event)
    merges.moves("training.Trainer.person", "trainer")
    merges.moves("training.Interest.person", "wish to be told of a date")
    merges.stays("training.Event.cancelled_by", "training.Event.to_cancel_by", "training.Event.broken_off_by")
    merges.stays("training.Clearance.signed_by")
    merges.stays("training.TrainerInvitation.asked_by", "training.StepTaken.signed_by")
    merges.stays("training.TrainerInvitation.answered_by", "training.Volunteer.answered_by")

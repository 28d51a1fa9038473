"""The least valid rows of what only trainers have, and an event that is about to be cancelled."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from tests.factories import CourseFactory, EventFactory, PersonFactory, TrainerFactory
from training.models import (
    Absence,
    Clearance,
    SessionTrainer,
    StepTaken,
    TrainerInvitation,
    TrainingStep,
    Volunteer,
)


class ClearanceFactory(DjangoModelFactory):
    class Meta:
        model = Clearance

    trainer = factory.SubFactory(TrainerFactory)
    course = factory.SubFactory(CourseFactory)
    signed_on = factory.LazyFunction(timezone.localdate)
    signed_by = factory.SubFactory(PersonFactory)


class TrainingStepFactory(DjangoModelFactory):
    class Meta:
        model = TrainingStep

    name = factory.Sequence(lambda n: f"Step {n}")
    position = factory.Sequence(lambda n: n + 1)


class StepTakenFactory(DjangoModelFactory):
    class Meta:
        model = StepTaken

    trainer = factory.SubFactory(TrainerFactory)
    course = factory.SubFactory(CourseFactory)
    step = factory.SubFactory(TrainingStepFactory)
    taken_on = factory.LazyFunction(timezone.localdate)
    evidence = "Observed by D. Marsh"
    signed_on = factory.LazyFunction(timezone.localdate)
    signed_by = factory.SubFactory(PersonFactory)


class AbsenceFactory(DjangoModelFactory):
    """A day in a month."""

    class Meta:
        model = Absence

    trainer = factory.SubFactory(TrainerFactory)
    first_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))
    last_on = factory.SelfAttribute("first_on")


class TrainerInvitationFactory(DjangoModelFactory):
    """A trainer who is on the event's sessions is asked; is_on=False: who is on some already, or on none."""

    class Meta:
        model = TrainerInvitation

    event = factory.SubFactory(EventFactory)
    trainer = factory.SubFactory(TrainerFactory, person=factory.SubFactory(PersonFactory))
    asked_by = factory.SubFactory(PersonFactory)
    is_on = True

    @classmethod
    def _create(cls, model_class, *args, is_on, **facts):
        for session in facts["event"].sessions.all() if is_on else ():
            SessionTrainer.objects.create(session=session, trainer=facts["trainer"])
        return super()._create(model_class, *args, **facts)


class VolunteerFactory(DjangoModelFactory):
    """A trainer offers to give an event that needs one."""

    class Meta:
        model = Volunteer

    event = factory.SubFactory(EventFactory, trainers_wanted=1)
    trainer = factory.SubFactory(TrainerFactory, person=factory.SubFactory(PersonFactory))


def about_to_be_cancelled(at=None):
    """An event that is cancelled in ten minutes, or at that moment, unless somebody stops it."""
    at = at or timezone.now() + timedelta(minutes=10)
    return EventFactory(to_cancel_at=at, to_cancel_by=PersonFactory(), to_cancel_reason="Snow")

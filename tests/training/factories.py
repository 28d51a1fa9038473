"""The least valid rows of what only trainers have."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from tests.factories import CourseFactory, PersonFactory, TrainerFactory
from training.models import Absence, Clearance


class ClearanceFactory(DjangoModelFactory):
    class Meta:
        model = Clearance

    trainer = factory.SubFactory(TrainerFactory)
    course = factory.SubFactory(CourseFactory)
    signed_on = factory.LazyFunction(timezone.localdate)
    signed_by = factory.SubFactory(PersonFactory)


class AbsenceFactory(DjangoModelFactory):
    """A day in a month."""

    class Meta:
        model = Absence

    trainer = factory.SubFactory(TrainerFactory)
    first_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))
    last_on = factory.SelfAttribute("first_on")

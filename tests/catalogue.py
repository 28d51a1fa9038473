"""The least valid row of what the catalogue says of its courses; tests.factories makes the courses."""

from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from people.models import Agency
from tests.factories import CourseFactory, PersonFactory
from training.models import CourseFee, Interest, Prerequisite, Topic


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = Topic

    name = factory.Sequence(lambda n: f"Topic {n}")


class PrerequisiteFactory(DjangoModelFactory):
    class Meta:
        model = Prerequisite

    course = factory.SubFactory(CourseFactory)
    required = factory.SubFactory(CourseFactory)


class CourseFeeFactory(DjangoModelFactory):
    class Meta:
        model = CourseFee

    course = factory.SubFactory(CourseFactory)
    agency_type = Agency.Type.PRIVATE
    net_amount = Decimal(75)


class InterestFactory(DjangoModelFactory):
    class Meta:
        model = Interest

    course = factory.SubFactory(CourseFactory)
    person = factory.SubFactory(PersonFactory)

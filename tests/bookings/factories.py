"""The least valid row of what shares an event's places out (offers, holds, caps…), of requests for approval, of
certificates and of needs."""

from datetime import timedelta

import factory
from django.db import transaction
from django.utils import timezone
from factory.django import DjangoModelFactory

from bookings.models import Announcement, Approval, Booking, Cap, Certificate, Deputy, Hold, Need, Offer, Reservation
from tests.factories import AgencyFactory, BookingFactory, EventFactory, PersonFactory, attended


def staff(**facts):
    """Somebody with a line manager of the same agency."""
    manager = PersonFactory()
    return PersonFactory(agency=manager.agency, line_manager=manager, **facts)


class OfferFactory(DjangoModelFactory):
    """A place offered for the next day; OfferFactory(booking__event=…)."""

    class Meta:
        model = Offer

    @classmethod
    def _generate(cls, strategy, params):
        # Booking and offer come together: the database looks at both when they are committed.
        with transaction.atomic():
            return super()._generate(strategy, params)

    booking = factory.SubFactory(BookingFactory, state=Booking.State.OFFERED, placed_at=None)
    made_at = factory.LazyFunction(timezone.now)
    ends_at = factory.LazyAttribute(lambda o: o.made_at + timedelta(days=1))


class AnnouncementFactory(DjangoModelFactory):
    """Written to nobody yet."""

    class Meta:
        model = Announcement

    event = factory.SubFactory(EventFactory)
    subject = "Snow"
    words = "We meet online at ten."
    sent_by = factory.SubFactory(PersonFactory)


class ApprovalFactory(DjangoModelFactory):
    """A booking that a line manager is asked about until in a week; ApprovalFactory(booking__event=…)."""

    class Meta:
        model = Approval

    @classmethod
    def _generate(cls, strategy, params):
        with transaction.atomic():
            return super()._generate(strategy, params)

    booking = factory.SubFactory(
        BookingFactory,
        requested=True,
        delegate=factory.LazyFunction(staff),
    )
    # As for who has no line manager: nobody by name.
    asked = factory.SelfAttribute("booking.delegate.line_manager")
    asked_at = factory.LazyFunction(timezone.now)
    ends_at = factory.LazyAttribute(lambda o: o.asked_at + timedelta(days=7))
    remind_at = factory.LazyAttribute(lambda o: o.asked_at + timedelta(days=2))


class DeputyFactory(DjangoModelFactory):
    """Of the manager's agency, for a week from today."""

    class Meta:
        model = Deputy

    manager = factory.SubFactory(PersonFactory)
    deputy = factory.LazyAttribute(lambda o: PersonFactory(agency=o.manager.agency))
    starts_on = factory.LazyFunction(timezone.localdate)
    ends_on = factory.LazyAttribute(lambda o: o.starts_on + timedelta(days=7))


class HoldFactory(DjangoModelFactory):
    """One place kept for an agency of its own, for a week."""

    class Meta:
        model = Hold

    event = factory.SubFactory(EventFactory)
    agency = factory.SubFactory(AgencyFactory)
    places = 1
    until = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))


class CapFactory(DjangoModelFactory):
    """One place an agency."""

    class Meta:
        model = Cap

    event = factory.SubFactory(EventFactory)
    places = 1


class ReservationFactory(DjangoModelFactory):
    """Two places without names, for a week."""

    class Meta:
        model = Reservation

    event = factory.SubFactory(EventFactory)
    agency = factory.SubFactory(AgencyFactory)
    places = 2
    named_until = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))
    made_by = factory.SubFactory(PersonFactory)


class CertificateFactory(DjangoModelFactory):
    class Meta:
        model = Certificate

    booking = factory.LazyFunction(attended)


class NeedFactory(DjangoModelFactory):
    """A delegate's need of access, and none of food; NeedFactory(is_arranged=True) is arranged."""

    class Meta:
        model = Need

    class Params:
        is_arranged = factory.Trait(
            said_at=factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1)),
            arranged="The room on the ground floor",
            arranged_at=factory.LazyFunction(timezone.now),
            arranged_by=factory.SubFactory(PersonFactory),
        )

    booking = factory.SubFactory(BookingFactory)
    access = "A ramp"

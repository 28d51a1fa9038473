"""The least valid row of each kind; what a test is about it says itself."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from bookings.models import (
    Booking,
    ChargingPolicy,
    ClosingDay,
    ExemptionReason,
    Mark,
    Register,
    Tariff,
    WorkshopChoice,
)
from invoicing.models import Charge, Invoice
from outbox.models import Job, Message
from people.models import Account, Agency, AgencyName, Partnership, Person, Role, RoleGrant, StaffGroup
from programme.models import COMMAND_LINE, Import
from training.models import Course, Event, Objective, Room, Session, SessionTrainer, Trainer, Venue, Workshop

PASSWORD = "a long enough password"


# --- people ---------------------------------------------------------------------------------------------------------
class PartnershipFactory(DjangoModelFactory):
    """The one partnership; asked for twice it is the same."""

    class Meta:
        model = Partnership
        django_get_or_create = ["id"]

    id = 1
    name = "Anytown Safeguarding Children Partnership"


class AgencyFactory(DjangoModelFactory):
    class Meta:
        model = Agency

    name = factory.Sequence(lambda n: f"Agency {n}")
    type = Agency.Type.OTHER


class AgencyNameFactory(DjangoModelFactory):
    class Meta:
        model = AgencyName

    agency = factory.SubFactory(AgencyFactory)
    name = factory.Sequence(lambda n: f"Other name {n}")


class StaffGroupFactory(DjangoModelFactory):
    class Meta:
        model = StaffGroup

    name = factory.Sequence(lambda n: f"Staff group {n}")


class AccountFactory(DjangoModelFactory):
    """A sign-in with the password PASSWORD; PersonFactory(account=…) puts a person behind it."""

    class Meta:
        model = Account

    email = factory.Sequence(lambda n: f"account{n}@example.org")
    password = factory.django.Password(PASSWORD)


class PersonFactory(DjangoModelFactory):
    """PersonFactory(roles=["coordinator"]) holds roles from today on; an agency lead's is bound to their own agency."""

    class Meta:
        model = Person
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    agency = factory.SubFactory(AgencyFactory)

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        for role in extracted or []:
            RoleGrantFactory(person=self, role=role)


class RoleGrantFactory(DjangoModelFactory):
    class Meta:
        model = RoleGrant

    person = factory.SubFactory(PersonFactory)
    role = Role.COORDINATOR
    agency = factory.LazyAttribute(lambda o: o.person.agency if o.role == Role.AGENCY_LEAD else None)


# --- training -------------------------------------------------------------------------------------------------------
class ObjectiveFactory(DjangoModelFactory):
    class Meta:
        model = Objective

    name = factory.Sequence(lambda n: f"Objective {n}")


class CourseFactory(DjangoModelFactory):
    """CourseFactory(topics=[…], staff_groups=[…]) has them."""

    class Meta:
        model = Course
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"C{n}")
    title = factory.Sequence(lambda n: f"Course {n}")
    delivery = Course.Delivery.FACE_TO_FACE
    duration = Course.Duration.FULL_DAY

    @factory.post_generation
    def topics(self, create, extracted, **kwargs):
        self.topics.add(*extracted or [])

    @factory.post_generation
    def staff_groups(self, create, extracted, **kwargs):
        self.staff_groups.add(*extracted or [])


class VenueFactory(DjangoModelFactory):
    class Meta:
        model = Venue

    name = factory.Sequence(lambda n: f"Venue {n}")


class RoomFactory(DjangoModelFactory):
    class Meta:
        model = Room

    venue = factory.SubFactory(VenueFactory)


class TrainerFactory(DjangoModelFactory):
    class Meta:
        model = Trainer

    name = factory.Sequence(lambda n: f"Trainer {n}")


def at_half_past_nine(days: int) -> datetime:
    """9:30 here, so many days from today; negative: days ago."""
    day = timezone.localdate() + timedelta(days=days)
    return datetime.combine(day, time(9, 30), tzinfo=timezone.get_default_timezone())


class EventFactory(DjangoModelFactory):
    """A published event in 30 days with one session from 9:30 to 16:30.

    days=-7: a week ago; begins=datetime: then instead; sessions=3: on three days running; sessions=0: none yet.
    """

    class Meta:
        model = Event

    course = factory.SubFactory(CourseFactory)
    state = Event.State.PUBLISHED
    places = 20

    @classmethod
    def _create(cls, model_class, *args, days=30, begins=None, sessions=1, **fields):
        event = super()._create(model_class, *args, **fields)
        first = begins or at_half_past_nine(days)
        for day in range(sessions):
            SessionFactory(event=event, starts_at=first + timedelta(days=day))
        event.refresh_from_db(fields=["starts_at", "ends_at"])
        return event


class SessionFactory(DjangoModelFactory):
    class Meta:
        model = Session

    event = factory.SubFactory(EventFactory, sessions=0)
    starts_at = factory.LazyFunction(lambda: at_half_past_nine(30))
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + timedelta(hours=7))


class SessionTrainerFactory(DjangoModelFactory):
    class Meta:
        model = SessionTrainer

    session = factory.SubFactory(SessionFactory)
    trainer = factory.SubFactory(TrainerFactory)


class WorkshopFactory(DjangoModelFactory):
    class Meta:
        model = Workshop

    event = factory.SubFactory(EventFactory)
    title = factory.Sequence(lambda n: f"Workshop {n}")
    places = 10


# --- bookings -------------------------------------------------------------------------------------------------------
class ChargingPolicyFactory(DjangoModelFactory):
    class Meta:
        model = ChargingPolicy

    in_force_from = factory.Sequence(lambda n: date(2018, 4, 1) - timedelta(days=n))


class TariffFactory(DjangoModelFactory):
    """£75 for not attending a full day; reason="cancelled-late": with fewer than 5 working days' notice."""

    class Meta:
        model = Tariff

    policy = factory.SubFactory(ChargingPolicyFactory)
    reason = Tariff.Reason.DID_NOT_ATTEND
    duration = Course.Duration.FULL_DAY
    delivery = Course.Delivery.FACE_TO_FACE
    notice = factory.LazyAttribute(lambda o: 5 if o.reason == Tariff.Reason.CANCELLED_LATE else None)
    notice_unit = factory.LazyAttribute(
        lambda o: Tariff.NoticeUnit.WORKING_DAYS if o.reason == Tariff.Reason.CANCELLED_LATE else ""
    )
    net_amount = Decimal(75)
    vat_treatment = Tariff.VatTreatment.OUTSIDE_SCOPE


class ExemptionReasonFactory(DjangoModelFactory):
    class Meta:
        model = ExemptionReason

    name = factory.Sequence(lambda n: f"Exemption {n}")


class ClosingDayFactory(DjangoModelFactory):
    class Meta:
        model = ClosingDay

    day = factory.Sequence(lambda n: date(2030, 1, 1) + timedelta(days=n))
    name = "The office is shut"


class BookingFactory(DjangoModelFactory):
    """A confirmed place; waiting=True: on the waiting list; cancelled=True: cancelled in time."""

    class Meta:
        model = Booking

    class Params:
        waiting = factory.Trait(state=Booking.State.WAITING, placed_at=None)
        cancelled = factory.Trait(
            state=Booking.State.CANCELLED,
            outcome=Booking.Outcome.CANCELLED_IN_TIME,
            cancelled_at=factory.SelfAttribute("booked_at"),
            received_at=factory.SelfAttribute("booked_at"),
            cancelled_by=factory.SelfAttribute("delegate"),
        )

    event = factory.SubFactory(EventFactory)
    delegate = factory.SubFactory(PersonFactory)
    agency = factory.SelfAttribute("delegate.agency")
    state = Booking.State.CONFIRMED
    booked_at = factory.LazyFunction(timezone.now)
    booked_by = factory.SelfAttribute("delegate")
    placed_at = factory.SelfAttribute("booked_at")


class WorkshopChoiceFactory(DjangoModelFactory):
    class Meta:
        model = WorkshopChoice

    workshop = factory.SubFactory(WorkshopFactory)
    booking = factory.SubFactory(BookingFactory, event=factory.SelfAttribute("..workshop.event"))


class RegisterFactory(DjangoModelFactory):
    """An open register; handed_in=True, closed=True: by one coordinator."""

    class Meta:
        model = Register

    class Params:
        handed_in = factory.Trait(
            handed_in_at=factory.LazyFunction(timezone.now), handed_in_by=factory.SubFactory(PersonFactory)
        )
        closed = factory.Trait(
            handed_in=True,
            closed_at=factory.SelfAttribute("handed_in_at"),
            closed_by=factory.SelfAttribute("handed_in_by"),
        )

    session = factory.SubFactory(SessionFactory)


class MarkFactory(DjangoModelFactory):
    class Meta:
        model = Mark

    booking = factory.SubFactory(BookingFactory)
    session = factory.LazyAttribute(lambda o: o.booking.event.sessions.first())
    attendance = Mark.Attendance.PRESENT
    marked_by = factory.SubFactory(PersonFactory)


# --- outbox ---------------------------------------------------------------------------------------------------------
class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    key = factory.Sequence(lambda n: f"trial:{n}")
    template = "trial"
    to = "ann@example.org"
    reference = factory.Sequence(lambda n: f"R{n}")


class JobFactory(DjangoModelFactory):
    class Meta:
        model = Job

    key = factory.Sequence(lambda n: f"trial:{n}")
    kind = "trial"


# --- invoicing ------------------------------------------------------------------------------------------------------
class ChargeFactory(DjangoModelFactory):
    """A proposed charge; nothing looks at whether its booking owes it."""

    class Meta:
        model = Charge

    booking = factory.SubFactory(BookingFactory)
    tariff = factory.SubFactory(TariffFactory)
    reason = factory.SelfAttribute("tariff.reason")
    net_amount = factory.SelfAttribute("tariff.net_amount")
    explanation = "Did not attend."


class InvoiceFactory(DjangoModelFactory):
    """A draft without lines."""

    class Meta:
        model = Invoice

    payer = factory.SubFactory(AgencyFactory)
    month = date(2018, 4, 1)


# --- programme ------------------------------------------------------------------------------------------------------
class ImportFactory(DjangoModelFactory):
    """An upload that waits to be checked; its job and its file are only named."""

    class Meta:
        model = Import

    class Params:
        faulty = factory.Trait(state=Import.State.FAULTY, checked_at=factory.LazyFunction(timezone.now))
        ready = factory.Trait(
            state=Import.State.READY,
            checked_at=factory.LazyFunction(timezone.now),
            fingerprint="seen",
            counts={"people_known": 0, "people_new": 0},
        )
        ended = factory.Trait(
            state=Import.State.UNCHANGED,
            checked_at=factory.LazyFunction(timezone.now),
            ended_at=factory.LazyFunction(timezone.now),
            file="",
        )
        by_command = factory.Trait(
            ended=True,
            state=Import.State.WRITTEN,
            via=COMMAND_LINE,
            uploaded_by=None,
            accepted_at=factory.SelfAttribute("ended_at"),
            job=None,
        )

    file_name = factory.Sequence(lambda n: f"year {n}.xlsx")
    size = 1_000
    file = factory.Sequence(lambda n: f"imports/{n}.xlsx")
    uploaded_by = factory.SubFactory(PersonFactory)
    job = factory.SubFactory(JobFactory, kind="check-workbook")

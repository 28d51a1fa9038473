"""Who may do what with bookings and registers, and who sees them: roles.md, role by role."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings import permissions
from bookings.models import Booking, Register
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    EventFactory,
    PersonFactory,
    RegisterFactory,
    RoleGrantFactory,
    SessionFactory,
    SessionTrainerFactory,
    TrainerFactory,
)

pytestmark = pytest.mark.django_db

STRANGERS = ["nobody", "finance-officer", "subgroup-member", "concerns", "administrator", "lead elsewhere"]
EVERYBODY = ["delegate", "line manager", "agency lead", "trainer", "coordinator", *STRANGERS]


class World:
    """A booking, and each kind of person as they stand to it."""

    def __init__(self, **event):
        self.event = EventFactory(**event)
        self.session = self.event.sessions.get()
        self.agency = AgencyFactory()
        manager = PersonFactory(agency=self.agency)
        delegate = PersonFactory(agency=self.agency, line_manager=manager)
        self.booking = BookingFactory(event=self.event, delegate=delegate)
        trainer = TrainerFactory(person=PersonFactory())
        SessionTrainerFactory(session=self.session, trainer=trainer)
        self.people = {
            "delegate": delegate,
            "line manager": manager,
            "agency lead": PersonFactory(agency=self.agency, roles=["agency-lead"]),
            "trainer": trainer.person,
            "coordinator": PersonFactory(roles=["coordinator"]),
            "nobody": PersonFactory(agency=self.agency),
            "lead elsewhere": PersonFactory(roles=["agency-lead"]),
        } | {role: PersonFactory(roles=[role]) for role in STRANGERS[1:-1]}

    def who(self, question):
        return {name for name, person in self.people.items() if question(person)}


def test_the_world_has_everybody():
    assert set(World().people) == set(EVERYBODY)


# --- bookings -------------------------------------------------------------------------------------------------------
def test_a_booking_is_seen_by_those_it_concerns():
    world = World()
    assert world.who(lambda person: Booking.objects.visible_to(person).contains(world.booking)) == {
        "delegate",
        "line manager",
        "agency lead",
        "trainer",
        "coordinator",
    }


def test_a_trainer_does_not_see_who_waits_or_has_cancelled():
    world = World()
    for trait in ["waiting", "cancelled"]:
        BookingFactory(event=world.event, **{trait: True})
    assert list(Booking.objects.visible_to(world.people["trainer"])) == [world.booking]


def test_a_booking_stays_with_the_agency_that_it_was_made_for():
    world = World()
    delegate = world.people["delegate"]
    delegate.agency = world.people["lead elsewhere"].agency
    delegate.save()
    assert Booking.objects.visible_to(world.people["agency lead"]).exists()
    assert not Booking.objects.visible_to(world.people["lead elsewhere"]).exists()


def test_a_role_that_is_over_shows_nothing():
    former = PersonFactory()
    yesterday = timezone.localdate() - timedelta(days=1)
    RoleGrantFactory(person=former, starts_on=yesterday, ends_on=yesterday)
    BookingFactory()
    assert not Booking.objects.visible_to(former).exists()


def test_each_booking_is_seen_once_however_one_stands_to_it():
    lead = PersonFactory(roles=["agency-lead"])
    event, trainer = EventFactory(sessions=2), TrainerFactory(person=lead)
    for session in event.sessions.all():
        SessionTrainerFactory(session=session, trainer=trainer)
    BookingFactory(event=event, delegate=lead)
    assert Booking.objects.visible_to(lead).count() == 1


def test_who_may_cancel_a_booking():
    world = World()
    assert world.who(lambda person: permissions.may_cancel(person, world.booking)) == {
        "delegate",
        "line manager",
        "agency lead",
        "coordinator",
    }


def test_who_may_cancel_may_send_a_substitute_until_the_event_begins():
    world = World()
    assert world.who(lambda person: permissions.may_substitute(person, world.booking)) == {
        "delegate",
        "line manager",
        "agency lead",
        "coordinator",
    }
    world = World(days=-1)
    assert world.who(lambda person: permissions.may_substitute(person, world.booking)) == {"coordinator"}


def test_one_books_for_oneself_and_ones_staff_a_lead_for_their_agency_and_a_coordinator_for_all():
    world = World()
    delegate = world.people["delegate"]
    assert world.who(lambda person: permissions.may_book(person, delegate)) == {
        "delegate",
        "line manager",
        "agency lead",
        "coordinator",
    }


def test_an_events_bookings_are_for_coordinators_and_its_trainers():
    world = World()
    assert world.who(lambda person: permissions.may_see_bookings_of(person, world.event)) == {"trainer", "coordinator"}


@pytest.mark.parametrize(
    "question", [permissions.may_enter_cancellations, permissions.may_give_places, permissions.may_close]
)
def test_some_things_are_the_coordinators_alone(question):
    assert World().who(question) == {"coordinator"}


# --- registers ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("question", [permissions.may_mark, permissions.may_hand_in])
def test_registers_are_marked_and_handed_in_by_trainers_and_coordinators(question):
    world = World()
    assert world.who(lambda person: question(person, world.session)) == {"trainer", "coordinator"}


def test_a_trainer_of_one_day_has_the_registers_of_all_days_and_of_no_other_event():
    world = World()
    trainer = world.people["trainer"]
    second_day = SessionFactory(event=world.event, starts_at=world.event.starts_at + timedelta(days=1))
    mine = [RegisterFactory(session=session) for session in [world.session, second_day]]
    RegisterFactory()
    assert set(Register.objects.visible_to(trainer)) == set(mine)
    assert permissions.may_mark(trainer, second_day)
    assert Register.objects.visible_to(world.people["coordinator"]).count() == 3
    assert not Register.objects.visible_to(world.people["delegate"]).exists()

"""Agencies are reminded of the places that they have reserved and not named, and told when they went back."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from bookings import naming, reservations
from outbox import templates
from outbox.models import Message
from outbox.templates import NoLongerNeeded
from tests.bookings.factories import ReservationFactory
from tests.factories import AgencyFactory, EventFactory, PartnershipFactory, PersonFactory, RoleGrantFactory

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
BEGINS = datetime(2026, 12, 14, 9, 30, tzinfo=LONDON)


@pytest.fixture
def clock():
    with time_machine.travel(datetime(2026, 11, 2, 12, tzinfo=LONDON), tick=False) as moving:
        yield moving


@pytest.fixture
def reservation(clock):
    """Two places to name until 5pm on Friday 4 December 2026."""
    PartnershipFactory(training_email="training@anytown.example")
    lead = PersonFactory(name="Lea Lead", agency=AgencyFactory(name="Anytown Council"), roles=["agency-lead"])
    return ReservationFactory(
        event=EventFactory(begins=BEGINS, course__title="Neglect"),
        agency=lead.agency,
        made_by=lead,
        named_until=datetime(2026, 12, 4, 17, tzinfo=LONDON),
    )


def reminded(clock, *moment):
    clock.move_to(datetime(2026, *moment, tzinfo=LONDON))
    naming.remind()
    return Message.objects.filter(template="places_to_name").count()


def test_a_reminder_comes_once_two_working_days_before_the_end(reservation, clock):
    assert reminded(clock, 12, 1, 23) == 0
    assert reminded(clock, 12, 2, 7) == 0, "at night nobody is written to"
    assert reminded(clock, 12, 2, 8) == 1
    assert reminded(clock, 12, 3, 9) == 1
    message = Message.objects.get()
    assert message.to == reservation.made_by.email
    text = templates.make(message.template, message.reference)
    assert text.subject == "2 places to name for Neglect until 5pm on Friday 4 December 2026"
    assert "Dear Lea Lead," in text.body
    assert f"/events/{reservation.event.reference}/reserve/" in text.body


def test_it_comes_again_where_the_end_was_put_off(reservation, clock):
    assert reminded(clock, 12, 2, 8) == 1
    reservation.named_until += timedelta(days=3)
    reservation.save()
    assert reminded(clock, 12, 2, 9) == 1
    assert reminded(clock, 12, 3, 9) == 2


@pytest.mark.parametrize(
    "facts", [{"places": 0}, {"released_at": datetime(2026, 11, 2, tzinfo=LONDON)}], ids=["named", "let go"]
)
def test_it_is_dropped_when_there_is_nothing_to_name_any_more(reservation, clock, facts):
    assert reminded(clock, 12, 2, 8) == 1
    for name, value in facts.items():
        setattr(reservation, name, value)
    reservation.save()
    with pytest.raises(NoLongerNeeded):
        templates.make("places_to_name", str(reservation.pk))


def test_who_reserves_within_the_time_has_just_read_it(reservation, clock):
    reservation.made_at = datetime(2026, 12, 2, 10, tzinfo=LONDON)
    reservation.save()
    assert reminded(clock, 12, 2, 11) == 0


def test_what_was_not_named_in_time_is_told_once(reservation, clock):
    clock.move_to(datetime(2026, 12, 4, 17, 1, tzinfo=LONDON))
    for _ in range(2):
        reservations.release_unnamed(reservation.event)
    message = Message.objects.get()
    assert (message.template, message.to) == ("places_went_back", reservation.made_by.email)
    assert templates.make(message.template, message.reference).subject == (
        "2 places reserved for Anytown Council went back: Neglect"
    )


def test_what_was_named_or_let_go_is_not_told_of(reservation, clock):
    reservations.let_go(reservation=reservation, by=reservation.made_by)
    ReservationFactory(
        event=reservation.event, agency=reservation.agency, places=0, named_until=reservation.named_until
    )
    clock.move_to(datetime(2026, 12, 4, 17, 1, tzinfo=LONDON))
    reservations.release_unnamed(reservation.event)
    assert not Message.objects.exists()


def test_of_an_event_that_is_off_nobody_is_told(reservation, clock):
    reservation.event.state, reservation.event.cancelled_at = "cancelled", BEGINS
    reservation.event.save()
    for template in naming.FACTS:
        with pytest.raises(NoLongerNeeded):
            templates.make(template, str(reservation.pk))


def test_it_goes_to_who_leads_the_agency_where_who_reserved_does_not(reservation, clock):
    reservation.made_by = PersonFactory(roles=["coordinator"])
    reservation.save()
    second = PersonFactory(agency=reservation.agency)
    RoleGrantFactory(person=second, role="agency-lead")
    assert reminded(clock, 12, 2, 8) == 1
    assert "Dear Lea Lead," in templates.make("places_to_name", str(reservation.pk)).body
    reservation.made_by = second
    reservation.save()
    assert f"Dear {second.name}," in templates.make("places_to_name", str(reservation.pk)).body


def test_an_agency_without_a_lead_is_not_written_to(reservation, clock):
    reservation.made_by.roles_held.all().delete()
    assert reminded(clock, 12, 2, 8) == 0

"""What the messages about approval say when they are sent, and when they are not sent any more."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from bookings import approval, approval_links, deciding, places
from bookings.approval_links import Sent
from bookings.models import Booking
from outbox import templates
from outbox.templates import NoLongerNeeded
from tests.bookings.factories import ApprovalFactory, DeputyFactory, staff
from tests.factories import BookingFactory, CourseFactory, EventFactory, PartnershipFactory, TariffFactory

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
BEGINS = datetime(2026, 3, 9, 9, 30, tzinfo=LONDON)
UNTIL = "10am on Monday 9 February 2026"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2026, 2, 2, 10, tzinfo=LONDON), tick=False) as clock:
        yield clock


@pytest.fixture
def asked():
    PartnershipFactory(name="Anytown Partnership", training_email="training@anytown.example")
    tariff = TariffFactory(reason="cancelled-late")
    TariffFactory(policy=tariff.policy)
    event = EventFactory(places=1, course=CourseFactory(title="Working together"), begins=BEGINS)
    delegate = staff(name="Jade Lewis")
    delegate.line_manager.name = "Ann Lee"
    delegate.line_manager.save()
    return ApprovalFactory(
        booking__event=event, booking__delegate=delegate, booking__keeps_place=True, booking__policy=tariff.policy
    )


def sent_to(asked, person=None):
    return Sent(asked.booking.reference, (person or asked.asked).reference)


@pytest.mark.parametrize("template", [approval.REQUEST, approval.REMINDER])
def test_who_decides_reads_who_what_when_the_cost_and_until_when(asked, template):
    text = templates.make(template, str(sent_to(asked)))
    assert "Jade Lewis" in text.subject
    for said in (
        "Dear Ann Lee,", "Working together", "Monday 9 March 2026, 9:30am to 4:30pm", UNTIL,
        "Free to cancel until the end of Sunday 1 March 2026. After that your agency is charged £75.",
        "A place is kept meanwhile.", approval_links.address(sent_to(asked)), asked.booking.agency.name,
    ):  # fmt: skip
        assert said in text.body


def test_an_address_without_a_name_is_a_colleague():
    asked = ApprovalFactory(asked=None, email="ann@anytown.example")
    assert "Dear colleague," in templates.make(approval.REQUEST, str(Sent(asked.booking.reference, ""))).body


def test_nobody_is_asked_what_is_decided_or_over_or_not_theirs_any_more(asked, clock):
    deputy = DeputyFactory(manager=asked.asked, ends_on=timezone.localdate())
    templates.make(approval.REQUEST, str(sent_to(asked, deputy.deputy)))
    clock.shift(timedelta(days=1))
    with pytest.raises(NoLongerNeeded):
        templates.make(approval.REMINDER, str(sent_to(asked, deputy.deputy)))
    deciding.approve(booking=asked.booking, by=asked.asked)
    with pytest.raises(NoLongerNeeded):
        templates.make(approval.REMINDER, str(sent_to(asked)))
    with pytest.raises(NoLongerNeeded):
        templates.make("booking_requested", asked.booking.reference)


def test_after_the_end_nobody_is_asked_were_the_job_not_there_yet(asked, clock):
    clock.move_to(asked.ends_at)
    with pytest.raises(NoLongerNeeded):
        templates.make(approval.REQUEST, str(sent_to(asked)))


def test_who_asked_reads_who_is_asked_and_whether_a_place_is_kept(asked):
    body = templates.make("booking_requested", asked.booking.reference).body
    assert f"We have asked Ann Lee, who can answer until {UNTIL}. A place is kept for you meanwhile." in body
    Booking.objects.update(keeps_place=False)
    assert "No place is kept meanwhile" in templates.make("booking_requested", asked.booking.reference).body


def test_the_confirmation_says_who_approved(asked):
    deciding.approve(booking=asked.booking, by=asked.asked)
    assert "Ann Lee has approved it." in templates.make("booking_confirmed", asked.booking.reference).body


def test_so_does_the_message_of_who_waits(asked):
    Booking.objects.update(keeps_place=False)
    BookingFactory(event=asked.booking.event)
    deciding.approve(booking=asked.booking, by=asked.asked)
    body = templates.make("booking_waiting", asked.booking.reference).body
    assert "Ann Lee has approved it." in body
    assert "You are number 1 of 1" in body


def test_a_confirmation_of_what_nobody_had_to_approve_says_nothing_of_it():
    assert "approved" not in templates.make("booking_confirmed", BookingFactory().reference).body


def test_declined_it_gives_the_reason_in_their_words(asked):
    deciding.decline(booking=asked.booking, by=asked.asked, reason="Too few of us")
    body = templates.make("booking_declined", asked.booking.reference).body
    assert "Ann Lee has not approved your place" in body
    assert "“Too few of us”" in body


def test_declined_without_one_it_says_so(asked):
    deciding.decline(booking=asked.booking, by=asked.asked)
    assert "Ann Lee gave no reason." in templates.make("booking_declined", asked.booking.reference).body


def test_lapsed_both_read_until_when_it_was_and_what_to_do(asked, clock):
    clock.move_to(asked.ends_at)
    approval.lapse(asked.booking.event)
    delegate = templates.make("booking_request_lapsed", asked.booking.reference).body
    assert f"Ann Lee could approve your place on this event until {UNTIL}, and has not answered" in delegate
    assert "ask for a place again" in delegate
    manager = templates.make(approval.LAPSED, str(sent_to(asked))).body
    assert f"It could be approved until {UNTIL}" in manager
    assert "have them ask again" in manager
    clock.move_to(BEGINS + timedelta(days=1))
    with pytest.raises(NoLongerNeeded):
        templates.make("booking_request_lapsed", asked.booking.reference)


def test_withdrawn_it_costs_nothing(asked):
    places.cancel(booking=asked.booking, by=asked.booking.delegate)
    body = templates.make("booking_request_withdrawn", asked.booking.reference).body
    assert "nobody is asked to approve it any more" in body
    assert "nothing to pay" in body

"""What the messages about bookings say when they are sent."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from bookings import cancelling, notices, places
from outbox import templates
from outbox.templates import NoLongerNeeded
from people.models import Partnership
from tests.factories import (
    BookingFactory,
    CourseFactory,
    EventFactory,
    PartnershipFactory,
    PersonFactory,
    RoomFactory,
    TariffFactory,
    VenueFactory,
)
from training.moments import full_moment

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
BEGINS = datetime(2026, 3, 9, 9, 30, tzinfo=LONDON)


@pytest.fixture
def february():
    with time_machine.travel(datetime(2026, 2, 2, 12, tzinfo=LONDON), tick=False) as clock:
        yield clock


@pytest.fixture
def booking(february):
    PartnershipFactory(name="Anytown Partnership", training_email="training@anytown.example")
    tariff = TariffFactory(reason="cancelled-late")
    TariffFactory(policy=tariff.policy)
    event = EventFactory(course=CourseFactory(title="Working together"), begins=BEGINS)
    event.sessions.update(room=RoomFactory(venue=VenueFactory(name="Town Hall"), name="Room 3"))
    return BookingFactory(event=event, delegate=PersonFactory(name="Jade Lewis"), policy=tariff.policy)


def test_a_confirmation_says_when_where_and_until_when_it_is_free_to_cancel(booking):
    text = templates.make("booking_confirmed", booking.reference)
    assert text.subject == "Your place on Working together is confirmed"
    assert "Dear Jade Lewis," in text.body
    assert "Monday 9 March 2026, 9:30am to 4:30pm, Town Hall, Room 3" in text.body
    assert "Free to cancel until the end of Sunday 1 March 2026. After that your agency is charged £75." in text.body
    assert f"reference is {booking.reference}. Is something not right? Answer this message" in text.body
    assert f"Cancel your place: http://localhost:8000/bookings/{booking.reference}/cancel/" in text.body
    assert f"Send a colleague: http://localhost:8000/bookings/{booking.reference}/substitute/" in text.body
    assert "We will write again before the day." in text.body
    assert text.body.endswith("Anytown Partnership\n")


def test_a_late_booking_says_that_cancelling_is_no_longer_free(booking, february):
    february.move_to(BEGINS - timedelta(days=2))
    text = templates.make("booking_confirmed", booking.reference)
    assert "You can no longer cancel free of charge. If you do not come, your agency pays £75." in text.body


def test_a_confirmation_is_not_sent_when_the_place_is_gone(booking):
    places.cancel(booking=booking, by=booking.delegate)
    with pytest.raises(NoLongerNeeded):
        templates.make("booking_confirmed", booking.reference)


def test_a_confirmation_is_not_sent_after_the_event(booking, february):
    february.move_to(BEGINS + timedelta(days=1))
    with pytest.raises(NoLongerNeeded):
        templates.make("booking_confirmed", booking.reference)


def test_the_waiting_list_is_told_only_who_still_waits(booking):
    waiting = BookingFactory(event=booking.event, waiting=True)
    assert "waiting list" in templates.make("booking_waiting", waiting.reference).subject
    with pytest.raises(NoLongerNeeded):
        templates.make("booking_waiting", booking.reference)


def test_a_cancellation_says_whether_there_is_anything_to_pay(booking, february):
    february.shift(timedelta(hours=2))
    in_time = places.cancel(booking=booking, by=booking.delegate)
    assert "nothing to pay" in templates.make("booking_cancelled", in_time.reference).body
    late = BookingFactory(event=booking.event, policy=booking.policy)
    february.move_to(BEGINS - timedelta(hours=1))
    places.cancel(booking=late, by=late.delegate)
    assert "no longer free" in templates.make("booking_cancelled", late.reference).body
    waiting = BookingFactory(event=booking.event, waiting=True)
    places.cancel(booking=waiting, by=waiting.delegate)
    assert "pay" not in templates.make("booking_cancelled", waiting.reference).body


def test_who_is_substituted_out_is_told_by_whom(booking):
    places.substitute(booking=booking, substitute=PersonFactory(name="Aidan Brook"), by=booking.delegate)
    text = templates.make("booking_substituted", booking.reference)
    assert text.subject == "Aidan Brook takes over your place on Working together"


def test_a_cancelled_event_says_why(booking):
    cancelling.cancel_event(event=booking.event, by=PersonFactory(), reason="The trainer is ill.")
    assert "The trainer is ill." in templates.make("event_cancelled", booking.reference).body


def test_a_cancelled_event_names_the_date_on_which_its_people_come_first(booking):
    instead = EventFactory(course=booking.event.course, days=60)
    before = notices.cancellation_of(booking.reference, "Snow.", instead).body
    cancelling.cancel_event(event=booking.event, by=PersonFactory(), reason="Snow.", instead=instead)
    body = templates.make("event_cancelled", booking.reference).body
    assert f"You come first on another date, {full_moment(instead.starts_at)}." in body
    assert body == before
    places.cancel(booking=instead.bookings.get(), by=booking.delegate)
    assert "You come first" not in templates.make("event_cancelled", booking.reference).body


def test_messages_need_no_partnership_on_record(booking):
    Partnership.objects.all().delete()
    assert "Jade Lewis" in templates.make("booking_confirmed", booking.reference).body

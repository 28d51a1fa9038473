"""Offers: accepted, declined, put off once; what each says, and that an ended one never revives."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from bookings import offers, places, refusals
from bookings.models import Offer
from outbox import templates
from outbox.models import Message
from outbox.templates import NoLongerNeeded
from tests.bookings.factories import OfferFactory
from tests.factories import BookingFactory, CourseFactory, EventFactory, PersonFactory, TariffFactory

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
# A Monday.
BEGINS = datetime(2026, 3, 9, 9, 30, tzinfo=LONDON)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2026, 2, 2, 10, tzinfo=LONDON), tick=False) as clock:
        yield clock


@pytest.fixture
def booking():
    """Offered the one place of an event, for two days."""
    tariff = TariffFactory(reason="cancelled-late")
    TariffFactory(policy=tariff.policy)
    event = EventFactory(places=1, begins=BEGINS, course=CourseFactory(title="Working together"))
    ends_at = timezone.now() + timedelta(days=2)
    return OfferFactory(booking__event=event, booking__policy=tariff.policy, ends_at=ends_at).booking


def accept(booking):
    return offers.accept(booking=booking, by=booking.delegate)


def test_who_accepts_has_the_place(booking):
    accepted = accept(booking)
    accepted.refresh_from_db()
    assert (accepted.state, accepted.placed_at, accepted.outcome) == ("confirmed", timezone.now(), None)
    assert (accepted.offers.get().how, accepted.offers.get().ended_at) == ("accepted", timezone.now())
    assert list(Message.objects.values_list("template", "reference")) == [("booking_confirmed", booking.reference)]


def test_a_second_click_on_accept_changes_nothing(booking):
    accept(booking)
    assert accept(booking).state == "confirmed"
    assert Message.objects.count() == 1


def test_who_declines_is_off_the_list_and_owes_nothing(booking):
    declined = places.cancel(booking=booking, by=booking.delegate)
    assert (declined.state, declined.outcome, declined.notice) == ("cancelled", None, None)
    with pytest.raises(refusals.OfferOver):
        accept(booking)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1), timedelta(days=3)])
def test_an_offer_cannot_be_accepted_once_its_end_has_come_whether_the_job_was_there_or_not(booking, clock, late):
    clock.move_to(booking.offers.get().ends_at + late)
    with pytest.raises(refusals.OfferOver, match="ended at 10am on Wednesday 4 February 2026"):
        accept(booking)


def test_who_accepts_and_then_cancels_gives_the_place_to_the_next_and_has_no_offer_left(booking, clock):
    next_ = BookingFactory(event=booking.event, waiting=True)
    accept(booking)
    clock.shift(timedelta(minutes=5))
    cancelled = places.cancel(booking=booking, by=booking.delegate)
    next_.refresh_from_db()
    assert (cancelled.outcome, next_.state) == ("cancelled-in-time", "offered")
    with pytest.raises(refusals.OfferOver):
        accept(booking)


def test_an_offer_is_put_off_once(booking, clock):
    before = booking.offers.get().ends_at
    put_off = offers.put_off(booking=booking, by=booking.delegate)
    assert put_off.ends_at == before + timedelta(days=2)
    with pytest.raises(refusals.OfferOver, match="put off before"):
        offers.put_off(booking=booking, by=booking.delegate)
    clock.move_to(before + timedelta(hours=1))
    assert accept(booking).state == "confirmed"


def test_near_the_event_an_end_cannot_be_put_off(booking, clock):
    Offer.objects.update(ends_at=BEGINS - timedelta(days=1), put_off_at=timezone.now())
    Offer.objects.all().delete()
    OfferFactory(booking=booking, ends_at=BEGINS - timedelta(days=1))
    with pytest.raises(refusals.OfferOver, match="the event is near"):
        offers.put_off(booking=booking, by=booking.delegate)


def test_who_walks_in_with_an_offer_is_on_the_register(booking, clock):
    clock.move_to(BEGINS)
    walked_in = places.walk_in(event=booking.event, delegate=booking.delegate, by=PersonFactory())
    assert (walked_in.state, walked_in.source) == ("confirmed", "walk-in")
    assert walked_in.offers.get().how == "withdrawn"


# --- what is said ---------------------------------------------------------------------------------------------------
def test_an_offer_says_until_when_and_what_it_costs_to_think_better_of_it(booking):
    text = templates.make("booking_offered", booking.reference)
    assert text.subject == "A place on Working together is yours until 10am on Wednesday 4 February 2026"
    assert "Free to cancel until the end of Sunday 1 March 2026." in text.body
    assert "/waiting-list/" in text.body


def test_an_offer_past_the_free_cut_off_says_so(booking, clock):
    clock.move_to(BEGINS - timedelta(days=5))
    Offer.objects.all().delete()
    OfferFactory(booking=booking)
    text = templates.make("booking_offered", booking.reference)
    assert "You can no longer cancel free of charge. If you do not come, your agency pays £75." in text.body


def test_an_offer_is_not_sent_when_it_is_answered_or_over(booking, clock):
    clock.shift(timedelta(days=2))
    with pytest.raises(NoLongerNeeded):
        templates.make("booking_offered", booking.reference)
    clock.shift(timedelta(days=-1))
    accept(booking)
    with pytest.raises(NoLongerNeeded):
        templates.make("booking_offered", booking.reference)


def test_a_lapsed_offer_is_told_once_with_the_way_back(booking, clock):
    clock.shift(timedelta(days=2))
    [lapsed] = offers.lapse(booking.event)
    assert offers.lapse(booking.event) == []
    assert Message.objects.filter(template="booking_lapsed").count() == 1
    text = templates.make("booking_lapsed", lapsed.reference)
    assert "held for you until 10am on Wednesday 4 February 2026" in text.body
    assert "you can join it again" in text.body
    clock.move_to(BEGINS + timedelta(days=1))
    with pytest.raises(NoLongerNeeded):
        templates.make("booking_lapsed", lapsed.reference)


def test_who_waits_is_told_where_they_stand(booking):
    waiting = BookingFactory(event=booking.event, waiting=True)
    body = templates.make("booking_waiting", waiting.reference).body
    assert "You are number 1 of 1 on the waiting list. Every place is taken." in body
    assert "/waiting-list/" in body


def test_who_left_the_list_is_told_that_there_is_nothing_to_pay(booking):
    left = places.cancel(booking=booking, by=booking.delegate)
    assert Message.objects.get().template == "booking_left"
    assert "There is nothing to pay." in templates.make("booking_left", left.reference).body

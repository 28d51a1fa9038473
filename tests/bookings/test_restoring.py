"""A booking that was given up by mistake is back as it was, for ten minutes, and nobody was told of anything."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from bookings import approval, capacity, moving, needs, offers, places, queue, restoring
from bookings.models import Booking, Offer
from bookings.refusals import AlreadyBooked, NoPlacesLeft, RegisterRefused, TooLateToUndo
from bookings.steps import UNDO_FOR
from outbox import claims
from outbox.models import Message
from tests.bookings.factories import ApprovalFactory, NeedFactory, OfferFactory
from tests.factories import (
    BookingFactory,
    EventFactory,
    PersonFactory,
    RegisterFactory,
    TariffFactory,
    WorkshopChoiceFactory,
    WorkshopFactory,
)
from tests.guards import as_if_committed

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
# Both a Monday.
NOW, BEGINS = datetime(2026, 2, 2, 10, tzinfo=LONDON), datetime(2026, 3, 9, 9, 30, tzinfo=LONDON)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def event():
    return EventFactory(places=1, begins=BEGINS)


def cancelled(booking, **received):
    return places.cancel(booking=booking, by=booking.delegate, **received)


def back(booking):
    booking = restoring.undo(booking=booking, by=booking.delegate)
    as_if_committed()
    return booking


def waiting(event, count=1):
    since = timezone.now() - timedelta(days=1)
    return [BookingFactory(event=event, waiting=True, booked_at=since + timedelta(minutes=n)) for n in range(count)]


def states(*bookings):
    return [Booking.objects.get(pk=booking.pk).state for booking in bookings]


def facts(booking):
    return Booking.objects.filter(pk=booking.pk).values().get()


def posted():
    return sorted(Message.objects.values_list("template", flat=True))


def test_a_place_is_back_with_all_that_belongs_to_it_and_without_a_word(event, clock):
    TariffFactory(reason="cancelled-late")
    booking = BookingFactory(event=event, booked_at=NOW - timedelta(days=1), placed_at=NOW - timedelta(days=1))
    NeedFactory(booking=booking)
    WorkshopChoiceFactory(booking=booking, workshop=WorkshopFactory(event=event))
    (next_one,) = waiting(event)
    before = facts(booking)
    cancelled(booking, received_at=NOW - timedelta(hours=1), received_from="Ann, by telephone")
    assert states(next_one) == ["offered"]
    clock.shift(UNDO_FOR - timedelta(seconds=1))
    assert back(booking).state == "confirmed"
    assert facts(booking) == before
    assert (booking.workshop_choices.count(), needs.of_event(event).count()) == (1, 1)
    assert states(next_one) == ["waiting"]
    assert posted() == []


def test_a_second_click_changes_nothing_and_cancelled_again_they_are_told_once(event):
    booking = BookingFactory(event=event)
    cancelled(booking)
    back(booking)
    before = facts(booking)
    assert back(booking).state == "confirmed"
    assert facts(booking) == before
    cancelled(back(booking))
    assert posted() == ["booking_cancelled"]


def test_nobody_is_told_of_it_or_of_the_place_offered_before_it_is_too_late(event):
    booking = BookingFactory(event=event)
    waiting(event)
    cancelled(booking)
    assert {one.template: one.due_at for one in Message.objects.all()} == dict.fromkeys(
        ["booking_cancelled", "booking_offered"], NOW + UNDO_FOR
    )


def test_after_ten_minutes_or_once_the_message_is_being_sent_it_is_too_late(event, clock):
    other, booking = BookingFactory(), BookingFactory(event=event)
    cancelled(other)
    Message.objects.update(due_at=NOW)
    (message,) = claims.claim(Message, most=1, lease=timedelta(minutes=5))
    cancelled(booking)
    clock.shift(UNDO_FOR)
    for one in (other, booking):
        before = facts(one)
        with pytest.raises(TooLateToUndo):
            back(one)
        assert facts(one) == before
    assert message.key == f"booking-cancelled:{other.reference}:{NOW.astimezone(UTC).isoformat()}"


def test_the_place_is_lost_once_somebody_has_accepted_it(event):
    booking = BookingFactory(event=event)
    (next_one,) = waiting(event)
    cancelled(booking)
    offers.accept(booking=next_one, by=next_one.delegate)
    with pytest.raises(NoPlacesLeft, match="somebody else’s by now"):
        back(booking)
    assert states(booking, next_one) == ["cancelled", "confirmed"]
    assert "booking_cancelled" in posted()


def test_an_offer_so_short_that_each_minute_counts_is_told_at_once_and_kept(event, clock):
    # Twenty-six hours before, so that offers end in two.
    clock.move_to(BEGINS - timedelta(hours=26))
    booking = BookingFactory(event=event)
    (next_one,) = waiting(event)
    cancelled(booking)
    assert Offer.objects.get().ends_at - timezone.now() <= queue.SHORT
    offered = Message.objects.get(template="booking_offered")
    assert offered.due_at == timezone.now()
    claims.claim(Message, most=1, lease=timedelta(minutes=5))
    with pytest.raises(NoPlacesLeft):
        back(booking)
    assert states(next_one) == ["offered"]


def test_of_two_given_up_one_is_back_and_the_other_place_stays_with_the_first_on_the_list(event, clock):
    capacity.change_places(event=event, places=2, by=PersonFactory())
    one, other = BookingFactory.create_batch(2, event=event)
    first, second = waiting(event, 2)
    cancelled(one)
    clock.shift(60)
    cancelled(other)
    assert states(first, second) == ["offered", "offered"]
    back(one)
    assert states(one, first, second) == ["confirmed", "offered", "waiting"]
    assert Message.objects.filter(template="booking_offered").get().reference == first.reference


def test_who_left_the_list_stands_where_they_stood_and_who_declined_has_the_same_offer(event):
    BookingFactory(event=event)
    first, second = waiting(event, 2)
    cancelled(first)
    assert back(first).state == "waiting"
    assert list(event.bookings.waiting()) == [first, second]
    offer = OfferFactory(booking__event=EventFactory(places=1, begins=BEGINS), ends_at=NOW + timedelta(hours=7))
    (behind,) = waiting(offer.booking.event)
    cancelled(offer.booking)
    assert back(offer.booking).state == "offered"
    again = offer.booking.offers.live().get()
    assert again.ends_at == offer.ends_at
    assert states(behind) == ["waiting"]


def test_what_has_another_booking_or_a_closed_register_is_not_brought_back(event):
    booking, closed = BookingFactory(event=event), BookingFactory()
    cancelled(booking)
    places.book(event=event, delegate=booking.delegate, by=booking.delegate)
    with pytest.raises(AlreadyBooked):
        back(booking)
    cancelled(closed)
    RegisterFactory(session=closed.event.sessions.get(), closed=True)
    with pytest.raises(RegisterRefused):
        back(closed)


def test_a_request_a_move_and_a_substitution_cannot_be(event):
    request, moved, sent = ApprovalFactory().booking, BookingFactory(event=event), BookingFactory()
    cancelled(request)
    moving.move(booking=moved, to=EventFactory(course=event.course), by=moved.delegate)
    places.substitute(booking=sent, substitute=PersonFactory(), by=sent.delegate)
    found = restoring.with_undo_until(Booking.objects.filter(state="cancelled"))
    assert {one.undo_until for one in found} == {None}
    assert approval.latest_of([request])[request.pk].decision == "withdrawn"

"""Places: booking, waiting, cancelling, substituting, walking in; each refusal and each message."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings import places, refusals
from bookings.models import Booking
from outbox.models import Message
from tests.factories import (
    BookingFactory,
    ChargingPolicyFactory,
    CourseFactory,
    EventFactory,
    PersonFactory,
    RegisterFactory,
    TariffFactory,
)
from tests.guards import sql

pytestmark = pytest.mark.django_db


def messages():
    return list(Message.objects.order_by("created_at", "key").values_list("template", "to", "reference"))


def full_event(**fields):
    event = EventFactory(places=1, **fields)
    BookingFactory(event=event)
    return event


# --- book -----------------------------------------------------------------------------------------------------------
def test_a_delegate_gets_a_place():
    event, delegate, lead = EventFactory(), PersonFactory(), PersonFactory()
    booking = places.book(event=event, delegate=delegate, by=lead)
    booking.refresh_from_db()
    assert (booking.event, booking.delegate, booking.booked_by) == (event, delegate, lead)
    assert (booking.state, booking.source, booking.outcome) == ("confirmed", "booked", None)
    assert booking.placed_at == booking.booked_at
    assert booking.agency == delegate.agency
    assert messages() == [("booking_confirmed", delegate.email, booking.reference)]


def test_a_full_event_puts_the_next_delegate_on_the_waiting_list():
    delegate = PersonFactory()
    booking = places.book(event=full_event(), delegate=delegate, by=delegate)
    booking.refresh_from_db()
    assert (booking.state, booking.placed_at) == ("waiting", None)
    assert messages() == [("booking_waiting", delegate.email, booking.reference)]


def test_a_place_that_came_free_is_for_who_waits_and_not_for_who_comes():
    event = EventFactory(places=2)
    BookingFactory(event=event)
    BookingFactory(event=event, waiting=True)
    newcomer = PersonFactory()
    assert places.book(event=event, delegate=newcomer, by=newcomer).state == "waiting"


def test_who_comes_gets_a_place_where_there_are_more_than_the_queue_needs():
    event = EventFactory(places=3)
    BookingFactory(event=event)
    BookingFactory(event=event, waiting=True)
    newcomer = PersonFactory()
    assert places.book(event=event, delegate=newcomer, by=newcomer).state == "confirmed"


def test_a_place_that_was_overbooked_is_not_given_out_again():
    event = EventFactory(places=1, overbooking=1, overbooking_reason="A bigger room")
    BookingFactory(event=event)
    newcomer = PersonFactory()
    assert places.book(event=event, delegate=newcomer, by=newcomer).state == "waiting"


def test_walk_ins_take_no_place():
    event = EventFactory(places=1)
    BookingFactory(event=event, source="walk-in")
    newcomer = PersonFactory()
    assert places.book(event=event, delegate=newcomer, by=newcomer).state == "confirmed"


def test_the_second_click_is_refused_with_the_reference_of_the_first():
    event, delegate = EventFactory(), PersonFactory()
    first = places.book(event=event, delegate=delegate, by=delegate)
    with pytest.raises(refusals.AlreadyBooked, match=first.reference):
        places.book(event=event, delegate=delegate, by=delegate)
    assert event.bookings.count() == 1


def test_who_cancelled_can_book_again():
    booking = BookingFactory(cancelled=True)
    again = places.book(event=booking.event, delegate=booking.delegate, by=booking.delegate)
    assert again.state == "confirmed"


def test_a_booking_keeps_the_policy_in_force_when_it_was_made():
    today = timezone.localdate()
    ChargingPolicyFactory(in_force_from=today - timedelta(days=400))
    now = ChargingPolicyFactory(in_force_from=today)
    ChargingPolicyFactory(in_force_from=today + timedelta(days=1))
    delegate = PersonFactory()
    assert places.book(event=EventFactory(), delegate=delegate, by=delegate).policy == now


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"state": "draft"}, refusals.NotOpen),
        ({"state": "cancelled", "cancelled_at": timezone.now()}, refusals.NotOpen),
        ({"sessions": 0}, refusals.NotOpen),
        ({"days": -1}, refusals.HasBegun),
    ],
)
def test_no_place_on_an_event_that_is_off_or_has_begun(fields, refusal):
    delegate = PersonFactory()
    event = EventFactory(**fields)
    with pytest.raises(refusal):
        places.book(event=event, delegate=delegate, by=delegate)
    assert not Booking.objects.exists()
    assert messages() == []


def test_who_has_left_is_not_booked():
    leaver = PersonFactory(left_on=timezone.localdate())
    with pytest.raises(refusals.HasLeft, match="recorded as having left"):
        places.book(event=EventFactory(), delegate=leaver, by=leaver)


@pytest.mark.parametrize("others", [0, 20])
def test_booking_takes_four_statements_whoever_is_there(others, django_assert_num_queries):
    event, delegate = EventFactory(places=10), PersonFactory()
    for n in range(others):
        BookingFactory(event=event, waiting=n >= 10)
    with django_assert_num_queries(6):  # the savepoint of the test's own transaction and its release are two
        places.book(event=event, delegate=delegate, by=delegate)


def test_nobody_without_an_address_is_written_to():
    delegate = PersonFactory(email="")
    places.book(event=EventFactory(), delegate=delegate, by=delegate)
    assert messages() == []


# --- waiting list and overbooking -----------------------------------------------------------------------------------
def test_the_first_on_the_waiting_list_gets_the_free_place():
    event, coordinator = EventFactory(places=1), PersonFactory()
    now = timezone.now()
    late = BookingFactory(event=event, waiting=True, booked_at=now)
    early = BookingFactory(event=event, waiting=True, booked_at=now - timedelta(hours=1))
    assert places.confirm_waiting(event=event, by=coordinator) == early
    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.state, late.state) == ("confirmed", "waiting")
    assert early.placed_at > early.booked_at
    assert messages() == [("booking_confirmed", early.delegate.email, early.reference)]


def test_a_coordinator_may_choose_who_gets_it():
    event = EventFactory(places=1)
    BookingFactory(event=event, waiting=True)
    chosen = BookingFactory(event=event, waiting=True)
    assert places.confirm_waiting(event=event, by=PersonFactory(), booking=chosen) == chosen


def test_without_a_free_place_nobody_is_taken_from_the_waiting_list():
    event = full_event()
    BookingFactory(event=event, waiting=True)
    with pytest.raises(refusals.NoPlacesLeft, match="Add places"):
        places.confirm_waiting(event=event, by=PersonFactory())


def test_an_empty_waiting_list_says_so():
    event = EventFactory()
    with pytest.raises(refusals.NobodyWaits, match="Nobody waits"):
        places.confirm_waiting(event=event, by=PersonFactory())
    confirmed = BookingFactory(event=event)
    with pytest.raises(refusals.NobodyWaits, match="not on the waiting list"):
        places.confirm_waiting(event=event, by=PersonFactory(), booking=confirmed)


def test_overbooking_gives_a_place_beyond_the_last_and_keeps_the_reason():
    event, delegate, coordinator = full_event(), PersonFactory(), PersonFactory()
    booking = places.overbook(event=event, delegate=delegate, by=coordinator, reason="A chair more fits")
    event.refresh_from_db()
    assert (booking.state, event.places, event.overbooking) == ("confirmed", 1, 1)
    assert event.overbooking_reason == "A chair more fits"
    places.overbook(event=event, delegate=PersonFactory(), by=coordinator, reason="And another")
    event.refresh_from_db()
    assert (event.overbooking, event.overbooking_reason) == (2, "And another; A chair more fits")


def test_overbooking_who_waits_confirms_their_booking():
    event = full_event()
    waiting = BookingFactory(event=event, waiting=True)
    confirmed = places.overbook(event=event, delegate=waiting.delegate, by=PersonFactory(), reason="Urgent")
    assert (confirmed.pk, confirmed.state) == (waiting.pk, "confirmed")


def test_overbooking_past_the_queue_while_a_place_is_free_raises_nothing():
    event = EventFactory(places=1)
    BookingFactory(event=event, waiting=True)
    places.overbook(event=event, delegate=PersonFactory(), by=PersonFactory(), reason="Urgent")
    event.refresh_from_db()
    assert event.overbooking == 0


def test_overbooking_needs_a_reason_and_a_delegate_without_a_place():
    event = full_event()
    with pytest.raises(refusals.ReasonMissing):
        places.overbook(event=event, delegate=PersonFactory(), by=PersonFactory(), reason=" ")
    with pytest.raises(refusals.AlreadyBooked):
        places.overbook(event=event, delegate=event.bookings.get().delegate, by=PersonFactory(), reason="Twice")


# --- cancel ---------------------------------------------------------------------------------------------------------
def booked(days_ahead, booked_days_ago=30, minutes=60, **fields):
    """A booking under a policy that asks for 5 working days."""
    tariff = TariffFactory(reason="cancelled-late", policy__minutes_to_reconsider=minutes)
    booked_at = timezone.now() - timedelta(days=booked_days_ago)
    return BookingFactory(event=EventFactory(days=days_ahead), policy=tariff.policy, booked_at=booked_at, **fields)


def test_a_cancellation_weeks_before_is_in_time():
    booking = booked(days_ahead=28)
    places.cancel(booking=booking, by=booking.delegate)
    booking.refresh_from_db()
    assert (booking.state, booking.outcome, booking.cancelled_by) == (
        "cancelled",
        "cancelled-in-time",
        booking.delegate,
    )
    assert booking.received_at == booking.cancelled_at
    assert booking.notice in {19, 20}  # by the day of the week that today is
    assert messages() == [("booking_cancelled", booking.delegate.email, booking.reference)]


def test_a_cancellation_on_the_day_before_is_late():
    booking = booked(days_ahead=1)
    places.cancel(booking=booking, by=booking.delegate)
    booking.refresh_from_db()
    assert (booking.outcome, booking.notice) == ("cancelled-late", 0)


def test_notice_counts_from_when_it_was_received_and_not_from_when_it_was_entered():
    booking, coordinator = booked(days_ahead=1), PersonFactory()
    received_at = timezone.now() - timedelta(days=20)
    cancelled = places.cancel(
        booking=booking, by=coordinator, received_at=received_at, received_from="their manager, by telephone"
    )
    assert (cancelled.outcome, cancelled.received_at) == ("cancelled-in-time", received_at)
    assert cancelled.cancelled_at > received_at
    assert (cancelled.cancelled_by, cancelled.received_from) == (coordinator, "their manager, by telephone")


def test_one_entered_after_the_event_counts_if_it_was_received_before():
    booking = booked(days_ahead=-2)
    cancelled = places.cancel(
        booking=booking, by=PersonFactory(), received_at=booking.event.starts_at - timedelta(days=1)
    )
    assert cancelled.outcome == "cancelled-late"


def test_cancelling_within_an_hour_of_booking_is_free_whatever_the_notice():
    booking = booked(days_ahead=1, booked_days_ago=0)
    assert places.cost_of_cancelling(booking).tariff is None
    assert places.cancel(booking=booking, by=booking.delegate).outcome == "cancelled-in-time"


def test_the_hour_runs_from_when_the_place_was_given_to_who_waited():
    booking = booked(days_ahead=1, placed_at=timezone.now())
    assert places.cancel(booking=booking, by=booking.delegate).outcome == "cancelled-in-time"


def test_a_policy_may_give_no_time_to_reconsider():
    booking = booked(days_ahead=1, booked_days_ago=0, minutes=0)
    assert places.cancel(booking=booking, by=booking.delegate).outcome == "cancelled-late"


def test_a_substitute_who_cancels_at_once_does_not_make_a_late_cancellation_free():
    booking = booked(days_ahead=1)
    taken_over = places.substitute(booking=booking, substitute=PersonFactory(), by=booking.delegate)
    assert taken_over.policy is not None
    assert places.cancel(booking=taken_over, by=booking.delegate).outcome == "cancelled-late"


def test_an_imported_booking_has_no_hour_to_reconsider_as_its_date_has_no_time():
    booking = booked(days_ahead=1, booked_days_ago=0, imported_at=timezone.now())
    assert places.cancel(booking=booking, by=booking.delegate).outcome == "cancelled-late"


def move_by_days(event, days):
    sql("update training_session set starts_at = starts_at + %s, ends_at = ends_at + %s", *[timedelta(days=days)] * 2)
    event.refresh_from_db()


def test_who_had_a_place_before_the_event_moved_to_another_day_gives_it_up_free_of_charge_until_it_begins():
    booking = booked(days_ahead=3)
    move_by_days(booking.event, -1)
    assert places.cost_of_cancelling(booking).free_until == booking.event.starts_at
    assert places.cancel(booking=booking, by=booking.delegate).outcome == "cancelled-in-time"


def test_who_took_the_place_on_the_new_day_knew_it():
    booking = booked(days_ahead=3, minutes=0)
    move_by_days(booking.event, -1)
    booking.placed_at = booking.event.moved_at
    booking.save()
    assert places.cancel(booking=booking, by=booking.delegate).outcome == "cancelled-late"


@pytest.mark.parametrize("what", ["no policy", "a course the policy does not charge for"])
def test_where_nothing_is_charged_no_cancellation_is_late(what):
    booking = booked(days_ahead=1)
    if what == "no policy":
        booking.policy = None
        booking.save()
    else:
        booking.event.course = CourseFactory(delivery="conference")
        booking.event.save()
    assert places.cancel(booking=booking, by=booking.delegate).outcome == "cancelled-in-time"


def test_who_only_waited_leaves_the_list_without_an_outcome():
    booking = BookingFactory(event=full_event(days=1), waiting=True)
    cancelled = places.cancel(booking=booking, by=booking.delegate)
    assert (cancelled.state, cancelled.outcome, cancelled.notice) == ("cancelled", None, None)


def test_a_second_cancellation_is_refused_and_changes_nothing():
    booking = BookingFactory()
    first = places.cancel(booking=booking, by=booking.delegate)
    with pytest.raises(refusals.AlreadyCancelled):
        places.cancel(booking=booking, by=PersonFactory())
    assert Booking.objects.get().cancelled_at == first.cancelled_at
    assert len(messages()) == 1


def test_a_cancellation_cannot_have_come_in_the_future_or_before_the_booking():
    booking = BookingFactory()
    for received_at in [timezone.now() + timedelta(minutes=1), booking.booked_at - timedelta(minutes=1)]:
        with pytest.raises(refusals.WrongMoment):
            places.cancel(booking=booking, by=booking.delegate, received_at=received_at)


def test_once_the_event_has_begun_it_is_the_registers_matter():
    booking = booked(days_ahead=-1)
    with pytest.raises(refusals.HasBegun, match="register"):
        places.cancel(booking=booking, by=booking.delegate)


def test_a_closed_register_takes_no_late_entry():
    booking = booked(days_ahead=-2)
    RegisterFactory(session=booking.event.sessions.get(), closed=True)
    Booking.objects.update(outcome="did-not-attend")
    with pytest.raises(refusals.HasBegun, match="reopen"):
        places.cancel(booking=booking, by=PersonFactory(), received_at=booking.event.starts_at - timedelta(days=1))

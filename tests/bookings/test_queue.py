"""The waiting list moves whenever a place is free and offers may be made, in order, and says why when it does not."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from bookings import capacity, offers, places, queue, reservations, tasks
from bookings.models import Booking
from outbox.models import Job, Message
from outbox.progress import Progress
from tests.bookings.factories import CapFactory, HoldFactory, OfferFactory, ReservationFactory
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    EventFactory,
    JobFactory,
    PersonFactory,
    WorkshopChoiceFactory,
    WorkshopFactory,
)

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
# A Monday.
BEGINS = datetime(2026, 3, 9, 9, 30, tzinfo=LONDON)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2026, 2, 2, 10, tzinfo=LONDON), tick=False) as clock:
        yield clock


@pytest.fixture
def event():
    return EventFactory(places=1, begins=BEGINS)


def full(event):
    """The event with its places taken; returns their bookings."""
    return BookingFactory.create_batch(event.places, event=event)


def waiting(event, count=1, **fields):
    """So many on the list, a minute one after the other."""
    since = timezone.now() - timedelta(days=1)
    return [
        BookingFactory(event=event, waiting=True, booked_at=since + timedelta(minutes=number), **fields)
        for number in range(count)
    ]


def states(*bookings):
    for booking in bookings:
        booking.refresh_from_db()
    return [booking.state for booking in bookings]


def run_job():
    return tasks.move_lists(JobFactory(), Progress(Job()))


def cancel(booking):
    return places.cancel(booking=booking, by=booking.delegate)


# --- it moves -------------------------------------------------------------------------------------------------------
def test_a_cancelled_place_is_offered_to_the_first_in_the_queue(event):
    [booked], [first, second] = full(event), waiting(event, 2)
    cancel(booked)
    assert states(first, second) == ["offered", "waiting"]
    offer = first.offers.get()
    assert offer.ends_at == datetime(2026, 2, 4, 10, tzinfo=LONDON)
    assert set(Message.objects.values_list("template", "reference")) == {
        ("booking_cancelled", booked.reference),
        ("booking_offered", first.reference),
    }


def test_a_declined_offer_goes_to_the_next(event):
    [booked], [first, second] = full(event), waiting(event, 2)
    cancel(booked)
    cancel(first)
    assert states(first, second) == ["cancelled", "offered"]
    assert first.offers.get().how == "declined"
    assert (first.outcome, first.placed_at) == (None, None)
    assert Message.objects.filter(template="booking_left", reference=first.reference).exists()


def test_an_offer_that_nobody_answers_lapses_and_goes_to_the_next(event, clock):
    [booked], [first, second] = full(event), waiting(event, 2)
    cancel(booked)
    clock.move_to(first.offers.get().ends_at - timedelta(seconds=1))
    run_job()
    assert states(first, second) == ["offered", "waiting"]
    clock.shift(timedelta(seconds=1))
    assert run_job()["events"] == 1
    assert states(first, second) == ["cancelled", "offered"]
    assert (first.cancelled_by, first.outcome, first.offers.get().how) == (None, None, "lapsed")
    assert Message.objects.filter(template="booking_lapsed", reference=first.reference).count() == 1


def test_the_job_run_again_changes_nothing(event, clock):
    [booked], _ = full(event), waiting(event, 2)
    cancel(booked)
    clock.shift(timedelta(days=3))
    run_job()
    before = list(Booking.objects.order_by("pk").values())
    messages = Message.objects.count()
    run_job()
    assert (list(Booking.objects.order_by("pk").values()), Message.objects.count()) == (before, messages)


def test_more_places_are_offered_in_order(event):
    full(event)
    bookings = waiting(event, 3)
    capacity.change_places(event=event, places=3, by=PersonFactory())
    assert states(*bookings) == ["offered", "offered", "waiting"]


def test_fewer_places_than_are_promised_are_refused(event):
    capacity.change_places(event=event, places=3, by=PersonFactory())
    OfferFactory(booking__event=event)
    ReservationFactory(event=event, places=1)
    with pytest.raises(places.refusals.PlacesHeld, match="2 places"):
        capacity.change_places(event=event, places=1, by=PersonFactory())
    capacity.change_places(event=event, places=2, by=PersonFactory())
    event.refresh_from_db()
    assert event.places == 2


def test_a_published_event_offers_its_places_to_who_waits_for_it():
    event = EventFactory(state="draft", places=1, begins=BEGINS)
    [first] = waiting(event)
    capacity.publish(event=event, by=PersonFactory())
    assert states(first) == ["offered"]


def test_who_comes_does_not_get_what_is_offered(event):
    [booked], _ = full(event), waiting(event)
    cancel(booked)
    newcomer = PersonFactory()
    assert places.book(event=event, delegate=newcomer, by=newcomer).state == "waiting"


def test_of_two_who_came_at_the_same_moment_the_one_booked_first_is_first(event):
    [booked] = full(event)
    now = timezone.now()
    one, other = BookingFactory.create_batch(2, event=event, waiting=True, booked_at=now)
    cancel(booked)
    assert states(one, other) == ["offered", "waiting"]


def test_the_list_moves_in_seven_statements_however_many_wait(event, django_assert_num_queries):
    event.places = 20
    event.save()
    waiting(event, 20)
    # The queue, two for the terms, the room, offers, bookings, messages.
    with django_assert_num_queries(7):
        assert len(queue.promote(event)) == 20


# --- it does not ----------------------------------------------------------------------------------------------------
def test_nothing_is_offered_when_the_event_is_near_or_has_begun(event, clock):
    [booked], [first] = full(event), waiting(event)
    clock.move_to(BEGINS - timedelta(hours=23))
    cancel(booked)
    clock.move_to(BEGINS + timedelta(hours=1))
    run_job()
    assert states(first) == ["waiting"]


def test_an_overfull_event_offers_nothing_until_a_place_is_free():
    event = EventFactory(places=1, overbooking=1, overbooking_reason="A chair more", begins=BEGINS)
    booked, [first] = BookingFactory.create_batch(2, event=event), waiting(event)
    cancel(booked[0])
    assert states(first) == ["waiting"]
    cancel(booked[1])
    assert states(first) == ["offered"]


def test_who_has_left_is_passed_over(event):
    [booked], [gone, next_] = full(event), waiting(event, 2)
    gone.delegate.left_on = timezone.localdate()
    gone.delegate.save()
    cancel(booked)
    assert states(gone, next_) == ["waiting", "offered"]


def test_who_chose_a_full_workshop_is_passed_over():
    workshop = WorkshopFactory(places=1, event=EventFactory(places=2, begins=BEGINS))
    WorkshopChoiceFactory(workshop=workshop)
    chose, did_not = waiting(workshop.event, 2)
    WorkshopChoiceFactory(workshop=workshop, booking=chose)
    run_job()
    assert states(chose, did_not) == ["waiting", "offered"]


# --- shared out -----------------------------------------------------------------------------------------------------
def test_places_kept_for_an_agency_are_offered_to_its_people_only(event, clock):
    hold = HoldFactory(event=event, until=timezone.now() + timedelta(days=7))
    [stranger], [colleague] = waiting(event), waiting(event, delegate__agency=hold.agency)
    run_job()
    assert states(stranger, colleague) == ["waiting", "offered"]
    cancel(colleague)
    assert states(stranger) == ["waiting"]
    clock.shift(timedelta(days=8))
    run_job()
    assert states(stranger) == ["offered"]


def test_places_kept_for_a_type_are_for_all_of_it(event):
    police = AgencyFactory(type="police")
    until = timezone.now() + timedelta(days=7)
    capacity.keep(event=event, agency_type="police", places=1, until=until, by=PersonFactory())
    one, other = PersonFactory(), PersonFactory(agency=police)
    assert places.book(event=event, delegate=one, by=one).state == "waiting"
    assert places.book(event=event, delegate=other, by=other).state == "confirmed"


def test_a_hold_that_is_ended_lets_the_list_move(event):
    hold = HoldFactory(event=event)
    [first] = waiting(event)
    for _ in range(2):
        capacity.stop_keeping(hold=hold, by=PersonFactory())
    assert states(first) == ["offered"]


def test_no_agency_has_more_than_its_cap():
    event = CapFactory(event=EventFactory(places=3, begins=BEGINS)).event
    one, colleague = PersonFactory.create_batch(2, agency=AgencyFactory())
    stranger = PersonFactory()
    booked = [places.book(event=event, delegate=delegate, by=delegate) for delegate in (one, colleague, stranger)]
    assert [booking.state for booking in booked] == ["confirmed", "waiting", "confirmed"]
    cancel(booked[0])
    assert states(booked[1]) == ["offered"]


def test_a_cap_that_is_lifted_lets_the_list_move():
    event = CapFactory(event=EventFactory(places=3, begins=BEGINS)).event
    booked = BookingFactory(event=event)
    [colleague] = waiting(event, delegate__agency=booked.agency)
    capacity.cap(event=event, places=None, by=PersonFactory())
    assert states(colleague) == ["offered"]


# --- reserved -------------------------------------------------------------------------------------------------------
def reserve(event, agency, count, days=7):
    return reservations.reserve(
        event=event, agency=agency, places=count, named_until=timezone.now() + timedelta(days=days), by=PersonFactory()
    )


def test_reserved_places_are_named_later():
    event, agency = EventFactory(places=2, begins=BEGINS), AgencyFactory()
    reservation = reserve(event, agency, 2)
    stranger, named = PersonFactory(), PersonFactory(agency=agency)
    assert places.book(event=event, delegate=stranger, by=stranger).state == "waiting"
    assert reservations.name(reservation=reservation, delegate=named, by=PersonFactory()).state == "confirmed"
    reservation.refresh_from_db()
    assert reservation.places == 1
    with pytest.raises(places.refusals.PlacesHeld, match="somebody of"):
        reservations.name(reservation=reservation, delegate=stranger, by=PersonFactory())


def test_what_is_not_named_in_time_goes_to_the_list(clock):
    event = EventFactory(places=1, begins=BEGINS)
    reservation = reserve(event, AgencyFactory(), 1)
    [first] = waiting(event)
    clock.shift(timedelta(days=8))
    with pytest.raises(places.refusals.NoPlacesLeft):
        reservations.name(reservation=reservation, delegate=PersonFactory(), by=PersonFactory())
    run_job()
    assert states(first) == ["offered"]


def test_a_reservation_is_given_back_at_once_when_it_is_let_go():
    event = EventFactory(places=1, begins=BEGINS)
    reservation = reserve(event, AgencyFactory(), 1)
    [first] = waiting(event)
    for _ in range(2):
        reservations.let_go(reservation=reservation, by=PersonFactory())
    assert states(first) == ["offered"]


def test_all_places_asked_for_are_reserved_or_none():
    event = EventFactory(places=3, begins=BEGINS)
    BookingFactory(event=event)
    with pytest.raises(places.refusals.PlacesHeld, match="can have 2 places"):
        reserve(event, AgencyFactory(), 3)
    assert not event.reservations.exists()


def test_more_can_be_reserved_and_nobody_jumps_the_queue():
    event, agency = EventFactory(places=4, begins=BEGINS), AgencyFactory()
    reserve(event, agency, 1)
    assert reserve(event, agency, 1).places == 2
    waiting(event, 1)
    assert reserve(event, agency, 1).places == 3
    with pytest.raises(places.refusals.PlacesHeld):
        reserve(event, agency, 1)


@pytest.mark.parametrize("days", [-1, 400])
def test_names_are_asked_for_between_now_and_the_event(event, days):
    with pytest.raises(places.refusals.WrongMoment):
        reserve(event, AgencyFactory(), 1, days=days)


# --- it says why ----------------------------------------------------------------------------------------------------
def why(booking):
    return str(queue.standing(booking))


def test_a_full_event_says_what_it_waits_for(event):
    full(event)
    _, second = waiting(event, 2)
    assert why(second) == (
        "You are number 2 of 2 on the waiting list. Every place is taken. When one becomes free the first on the list "
        "is offered it. Places are offered until 9:30am on Sunday 8 March 2026."
    )


def test_a_place_on_offer_to_another_is_told_with_its_end(event):
    [booked], [_, second] = full(event), waiting(event, 2)
    cancel(booked)
    assert "You are number 1 of 1" in why(second)
    assert "offered to somebody else until 10am on Wednesday 4 February 2026" in why(second)


def test_too_late_is_told_with_the_moment(event, clock):
    [booked], [first] = full(event), waiting(event)
    clock.move_to(BEGINS - timedelta(hours=23))
    cancel(booked)
    assert "No more places are offered: the last offers ended at 9:30am on Sunday 8 March 2026" in why(first)


def test_kept_capped_and_full_workshops_are_told():
    event = EventFactory(places=2, begins=BEGINS)
    hold = HoldFactory(event=event, places=2)
    [first] = waiting(event)
    assert "kept for other agencies" in why(first)
    hold.delete()
    CapFactory(event=event)
    BookingFactory(event=event, delegate__agency=first.agency)
    assert "one agency may have here: 1." in why(first)
    workshop = WorkshopFactory(places=1, event=EventFactory(places=2, begins=BEGINS))
    WorkshopChoiceFactory(workshop=workshop)
    [chose] = waiting(workshop.event)
    WorkshopChoiceFactory(workshop=workshop, booking=chose)
    assert "a workshop that you chose is full" in why(chose)


def test_a_draft_and_a_place_about_to_be_offered_are_told(event):
    [first] = waiting(event)
    assert "A place is free, and you will be offered it within minutes." in why(first)
    draft = EventFactory(state="draft", begins=BEGINS)
    [undecided] = waiting(draft)
    assert "until the event has a date and is published" in why(undecided)


def test_why_takes_four_statements_however_many_wait(event, django_assert_num_queries):
    full(event)
    *_, last = waiting(event, 20)
    with django_assert_num_queries(4):
        why(last)


# --- coordinators -----------------------------------------------------------------------------------------------
def test_a_coordinator_still_gives_a_place_past_the_queue(event, clock):
    [booked], [first, second] = full(event), waiting(event, 2)
    clock.move_to(BEGINS - timedelta(hours=20))
    cancel(booked)
    places.confirm_waiting(event=event, booking=second, by=PersonFactory())
    assert states(first, second) == ["waiting", "confirmed"]


def test_answered_and_lapsed_offers_leave_the_list_in_order(event, clock):
    [booked], bookings = full(event), waiting(event, 4)
    cancel(booked)
    offers.accept(booking=bookings[0], by=bookings[0].delegate)
    cancel(bookings[0])
    clock.shift(timedelta(days=3))
    run_job()
    assert states(*bookings) == ["cancelled", "cancelled", "offered", "waiting"]

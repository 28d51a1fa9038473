"""What users of other booking systems complain about most (nine clusters), each answered.

10 to 15 are about registers, certificates, trainers and vendors: tests/bookings/test_register.py, and parts to come.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from bookings import capacity, links, offers, places, queue, refusals, reservations, tasks
from outbox.models import Job, Message
from outbox.progress import Progress
from tests.bookings.factories import ApprovalFactory, OfferFactory
from tests.factories import (
    AccountFactory,
    AgencyFactory,
    BookingFactory,
    EventFactory,
    JobFactory,
    PersonFactory,
    WorkshopChoiceFactory,
    WorkshopFactory,
)
from tests.guards import at_once
from tests.signing_in import enter

LONDON = ZoneInfo("Europe/London")
# A Monday.
BEGINS = datetime(2026, 3, 9, 9, 30, tzinfo=LONDON)


@pytest.fixture
def clock(db):
    with time_machine.travel(datetime(2026, 2, 2, 10, tzinfo=LONDON), tick=False) as clock:
        yield clock


@pytest.fixture
def event(clock):
    return EventFactory(places=1, begins=BEGINS)


def book(event, delegate=None):
    delegate = delegate or PersonFactory()
    return places.book(event=event, delegate=delegate, by=delegate)


def cancel(booking):
    return places.cancel(booking=booking, by=booking.delegate)


def accept(booking):
    return offers.accept(booking=booking, by=booking.delegate)


def pass_time(clock, **time):
    clock.shift(timedelta(**time))
    tasks.move_lists(JobFactory(), Progress(Job()))


def state(booking):
    booking.refresh_from_db()
    return booking.state


# --- 1 The waiting list does not move, or moves at the wrong moment -------------------------------------------------
def test_1_the_list_moves_whatever_frees_a_place(event, clock):
    booked, *waiting = [book(event) for _ in range(5)]
    cancel(booked)
    assert state(waiting[0]) == "offered"
    cancel(waiting[0])
    assert state(waiting[1]) == "offered"
    pass_time(clock, days=3)
    assert (state(waiting[1]), state(waiting[2])) == ("cancelled", "offered")
    capacity.change_places(event=event, places=2, by=PersonFactory())
    assert state(waiting[3]) == "offered"


def test_1_nobody_is_put_on_the_list_while_a_place_is_free(event):
    assert book(event).state == "confirmed"


def test_1_nobody_is_offered_a_place_once_offers_have_stopped_or_the_event_has_begun(event, clock):
    booked, waiting = book(event), book(event)
    clock.move_to(BEGINS - timedelta(hours=23))
    cancel(booked)
    pass_time(clock, hours=25)
    assert state(waiting) == "waiting"
    assert not Message.objects.filter(template="booking_offered").exists()


def test_1_who_accepts_and_then_cancels_leaves_no_place_blocked(event, clock):
    booked, first, second = [book(event) for _ in range(3)]
    cancel(booked)
    cancel(accept(first))
    assert state(second) == "offered"
    with pytest.raises(refusals.OfferOver):
        accept(first)


def test_1_why_no_offer_was_made_can_be_seen(event, client):
    _, waiting = book(event), book(event)
    page = client.get(links.path(waiting.reference)).content.decode()
    assert "You are number 1 of 1 on the waiting list." in page
    assert "Every place is taken. When one becomes free the first on the list is offered it." in page


# --- 2 No waiting list at all ---------------------------------------------------------------------------------------
def test_2_a_full_event_has_a_waiting_list_and_says_so(event, client):
    book(event)
    delegate = PersonFactory(account=AccountFactory())
    enter(client, delegate.account)
    address = reverse("events:book", args=[event.reference])
    assert "goes on the waiting list, as number 1" in client.get(address).content.decode()
    client.post(address, {"person": delegate.reference})
    assert event.bookings.get(delegate=delegate).state == "waiting"


# --- 3 Leave the list, say no ---------------------------------------------------------------------------------------
def test_3_who_waits_leaves_and_who_is_offered_declines_without_signing_in(event, client):
    booked, first, second = [book(event) for _ in range(3)]
    client.post(links.path(second.reference), {"answer": "leave"})
    cancel(booked)
    client.post(links.path(first.reference), {"answer": "leave"})
    assert (state(first), state(second)) == ("cancelled", "cancelled")
    assert set(Message.objects.filter(template="booking_left").values_list("reference", flat=True)) == {
        first.reference, second.reference,
    }  # fmt: skip


# --- 4 Groups on the list -------------------------------------------------------------------------------------------
def test_4_a_group_takes_all_its_places_or_none_and_does_not_jump_the_queue(event):
    capacity.change_places(event=event, places=3, by=PersonFactory())
    agency, by, until = AgencyFactory(), PersonFactory(), timezone.now() + timedelta(days=7)
    book(event)
    with pytest.raises(refusals.PlacesHeld, match=r"can have 2 places .* not 3\. None is reserved\."):
        reservations.reserve(event=event, agency=agency, places=3, named_until=until, by=by)
    reservations.reserve(event=event, agency=agency, places=2, named_until=until, by=by)
    assert book(event).state == "waiting"


# --- 5 Waiting list per part ----------------------------------------------------------------------------------------
def test_5_place_and_workshop_are_offered_together(clock):
    workshop = WorkshopFactory(places=1, event=EventFactory(places=2, begins=BEGINS))
    taken = WorkshopChoiceFactory(workshop=workshop).booking
    waiting = BookingFactory(event=workshop.event, waiting=True)
    WorkshopChoiceFactory(workshop=workshop, booking=waiting)
    pass_time(clock, minutes=5)
    assert state(waiting) == "waiting"
    assert "a workshop that you chose is full" in str(queue.standing(waiting))
    cancel(taken)
    assert state(waiting) == "offered"


# --- 6 Overselling --------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_6_nothing_is_oversold_when_all_come_at_once():
    event = EventFactory(places=2)
    OfferFactory(booking__event=event)
    works = [lambda one=one: book(event, one) for one in PersonFactory.create_batch(20)]
    at_once(*works)
    assert event.bookings.holding_a_place().count() == 2


# --- 7 Cannot cancel, or cannot find how ----------------------------------------------------------------------------
def test_7_every_message_about_the_list_and_every_booking_leads_to_the_button(event, client):
    booked, waiting = book(event), book(event)
    assert "Leave the waiting list" in client.get(links.path(waiting.reference)).content.decode()
    booked.delegate.account = AccountFactory()
    booked.delegate.save()
    enter(client, booked.delegate.account)
    page = client.get(reverse("bookings:booking", args=[booked.reference])).content.decode()
    assert reverse("bookings:cancel", args=[booked.reference]) in page


# --- 8 Wrong message for the state ----------------------------------------------------------------------------------
def test_8_each_state_has_its_own_message_and_each_change_one(event, clock):
    booked, first, second, third = [book(event) for _ in range(4)]
    cancel(booked)
    accept(first)
    cancel(first)
    pass_time(clock, days=3)
    cancel(third)

    def told(booking):
        return list(
            Message.objects.filter(reference=booking.reference)
            .order_by("created_at", "key")
            .values_list("template", flat=True)
        )

    assert sorted(told(booked)) == ["booking_cancelled", "booking_confirmed"]
    assert sorted(told(first)) == ["booking_cancelled", "booking_confirmed", "booking_offered", "booking_waiting"]
    assert sorted(told(second)) == ["booking_lapsed", "booking_offered", "booking_waiting"]
    assert sorted(told(third)) == ["booking_left", "booking_offered", "booking_waiting"]


# --- 9 Direct placement when checks are needed ----------------------------------------------------------------------
def test_9_who_awaits_approval_has_no_place_and_is_on_no_register(event):
    requested = ApprovalFactory(booking__event=event, booking__keeps_place=True).booking
    assert not event.bookings.on_the_register().exists()
    assert requested.placed_at is None
    # The place is kept meanwhile, and goes to the list if they think better of it.
    waiting = book(event)
    assert waiting.state == "waiting"
    cancel(requested)
    assert state(waiting) == "offered"

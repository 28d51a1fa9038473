"""Places taken over by a substitute, and people who walk in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings import places, refusals
from bookings.models import Booking
from outbox import templates
from outbox.models import Message
from tests.bookings.factories import ApprovalFactory, NeedFactory, OfferFactory
from tests.factories import BookingFactory, EventFactory, PersonFactory, RegisterFactory, TariffFactory, WorkshopFactory
from tests.guards import check_now

pytestmark = pytest.mark.django_db


def messages():
    return list(Message.objects.order_by("created_at", "key").values_list("template", "to", "reference"))


def full_event(**fields):
    event = EventFactory(places=1, **fields)
    BookingFactory(event=event)
    return event


def booked(days_ahead, booked_days_ago=30, **fields):
    """A booking under a policy that asks for 5 working days."""
    tariff = TariffFactory(reason="cancelled-late")
    booked_at = timezone.now() - timedelta(days=booked_days_ago)
    return BookingFactory(event=EventFactory(days=days_ahead), policy=tariff.policy, booked_at=booked_at, **fields)


# --- substitute -----------------------------------------------------------------------------------------------------
def test_a_substitute_takes_over_the_place():
    booking, colleague, lead = booked(days_ahead=1), PersonFactory(), PersonFactory()
    taken_over = places.substitute(booking=booking, substitute=colleague, by=lead)
    booking.refresh_from_db()
    assert (booking.state, booking.outcome, booking.cancelled_by) == ("cancelled", "substituted-out", lead)
    assert (taken_over.state, taken_over.source, taken_over.replaces) == ("confirmed", "substitute", booking)
    assert (taken_over.delegate, taken_over.agency, taken_over.booked_by) == (colleague, colleague.agency, lead)
    assert sorted(messages()) == [
        ("booking_confirmed", colleague.email, taken_over.reference),
        ("booking_substituted", booking.delegate.email, booking.reference),
    ]


def test_a_substitute_on_a_full_event_passes_the_waiting_list():
    event = full_event()
    waiting = BookingFactory(event=event, waiting=True)
    places.substitute(booking=event.bookings.get(state="confirmed"), substitute=PersonFactory(), by=PersonFactory())
    waiting.refresh_from_db()
    assert waiting.state == "waiting"
    assert event.bookings.holding_a_place().count() == 1


def test_a_substitute_may_be_substituted():
    booking = BookingFactory()
    second = places.substitute(booking=booking, substitute=PersonFactory(), by=PersonFactory())
    third = places.substitute(booking=second, substitute=PersonFactory(), by=PersonFactory())
    assert third.replaces.replaces == booking


def test_on_the_day_a_substitute_can_still_be_named():
    booking = BookingFactory(event=EventFactory(days=-1))
    assert places.substitute(booking=booking, substitute=PersonFactory(), by=PersonFactory()).state == "confirmed"


def test_only_a_place_can_be_taken_over_and_only_once():
    waiting = BookingFactory(waiting=True)
    with pytest.raises(refusals.NotConfirmed, match="has no place"):
        places.substitute(booking=waiting, substitute=PersonFactory(), by=PersonFactory())
    booking = BookingFactory()
    places.substitute(booking=booking, substitute=PersonFactory(), by=PersonFactory())
    with pytest.raises(refusals.NotConfirmed, match="given up already"):
        places.substitute(booking=booking, substitute=PersonFactory(), by=PersonFactory())
    assert Booking.objects.filter(replaces=booking).count() == 1


def test_a_colleague_who_waits_gets_the_place_for_that_entry_and_is_told_so():
    booking = BookingFactory(event=EventFactory(places=1, course__delivery="conference"))
    taken, wanted = WorkshopFactory.create_batch(2, event=booking.event, places=1)
    booking.workshop_choices.create(workshop=taken)
    first = BookingFactory(event=booking.event, waiting=True)
    waits = BookingFactory(event=booking.event, waiting=True, delegate__name="Sean Foster")
    waits.workshop_choices.create(workshop=wanted)
    need = NeedFactory(booking=waits)
    lead = PersonFactory()
    assert places.substitute(booking=booking, substitute=waits.delegate, by=lead) == waits
    for one in (booking, first, waits, need):
        one.refresh_from_db()
    assert (booking.outcome, booking.cancelled_by, booking.replaced_by) == ("substituted-out", lead, waits)
    assert (waits.state, waits.source, waits.has_waited) == ("confirmed", "substitute", True)
    assert [one.workshop for one in waits.workshop_choices.all()] == [taken]
    assert need.booking == waits, "their own stay"
    assert first.state == "waiting"
    assert sorted(messages()) == [
        ("booking_confirmed", waits.delegate.email, waits.reference),
        ("booking_substituted", booking.delegate.email, booking.reference),
    ]
    said = templates.make("booking_confirmed", waits.reference).body
    assert f"You take over the place of {booking.delegate}, and are off the waiting list." in said


def test_the_place_that_was_held_for_a_colleague_who_takes_another_over_goes_to_the_next():
    booking = BookingFactory(event=EventFactory(places=2))
    offer = OfferFactory(booking__event=booking.event)
    following = BookingFactory(event=booking.event, waiting=True)
    places.substitute(booking=booking, substitute=offer.booking.delegate, by=PersonFactory())
    offer.refresh_from_db()
    following.refresh_from_db()
    assert (offer.how, offer.booking.source, following.state) == ("withdrawn", "substitute", "offered")
    check_now()


def test_nobody_stands_in_who_is_booked_awaits_approval_or_has_left():
    booking = BookingFactory()
    asked = ApprovalFactory(booking__event=booking.event).booking
    for other, said in ((asked, "awaits approval"), (BookingFactory(event=booking.event), "already has a booking")):
        with pytest.raises(refusals.AlreadyBooked, match=said):
            places.substitute(booking=booking, substitute=other.delegate, by=PersonFactory())
    with pytest.raises(refusals.HasLeft):
        places.substitute(booking=booking, substitute=PersonFactory(left_on=timezone.localdate()), by=PersonFactory())
    booking.refresh_from_db()
    assert booking.state == "confirmed"


def test_nobody_stands_in_once_the_register_is_closed():
    booking = booked(days_ahead=-2)
    RegisterFactory(session=booking.event.sessions.get(), closed=True)
    Booking.objects.update(outcome="attended")
    with pytest.raises(refusals.HasBegun, match="reopen"):
        places.substitute(booking=booking, substitute=PersonFactory(), by=PersonFactory())


# --- walk in --------------------------------------------------------------------------------------------------------
def test_who_walks_in_is_recorded_on_a_full_event():
    event, delegate, trainer = full_event(days=0), PersonFactory(), PersonFactory()
    booking = places.walk_in(event=event, delegate=delegate, by=trainer)
    assert (booking.state, booking.source, booking.agency) == ("confirmed", "walk-in", delegate.agency)
    assert booking.booked_by == trainer
    assert messages() == []


def test_who_waited_and_came_is_a_walk_in():
    event = full_event(days=0)
    waiting = BookingFactory(event=event, waiting=True)
    walked_in = places.walk_in(event=event, delegate=waiting.delegate, by=PersonFactory())
    walked_in.refresh_from_db()
    assert (walked_in.pk, walked_in.state, walked_in.source) == (waiting.pk, "confirmed", "walk-in")


def test_who_is_on_the_register_already_stays_as_they_are():
    booking = BookingFactory(event=EventFactory(days=0))
    assert places.walk_in(event=booking.event, delegate=booking.delegate, by=PersonFactory()) == booking
    assert Booking.objects.get().source == "booked"


def test_who_cancelled_late_and_came_after_all_has_both_on_record():
    cancelled = BookingFactory(event=EventFactory(days=0), cancelled=True, outcome="cancelled-late")
    walked_in = places.walk_in(event=cancelled.event, delegate=cancelled.delegate, by=PersonFactory())
    assert walked_in.pk != cancelled.pk
    assert cancelled.event.bookings.count() == 2


def test_nobody_walks_in_before_the_day_or_after_the_register_is_closed():
    with pytest.raises(refusals.HasNotBegun):
        places.walk_in(event=EventFactory(days=1), delegate=PersonFactory(), by=PersonFactory())
    event = EventFactory(days=-1)
    RegisterFactory(session=event.sessions.get(), closed=True)
    with pytest.raises(refusals.HasBegun):
        places.walk_in(event=event, delegate=PersonFactory(), by=PersonFactory())


def test_imported_events_that_were_over_are_silent():
    event = EventFactory(days=-2, imported_at=timezone.now())
    booking = BookingFactory(event=event, booked_at=timezone.now() - timedelta(days=20))
    places.substitute(booking=booking, substitute=PersonFactory(), by=PersonFactory())
    assert messages() == []

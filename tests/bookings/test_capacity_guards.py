"""What the database holds about places on events and in workshops, broken in each way there is with SQL."""

import pytest
from django.utils import timezone

from bookings.models import Booking
from tests.factories import BookingFactory, EventFactory, WorkshopChoiceFactory, WorkshopFactory
from tests.guards import passes_without, refused_by, sql

pytestmark = pytest.mark.django_db


# --- places ---------------------------------------------------------------------------------------------------------
FULL = "event_holds_no_more_than_its_places"


def full_event(**fields):
    booking = BookingFactory(event=EventFactory(places=1, **fields))
    return booking.event


def a_booking_too_many():
    BookingFactory(event=full_event())


def one_too_many_from_the_waiting_list():
    waiting = BookingFactory(event=full_event(), waiting=True)
    sql("update bookings_booking set state = 'confirmed', placed_at = now() where id = %s", waiting.pk)


def one_too_many_taken_up_again():
    booking = BookingFactory(event=full_event(), cancelled=True)
    sql(
        "update bookings_booking set state = 'confirmed', outcome = null, cancelled_at = null, cancelled_by_id = null, "
        "received_at = null where id = %s",
        booking.pk,
    )


def one_too_many_moved_here():
    event = full_event()
    sql("update bookings_booking set event_id = %s where id = %s", event.pk, BookingFactory().pk)


def a_walk_in_made_a_booking():
    walk_in = BookingFactory(event=full_event(), source="walk-in")
    sql("update bookings_booking set source = 'booked' where id = %s", walk_in.pk)


def places_cut_below_what_is_held():
    event = EventFactory(places=3)
    BookingFactory.create_batch(2, event=event)
    sql("update training_event set places = 1 where id = %s", event.pk)


def overbooking_taken_back():
    event = EventFactory(places=1, overbooking=1, overbooking_reason="One chair more")
    BookingFactory.create_batch(2, event=event)
    sql("update training_event set overbooking = 0, overbooking_reason = '' where id = %s", event.pk)


OVERFULL = [
    (a_booking_too_many, "event_holds_no_more_than_its_places_added"),
    (one_too_many_from_the_waiting_list, "event_holds_no_more_than_its_places_changed"),
    (one_too_many_taken_up_again, "event_holds_no_more_than_its_places_changed"),
    (one_too_many_moved_here, "event_holds_no_more_than_its_places_changed"),
    (a_walk_in_made_a_booking, "event_holds_no_more_than_its_places_changed"),
    (places_cut_below_what_is_held, "event_holds_no_more_than_its_places_cut"),
    (overbooking_taken_back, "event_holds_no_more_than_its_places_cut"),
]


@pytest.mark.parametrize(("way", "trigger"), OVERFULL)
def test_an_event_never_holds_more_than_its_places(way, trigger):
    with refused_by(FULL):
        way()


@pytest.mark.parametrize(("way", "trigger"), OVERFULL)
def test_it_is_this_trigger_that_refuses(way, trigger):
    passes_without(trigger, way)


def test_many_rows_in_one_statement_are_counted_together():
    event = EventFactory(places=2)
    bookings = BookingFactory.build_batch(3, event=event, delegate=None, agency=None, booked_by=None)
    for booking in bookings:
        booking.delegate = BookingFactory().delegate
        booking.agency = booking.delegate.agency
    with refused_by(FULL):
        Booking.objects.bulk_create(bookings)


def test_a_stated_overbooking_allows_more():
    BookingFactory.create_batch(3, event=EventFactory(places=1, overbooking=2, overbooking_reason="As in the workbook"))


def test_walk_ins_waiting_and_cancelled_bookings_hold_no_place():
    event = full_event()
    BookingFactory(event=event, source="walk-in")
    BookingFactory(event=event, waiting=True)
    BookingFactory(event=event, cancelled=True)


def test_an_overfull_event_can_still_be_changed_otherwise():
    event = full_event()
    sql("update training_event set places = 5 where id = %s", event.pk)
    sql("update bookings_booking set evaluated_on = %s where event_id = %s", timezone.localdate(), event.pk)


# --- workshops ------------------------------------------------------------------------------------------------------
CHOSEN = "workshop_holds_no_more_than_its_places"


def full_workshop():
    """A workshop of one place, which is taken, and the conference."""
    workshop = WorkshopFactory(places=1)
    WorkshopChoiceFactory(workshop=workshop)
    return workshop


def one_choice_too_many():
    WorkshopChoiceFactory(workshop=full_workshop())


def one_choice_too_many_by_change_of_mind():
    workshop = full_workshop()
    choice = WorkshopChoiceFactory(workshop=WorkshopFactory(event=workshop.event))
    sql("update bookings_workshopchoice set workshop_id = %s where id = %s", workshop.pk, choice.pk)


def one_who_waited_and_had_chosen():
    workshop = full_workshop()
    waiting = BookingFactory(event=workshop.event, waiting=True)
    WorkshopChoiceFactory(workshop=workshop, booking=waiting)
    sql("update bookings_booking set state = 'confirmed', placed_at = now() where id = %s", waiting.pk)


def workshop_places_cut():
    workshop = WorkshopFactory(places=2)
    for _ in range(2):
        WorkshopChoiceFactory(workshop=workshop)
    sql("update training_workshop set places = 1 where id = %s", workshop.pk)


OVERFULL_WORKSHOPS = [
    (one_choice_too_many, "workshop_holds_no_more_than_its_places_added"),
    (one_choice_too_many_by_change_of_mind, "workshop_holds_no_more_than_its_places_changed"),
    (one_who_waited_and_had_chosen, "workshop_holds_no_more_than_its_places_booking"),
    (workshop_places_cut, "workshop_holds_no_more_than_its_places_cut"),
]


@pytest.mark.parametrize(("way", "trigger"), OVERFULL_WORKSHOPS)
def test_a_workshop_never_holds_more_than_its_places(way, trigger):
    with refused_by(CHOSEN):
        way()


@pytest.mark.parametrize(("way", "trigger"), OVERFULL_WORKSHOPS)
def test_it_is_this_trigger_that_refuses_the_choice(way, trigger):
    passes_without(trigger, way)


def a_workshop_of_another_event():
    WorkshopChoiceFactory(booking=BookingFactory())


def test_a_workshop_belongs_to_the_event_booked():
    with refused_by("workshop_belongs_to_the_event_booked"):
        a_workshop_of_another_event()


def test_it_is_the_choices_trigger_that_refuses():
    passes_without("workshop_belongs_to_the_event_booked", a_workshop_of_another_event)

"""What the database holds about offers, and about places that are offered, awaited and reserved, broken with SQL."""

import pytest

from bookings.models import Offer
from tests.bookings.factories import ApprovalFactory, CapFactory, HoldFactory, OfferFactory, ReservationFactory
from tests.factories import BookingFactory, EventFactory, WorkshopChoiceFactory, WorkshopFactory
from tests.guards import Breaks, check_now, passes_without, refused_by, sql, value

pytestmark = pytest.mark.django_db
breaks = Breaks()
FULL = "event_holds_no_more_than_its_places"


# --- offers ---------------------------------------------------------------------------------------------------------
@breaks.by("offer_is_one_live_a_booking")
def two_live_offers():
    OfferFactory(booking=OfferFactory().booking)


@breaks.by("offer_ended_says_how")
def declined_and_never_ended():
    sql("update bookings_offer set how = 'declined' where id = %s", OfferFactory().pk)


@breaks.by("offer_ends_after_it_is_made")
def over_before_it_is_made():
    offer = OfferFactory()
    sql("update bookings_offer set ends_at = made_at, put_off_at = now() where id = %s", offer.pk)


@breaks.by("offer_ended_never_revives", "booking_is_offered_exactly_while_its_offer_lives")
def an_ended_offer_revived():
    offer = OfferFactory()
    sql("update bookings_offer set how = 'declined', ended_at = now() where id = %s", offer.pk)
    sql("update bookings_offer set how = null, ended_at = null where id = %s", offer.pk)


@breaks.by("offer_is_put_off_once")
def put_off_twice():
    offer = OfferFactory()
    for _ in range(2):
        sql(
            "update bookings_offer set ends_at = ends_at + interval '1 day', put_off_at = clock_timestamp() "
            "where id = %s",
            offer.pk,
        )


@breaks.by("booking_is_offered_exactly_while_its_offer_lives")
def offered_without_an_offer():
    BookingFactory(state="offered", placed_at=None)
    check_now()


@breaks.by("offer_lives_exactly_while_its_booking_is_offered")
def an_offer_to_who_only_waits():
    OfferFactory(booking=BookingFactory(waiting=True))
    check_now()


@breaks.by("booking_has_no_place_before_it_is_confirmed")
def placed_and_only_offered():
    sql("update bookings_booking set placed_at = now() where id = %s", OfferFactory().booking_id)


@breaks.by("booking_keeps_a_place_only_while_requested")
def a_place_kept_for_who_waits():
    sql("update bookings_booking set keeps_place = true where id = %s", BookingFactory(waiting=True).pk)


# --- sharing out ----------------------------------------------------------------------------------------------------
@breaks.by("hold_is_stated_once")
def a_hold_stated_twice():
    hold = HoldFactory()
    HoldFactory(event=hold.event, agency=hold.agency)


@breaks.by("hold_is_for_an_agency_or_a_type")
def a_hold_for_nobody():
    HoldFactory(agency=None)


@breaks.by("hold_keeps_places")
def a_hold_of_nothing():
    HoldFactory(places=0)


@breaks.by("cap_lets_each_agency_have_a_place")
def a_cap_that_lets_nobody_in():
    CapFactory(places=0)


@breaks.by("reservation_is_one_live_an_agency")
def reserved_twice():
    reservation = ReservationFactory()
    ReservationFactory(event=reservation.event, agency=reservation.agency)


# The trigger on offers refuses in the name of the truth that both sides keep.
SPEAKS_FOR = {"offer_lives_exactly_while_its_booking_is_offered": "booking_is_offered_exactly_while_its_offer_lives"}


@pytest.mark.parametrize("name", breaks.ways)
def test_the_database_refuses(name):
    if name in SPEAKS_FOR:
        with refused_by(SPEAKS_FOR[name]):
            breaks.ways[name]()
    elif name == "offer_ended_never_revives":
        sql("alter table bookings_offer disable trigger offer_lives_exactly_while_its_booking_is_offered")
        breaks.is_refused(name)
    else:
        breaks.is_refused(name)


@pytest.mark.parametrize("name", breaks.ways)
def test_nothing_else_would_refuse(name):
    breaks.passes_without(name)


@pytest.mark.parametrize("state", ["waiting", "confirmed"])
def test_who_is_not_offered_a_place_any_more_has_no_live_offer(state):
    offer = OfferFactory()
    placed = "now()" if state == "confirmed" else "null"
    sql(f"update bookings_booking set state = %s, placed_at = {placed} where id = %s", state, offer.booking_id)
    offer.refresh_from_db()
    assert offer.how == "withdrawn"
    assert offer.ended_at is not None


def taken_back_without_a_word():
    offer = OfferFactory()
    sql("update bookings_booking set state = 'waiting' where id = %s", offer.booking_id)
    assert Offer.objects.live().exists()


def test_it_is_this_trigger_that_withdraws():
    sql("alter table bookings_offer disable trigger offer_lives_exactly_while_its_booking_is_offered")
    passes_without("offer_ends_with_its_booking", taken_back_without_a_word)
    Offer.objects.all().delete()


# --- what holds a place ---------------------------------------------------------------------------------------------
def offered_on_a_full_event():
    OfferFactory(booking__event=full())


def requested_with_a_kept_place():
    ApprovalFactory(booking__event=full(), booking__keeps_place=True)


def kept_for_a_request_later():
    booking = ApprovalFactory(booking__event=full()).booking
    sql("update bookings_booking set keeps_place = true where id = %s", booking.pk)


def reserved_on_a_full_event():
    ReservationFactory(event=full(), places=1)


def reserved_more():
    reservation = ReservationFactory(event=EventFactory(places=2))
    sql("update bookings_reservation set places = 3 where id = %s", reservation.pk)


def reserved_again():
    reservation = ReservationFactory(event=full(), places=1, released_at="2026-01-01T00:00Z")
    sql("update bookings_reservation set released_at = null where id = %s", reservation.pk)


def booked_on_what_is_reserved():
    BookingFactory(event=ReservationFactory(event=EventFactory(places=2)).event)


def cut_below_what_is_reserved():
    sql("update training_event set places = 1 where id = %s", ReservationFactory(event__places=2).event_id)


def full():
    return BookingFactory(event=EventFactory(places=1)).event


OVERFULL = [
    (offered_on_a_full_event, "event_holds_no_more_than_its_places_added"),
    (requested_with_a_kept_place, "event_holds_no_more_than_its_places_added"),
    (booked_on_what_is_reserved, "event_holds_no_more_than_its_places_added"),
    (kept_for_a_request_later, "event_holds_no_more_than_its_places_changed"),
    (reserved_on_a_full_event, "event_holds_no_more_than_its_places_reserved"),
    (reserved_more, "event_holds_no_more_than_its_places_reserved_more"),
    (reserved_again, "event_holds_no_more_than_its_places_reserved_more"),
    (cut_below_what_is_reserved, "event_holds_no_more_than_its_places_cut"),
]


@pytest.mark.parametrize(("way", "trigger"), OVERFULL)
def test_offers_kept_requests_and_reservations_hold_places(way, trigger):
    with refused_by(FULL):
        way()


@pytest.mark.parametrize(("way", "trigger"), OVERFULL)
def test_it_is_this_trigger_that_refuses(way, trigger):
    passes_without(trigger, way)


def test_a_request_without_a_kept_place_holds_none():
    ApprovalFactory(booking__event=full())


def test_an_offer_that_is_accepted_needs_no_second_place():
    offer = OfferFactory(booking__event=EventFactory(places=1))
    sql("update bookings_booking set state = 'confirmed', placed_at = now() where id = %s", offer.booking_id)


def test_a_released_reservation_holds_nothing():
    reservation = ReservationFactory(event=EventFactory(places=2))
    sql("update bookings_reservation set released_at = now() where id = %s", reservation.pk)
    BookingFactory.create_batch(2, event=reservation.event)


def test_who_is_offered_a_place_holds_their_workshop():
    workshop = WorkshopFactory(places=1)
    WorkshopChoiceFactory(workshop=workshop, booking=OfferFactory(booking__event=workshop.event).booking)
    with refused_by("workshop_holds_no_more_than_its_places"):
        WorkshopChoiceFactory(workshop=workshop)


def test_places_kept_for_some_are_what_they_have_not_taken():
    hold = HoldFactory(places=3)
    BookingFactory(event=hold.event, agency=hold.agency)
    BookingFactory(event=hold.event)
    ReservationFactory(event=hold.event, agency=hold.agency, places=1)
    assert value("select bookings_kept_places(%s)", hold.event_id) == 1

"""Each truth about bookings, places and registers that the database holds, broken once with SQL."""

import pytest

from tests.factories import (
    BookingFactory,
    EventFactory,
    MarkFactory,
    PersonFactory,
    RegisterFactory,
    SessionFactory,
    TariffFactory,
    WorkshopChoiceFactory,
)
from tests.guards import Breaks, check_now, passes_without, refused_by, sql

pytestmark = pytest.mark.django_db
breaks = Breaks()


# --- calendars ------------------------------------------------------------------------------------------------------
@breaks.by("calendar_feed_keeps_only_a_digest")
def a_secret_kept_as_it_is():
    sql(
        "insert into bookings_calendarfeed (person_id, digest, made_on) values (%s, 'secret', now())",
        PersonFactory().pk,
    )


# --- bookings -------------------------------------------------------------------------------------------------------
@breaks.by("workshop_move_says_why")
def a_move_without_a_reason():
    sql(
        "insert into bookings_workshopmove (booking_id, moved_at, moved_by_id, reason, was) "
        "values (%s, now(), %s, '', 'x')",
        BookingFactory().pk,
        PersonFactory().pk,
    )


@breaks.by("booking_one_live_per_delegate")
def two_live_bookings():
    booking = BookingFactory(waiting=True)
    BookingFactory(event=booking.event, delegate=booking.delegate)


@breaks.by("booking_state_is_known", "booking_outcome_fits_its_state")
def a_state_that_nobody_knows():
    sql("update bookings_booking set state = 'maybe' where id = %s", BookingFactory().pk)


@breaks.by("booking_source_is_known", "booking_replaces_another_exactly_when_substitute_or_moved")
def a_source_that_nobody_knows():
    sql("update bookings_booking set source = 'found' where id = %s", BookingFactory().pk)


@breaks.by("booking_outcome_fits_its_state")
def an_outcome_for_who_waits():
    sql("update bookings_booking set outcome = 'cancelled-late' where id = %s", BookingFactory(waiting=True).pk)


@breaks.by("booking_with_a_place_says_since_when")
def a_place_since_never():
    sql("update bookings_booking set placed_at = null where id = %s", BookingFactory().pk)


@breaks.by("booking_cancelled_says_when_and_by_whom")
def cancelled_by_nobody():
    sql("update bookings_booking set cancelled_by_id = null where id = %s", BookingFactory(cancelled=True).pk)


@breaks.by("booking_is_not_cancelled_before_it_is_made")
def cancelled_before_it_was_made():
    booking = BookingFactory(cancelled=True)
    sql("update bookings_booking set received_at = booked_at - interval '1 second' where id = %s", booking.pk)


@breaks.by("booking_replaces_another_exactly_when_substitute_or_moved")
def a_substitute_for_nobody():
    sql("update bookings_booking set source = 'substitute' where id = %s", BookingFactory().pk)


@breaks.by("workshop_is_chosen_once")
def a_workshop_chosen_twice():
    choice = WorkshopChoiceFactory()
    WorkshopChoiceFactory(booking=choice.booking, workshop=choice.workshop)


# --- registers ------------------------------------------------------------------------------------------------------
@breaks.by("register_is_handed_in_before_it_is_closed")
def closed_and_never_handed_in():
    register = RegisterFactory(closed=True)
    sql("update bookings_register set handed_in_at = null, handed_in_by_id = null where id = %s", register.pk)


@breaks.by("register_handed_in_says_by_whom")
def handed_in_by_nobody():
    sql("update bookings_register set handed_in_by_id = null where id = %s", RegisterFactory(handed_in=True).pk)


@breaks.by("register_closed_says_by_whom")
def closed_by_nobody():
    sql("update bookings_register set closed_by_id = null where id = %s", RegisterFactory(closed=True).pk)


@breaks.by("register_reopened_says_when_why_and_by_whom")
def reopened_for_no_reason():
    sql("update bookings_register set reopened_at = now() where id = %s", RegisterFactory().pk)


@breaks.by("mark_attendance_is_known")
def a_mark_that_nobody_knows():
    sql("update bookings_mark set attendance = 'asleep' where id = %s", MarkFactory().pk)


@breaks.by("mark_has_minutes_only_for_late_and_left_early")
def minutes_of_who_was_there():
    sql("update bookings_mark set minutes = 5 where id = %s", MarkFactory().pk)


@pytest.mark.parametrize("minutes", [0, 601])
def test_minutes_are_a_number_that_can_be(minutes):
    with refused_by("mark_has_minutes_only_for_late_and_left_early"):
        MarkFactory(attendance="late", minutes=minutes)


def test_a_register_does_not_close_by_itself_and_by_somebody():
    with refused_by("register_closed_says_by_whom"):
        RegisterFactory(closed=True, closed_by_itself=True)


@breaks.by("mark_is_one_per_delegate_and_session")
def two_marks_at_a_session():
    MarkFactory.create_batch(2, booking=BookingFactory())


@breaks.by("mark_belongs_to_a_session_of_the_event_booked")
def a_mark_at_another_event():
    MarkFactory(session=SessionFactory())


# --- policies -------------------------------------------------------------------------------------------------------
@breaks.by("tariff_is_stated_once")
def a_tariff_stated_twice():
    tariff = TariffFactory()
    TariffFactory(policy=tariff.policy)


@breaks.by("tariff_is_not_negative")
def a_tariff_that_pays():
    sql("update bookings_tariff set net_amount = -1 where id = %s", TariffFactory().pk)


@breaks.by("tariff_has_notice_exactly_when_for_late_cancellation")
def notice_for_not_attending():
    sql("update bookings_tariff set notice = 5, notice_unit = 'working-days' where id = %s", TariffFactory().pk)


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("reason", "tariff_reason_is_known"),
        ("duration", "tariff_duration_is_known"),
        ("delivery", "tariff_delivery_is_known"),
        ("vat_treatment", "tariff_vat_treatment_is_known"),
    ],
)
def test_a_tariffs_choices_are_known(column, name):
    with refused_by(name):
        sql(f"update bookings_tariff set {column} = 'maybe' where id = %s", TariffFactory().pk)


def test_a_tariff_for_late_cancellation_states_notice_in_a_known_unit():
    tariff = TariffFactory(reason="cancelled-late")
    with refused_by("tariff_notice_unit_is_known"):
        sql("update bookings_tariff set notice_unit = 'moons' where id = %s", tariff.pk)
    for changes in ["notice = null", "notice = 0", "notice_unit = ''"]:
        with refused_by("tariff_has_notice_exactly_when_for_late_cancellation"):
            sql(f"update bookings_tariff set {changes} where id = %s", tariff.pk)


# --- outcomes wait for closed registers -----------------------------------------------------------------------------
@breaks.by("booking_outcome_waits_for_the_closed_registers")
def an_outcome_from_an_open_register():
    booking = BookingFactory()
    RegisterFactory(session=booking.event.sessions.get(), handed_in=True)
    check_now()  # the session is in before the outcome, or its own trigger would refuse
    sql("set constraints all deferred")
    sql("update bookings_booking set outcome = 'did-not-attend' where id = %s", booking.pk)
    check_now()


@pytest.mark.parametrize("name", breaks.ways)
def test_the_database_refuses(name):
    breaks.is_refused(name)


@pytest.mark.parametrize("name", breaks.ways)
def test_nothing_else_would_refuse(name):
    breaks.passes_without(name)


@pytest.mark.parametrize("outcome", ["attended", "part-attended", "did-not-attend"])
def test_an_outcome_needs_every_session_closed(outcome):
    event = EventFactory(sessions=2)
    booking = BookingFactory(event=event)
    RegisterFactory(session=event.sessions.first(), closed=True)
    with refused_by("booking_outcome_waits_for_the_closed_registers"):
        sql("update bookings_booking set outcome = %s where id = %s", outcome, booking.pk)
        check_now()
    RegisterFactory(session=event.sessions.last(), closed=True)
    sql("update bookings_booking set outcome = %s where id = %s", outcome, booking.pk)
    check_now()


def test_an_event_without_sessions_has_no_outcomes():
    with refused_by("booking_outcome_waits_for_the_closed_registers"):
        BookingFactory(event=EventFactory(sessions=0), outcome="attended")
        check_now()


def with_outcome():
    """A booking with its outcome and the closed register that it comes from."""
    event = EventFactory()
    register = RegisterFactory(session=event.sessions.get(), closed=True)
    booking = BookingFactory(event=event, outcome="attended")
    check_now()
    return booking, register


def reopened_under_an_outcome():
    _, register = with_outcome()
    sql("set constraints all deferred")
    sql("update bookings_register set closed_at = null, closed_by_id = null where id = %s", register.pk)
    check_now()


def test_a_register_is_not_reopened_under_outcomes():
    with refused_by("booking_outcome_waits_for_the_closed_registers"):
        reopened_under_an_outcome()


def deleted_under_an_outcome():
    _, register = with_outcome()
    sql("set constraints all deferred")
    sql("delete from bookings_register where id = %s", register.pk)
    check_now()


def session_added_under_an_outcome():
    booking, _ = with_outcome()
    sql("set constraints all deferred")
    sql(
        "insert into training_session (event_id, starts_at, ends_at, is_cancelled, room_override) "
        "values (%s, now(), now() + interval '1 hour', false, '')",
        booking.event_id,
    )
    check_now()


@pytest.mark.parametrize("way", [deleted_under_an_outcome, session_added_under_an_outcome])
def test_a_session_never_lacks_its_closed_register_under_outcomes(way):
    with refused_by("booking_outcome_waits_for_the_closed_registers"):
        way()


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("register_reopened_takes_outcomes_back", reopened_under_an_outcome),
        ("register_deleted_takes_outcomes_back", deleted_under_an_outcome),
        ("session_added_takes_outcomes_back", session_added_under_an_outcome),
    ],
)
def test_it_is_that_trigger_that_refuses(name, way):
    passes_without(name, way)


def test_the_order_of_reopening_and_taking_back_within_a_transaction_does_not_matter():
    booking, register = with_outcome()
    sql("set constraints all deferred")
    sql("update bookings_register set closed_at = null, closed_by_id = null where id = %s", register.pk)
    sql("update bookings_booking set outcome = null where id = %s", booking.pk)
    check_now()


CANCELLED = (
    "state = 'cancelled', cancelled_by_id = delegate_id, "
    "cancelled_at = clock_timestamp(), received_at = clock_timestamp()"
)


@pytest.mark.parametrize(
    "changes",
    [
        CANCELLED,
        "state = 'waiting', placed_at = null, outcome = 'attended'",
        "outcome = 'cancelled-late'",
        f"{CANCELLED}, placed_at = null, outcome = 'cancelled-in-time'",
    ],
)
def test_state_place_and_outcome_fit_together(changes):
    booking = BookingFactory()
    with refused_by("booking_outcome_fits_its_state"):
        sql(f"update bookings_booking set {changes} where id = %s", booking.pk)

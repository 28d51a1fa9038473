"""Each truth about events, rooms and trainers that the database holds, broken once with SQL."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.catalogue import CourseFeeFactory, InterestFactory, PrerequisiteFactory
from tests.factories import (
    CourseFactory,
    EventFactory,
    RoomFactory,
    SessionFactory,
    SessionTrainerFactory,
    TrainerFactory,
    WorkshopFactory,
    at_half_past_nine,
)
from tests.guards import Breaks, check_now, refused_by, sql, take_out
from tests.training.factories import AbsenceFactory, ClearanceFactory
from training import planning

pytestmark = pytest.mark.django_db
breaks = Breaks()


@breaks.by("course_delivery_is_known")
def a_delivery_that_nobody_knows():
    sql("update training_course set delivery = 'by post' where id = %s", CourseFactory().pk)


@breaks.by("course_duration_is_known")
def a_duration_that_nobody_knows():
    sql("update training_course set duration = 'a while' where id = %s", CourseFactory().pk)


@breaks.by("course_on_missing_is_known")
def a_way_with_the_missing_that_nobody_knows():
    sql("update training_course set on_missing = 'sigh' where id = %s", CourseFactory().pk)


@breaks.by("course_keeps_a_place_only_for_approval")
def a_place_kept_where_nobody_approves():
    sql("update training_course set keeps_place_for_approval = true where id = %s", CourseFactory().pk)


@breaks.by("course_has_grace_only_where_it_lapses")
def grace_for_what_never_lapses():
    sql("update training_course set grace_months = 3 where id = %s", CourseFactory().pk)


@breaks.by("prerequisite_is_in_a_group_once")
def a_prerequisite_twice_in_a_group():
    one = PrerequisiteFactory()
    PrerequisiteFactory(course=one.course, required=one.required)


@breaks.by("prerequisite_is_another_course")
def a_course_that_needs_itself():
    sql("update training_prerequisite set required_id = course_id where id = %s", PrerequisiteFactory().pk)


@breaks.by("prerequisite_is_valid_for_some_time")
def a_prerequisite_that_counts_for_no_time():
    sql("update training_prerequisite set valid_months = 0 where id = %s", PrerequisiteFactory().pk)


@breaks.by("course_has_one_fee_for_each_agency_type")
def two_fees_for_an_agency_type():
    CourseFeeFactory(course=CourseFeeFactory().course)


@breaks.by("course_fee_is_not_negative")
def a_fee_that_is_paid_out():
    sql("update training_coursefee set net_amount = -1 where id = %s", CourseFeeFactory().pk)


@breaks.by("course_fee_is_for_a_known_agency_type")
def a_fee_for_an_agency_type_that_nobody_knows():
    sql("update training_coursefee set agency_type = 'circus' where id = %s", CourseFeeFactory().pk)


@breaks.by("interest_waits_once_for_each_course")
def interest_in_a_course_twice():
    one = InterestFactory()
    InterestFactory(course=one.course, person=one.person)


@breaks.by("interest_is_told_of_a_date")
def interest_that_was_told_of_nothing():
    sql("update training_interest set told_at = now() where id = %s", InterestFactory().pk)


@breaks.by("event_has_places")
def an_event_without_places():
    sql("update training_event set places = 0 where id = %s", EventFactory().pk)


@breaks.by("event_link_is_a_web_address")
def a_link_that_runs_a_script():
    sql("update training_event set online_link = 'javascript:alert(1)' where id = %s", EventFactory().pk)


@breaks.by("event_overbooking_says_why")
def overbooking_without_a_reason():
    sql("update training_event set overbooking = 1 where id = %s", EventFactory().pk)


@breaks.by("event_says_when_it_was_cancelled")
def a_cancelled_event_without_a_time():
    sql("update training_event set state = 'cancelled' where id = %s", EventFactory().pk)


@breaks.by("event_state_is_known")
def a_state_that_nobody_knows():
    sql("update training_event set state = 'maybe' where id = %s", EventFactory().pk)


@breaks.by("event_ends_after_it_starts", "event_keeps_the_times_of_its_sessions")
def an_event_that_ends_as_it_starts():
    sql("update training_event set ends_at = starts_at where id = %s", EventFactory().pk)


@breaks.by("event_minimum_is_decided_on_a_day")
def a_minimum_that_nobody_decides_on():
    sql("update training_event set minimum = 8 where id = %s", EventFactory().pk)


@breaks.by("event_booking_opens_before_it_closes")
def booking_that_closes_before_it_opens():
    sql("update training_event set booking_opens_days = 3, booking_closes_days = 5 where id = %s", EventFactory().pk)


@breaks.by("session_ends_after_it_starts", "event_ends_after_it_starts")
def a_session_that_ends_as_it_starts():
    sql("update training_session set ends_at = starts_at where event_id = %s", EventFactory().pk)


@breaks.by("room_is_in_use_once_at_a_time")
def two_events_in_a_room():
    SessionFactory.create_batch(2, room=RoomFactory())


@breaks.by("trainer_is_in_one_place_at_a_time")
def a_trainer_in_two_places():
    SessionTrainerFactory.create_batch(2, trainer=TrainerFactory())


@breaks.by("trainer_is_on_a_session_once")
def a_trainer_twice_on_a_session():
    SessionTrainerFactory.create_batch(2, session=SessionFactory(), trainer=TrainerFactory(), override="By mistake")


@breaks.by("room_holds_somebody")
def a_room_for_nobody():
    sql("update training_room set capacity = 0 where id = %s", RoomFactory().pk)


@breaks.by("trainer_is_cleared_for_a_course_once")
def a_trainer_cleared_twice_for_a_course():
    one = ClearanceFactory()
    ClearanceFactory(trainer=one.trainer, course=one.course)


@breaks.by("clearance_ends_after_it_was_signed")
def a_clearance_that_was_over_when_it_was_signed():
    sql("update training_clearance set until = signed_on - 1 where id = %s", ClearanceFactory().pk)


@breaks.by("absence_ends_after_it_begins")
def an_absence_that_ends_before_it_begins():
    sql("update training_absence set last_on = first_on - 1 where id = %s", AbsenceFactory().pk)


@breaks.by("room_names_differ_within_a_venue")
def two_rooms_of_a_name():
    room = RoomFactory(name="Room 3")
    RoomFactory(venue=room.venue, name="Room 3")


@breaks.by("workshop_titles_differ_within_an_event")
def two_workshops_of_a_title():
    workshop = WorkshopFactory()
    WorkshopFactory(event=workshop.event, title=workshop.title)


@breaks.by("workshop_has_places")
def a_workshop_without_places():
    sql("update training_workshop set places = 0 where id = %s", WorkshopFactory().pk)


@pytest.mark.parametrize("name", breaks.ways)
def test_the_database_refuses(name):
    breaks.is_refused(name)


@pytest.mark.parametrize("name", breaks.ways)
def test_nothing_else_would_refuse(name):
    breaks.passes_without(name)


def test_an_event_that_is_on_has_no_time_of_cancellation():
    with refused_by("event_says_when_it_was_cancelled"):
        sql("update training_event set cancelled_at = now() where id = %s", EventFactory().pk)


# --- rooms and trainers ---------------------------------------------------------------------------------------------
def test_one_event_may_follow_another_in_a_room_at_once():
    first = SessionFactory(room=RoomFactory())
    SessionFactory(room=first.room, starts_at=first.ends_at)


def test_a_stated_override_lets_two_events_into_a_room():
    room = RoomFactory()
    SessionFactory(room=room)
    SessionFactory(room=room, room_override="The wall folds away")


def test_a_cancelled_event_leaves_its_room_and_its_trainer_free():
    session = SessionFactory(room=RoomFactory())
    part = SessionTrainerFactory(session=session)
    cancel(session.event)
    other = SessionFactory(room=session.room)
    SessionTrainerFactory(session=other, trainer=part.trainer)


MOVED = "event_keeps_when_it_was_moved"


@pytest.mark.parametrize(
    ("change", "is_moved"),
    [
        ("starts_at = starts_at + interval '1 day', ends_at = ends_at + interval '1 day'", True),
        ("starts_at = starts_at - interval '1 hour'", False),
    ],
)
def test_a_published_event_keeps_when_it_moved_to_another_day(change, is_moved):
    event, draft = EventFactory(), EventFactory(state="draft")
    sql(f"update training_session set {change}")
    event.refresh_from_db()
    draft.refresh_from_db()
    assert (event.moved_at is not None, draft.moved_at) == (is_moved, None)


def put_in_anew(event):
    later = event.starts_at + timedelta(days=9)
    event.sessions.all().delete()
    SessionFactory(event=event, starts_at=later)
    event.refresh_from_db()


def test_an_event_whose_first_day_is_put_in_anew_was_moved_and_nothing_says_so_without_the_guard():
    event, other = EventFactory(), EventFactory()
    put_in_anew(event)
    assert event.moved_at
    check_now()
    take_out(MOVED)
    put_in_anew(other)
    assert other.moved_at is None


def move_the_last_day(event):
    last = event.sessions.order_by("starts_at").last()
    sql("update training_session set ends_at = ends_at + interval '1 day' where id = %s", last.pk)
    sql("update training_session set starts_at = starts_at + interval '1 day' where id = %s", last.pk)
    event.refresh_from_db()
    return event.moved_at is not None


def test_an_event_was_moved_when_a_later_day_of_it_was():
    event, other = EventFactory(sessions=2), EventFactory(sessions=2)
    assert move_the_last_day(event)
    check_now()
    take_out("event_keeps_when_a_session_was_moved")
    assert not move_the_last_day(other)


def test_an_event_taken_up_again_finds_its_room_in_use():
    session = SessionFactory(room=RoomFactory())
    cancel(session.event)
    SessionFactory(room=session.room)
    with refused_by("room_is_in_use_once_at_a_time"):
        sql("update training_event set state = 'published', cancelled_at = null where id = %s", session.event_id)


def test_a_session_moved_in_time_meets_its_trainers_other_session():
    trainer = TrainerFactory()
    SessionTrainerFactory(trainer=trainer)
    later = SessionFactory(starts_at=at_half_past_nine(40))
    SessionTrainerFactory(trainer=trainer, session=later)
    with refused_by("trainer_is_in_one_place_at_a_time"):
        sql("update training_session set starts_at = starts_at - interval '10 days' where id = %s", later.pk)


# --- what follows from what, by trigger -----------------------------------------------------------------------------
def cancel(event):
    sql("update training_event set state = 'cancelled', cancelled_at = now() where id = %s", event.pk)


def an_event_has_the_times_of_its_sessions():
    event = EventFactory(sessions=2)
    sql("update training_session set ends_at = ends_at + interval '1 hour' where event_id = %s", event.pk)
    sql("delete from training_session where id = %s", event.sessions.first().pk)
    event.refresh_from_db()
    session = event.sessions.get()
    return (event.starts_at, event.ends_at) == (session.starts_at, session.ends_at)


def what_is_written_over_an_events_times_is_lost():
    event = EventFactory()
    sql("update training_event set starts_at = null, ends_at = now() where id = %s", event.pk)
    before = (event.starts_at, event.ends_at)
    event.refresh_from_db()
    return (event.starts_at, event.ends_at) == before


def a_session_added_to_a_cancelled_event_is_cancelled():
    session = SessionFactory(event=EventFactory(sessions=0, state="cancelled", cancelled_at=timezone.now()))
    session.refresh_from_db()
    return session.is_cancelled


def sessions_are_cancelled_when_their_event_is():
    event = EventFactory(sessions=2)
    cancel(event)
    return event.sessions.filter(is_cancelled=True).count() == 2


def a_trainers_part_has_the_times_of_its_session():
    session = SessionFactory()
    part = SessionTrainerFactory(session=session, starts_at=timezone.now(), ends_at=timezone.now())
    part.refresh_from_db()
    return (part.starts_at, part.ends_at) == (session.starts_at, session.ends_at)


def a_trainers_part_moves_with_its_session():
    part = SessionTrainerFactory()
    sql("update training_session set starts_at = starts_at + interval '1 hour' where id = %s", part.session_id)
    part.refresh_from_db()
    return part.starts_at == part.session.starts_at


def booking_opens_and_closes_so_many_days_before_the_event_also_when_it_moves():
    event = EventFactory(booking_opens_days=20, booking_closes_days=2)
    sql("update training_session set starts_at = starts_at - interval '1 hour' where event_id = %s", event.pk)
    event.refresh_from_db()
    return planning.window(event.starts_at, event) == (event.booking_opens_at, event.booking_closes_at)


FOLLOWS = {
    "event_times_follow_its_sessions": an_event_has_the_times_of_its_sessions,
    "event_keeps_the_times_of_its_sessions": what_is_written_over_an_events_times_is_lost,
    "event_keeps_when_it_is_booked": booking_opens_and_closes_so_many_days_before_the_event_also_when_it_moves,
    "session_is_cancelled_with_its_event": a_session_added_to_a_cancelled_event_is_cancelled,
    "sessions_are_cancelled_with_their_event": sessions_are_cancelled_when_their_event_is,
    "trainer_keeps_the_times_of_the_session": a_trainers_part_has_the_times_of_its_session,
    "trainers_follow_their_session": a_trainers_part_moves_with_its_session,
}


@pytest.mark.parametrize("trigger", FOLLOWS)
def test_one_thing_follows_from_another(trigger):
    assert FOLLOWS[trigger]()


@pytest.mark.parametrize("trigger", FOLLOWS)
def test_it_follows_by_this_trigger(trigger):
    take_out(trigger)
    assert not FOLLOWS[trigger]()

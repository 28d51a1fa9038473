"""Building the programme: an event made, changed, and what is refused; clashes and the reasons for them."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    CourseFactory,
    EventFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    SessionTrainerFactory,
    TrainerFactory,
    at_half_past_nine,
)
from tests.guards import at_once
from tests.training.factories import AbsenceFactory, ClearanceFactory
from training import planning, refusals
from training.models import Event, Session
from training.planning import Facts
from training.sessions import Sitting

pytestmark = pytest.mark.django_db
HOURS = timedelta(hours=7)


def sitting(days=30, **facts):
    starts_at = at_half_past_nine(days)
    return Sitting(starts_at=starts_at, ends_at=starts_at + HOURS, **facts)


def plan(*sittings, course=None, override="", **facts):
    return planning.plan(
        course=course or CourseFactory(),
        sittings=sittings or [sitting()],
        facts=Facts(**{"places": 20} | facts),
        by=PersonFactory(),
        override=override,
    )


def as_now(event):
    """The event's sittings as they are."""
    return [
        Sitting(
            session.starts_at,
            session.ends_at,
            session.room,
            tuple(part.trainer for part in session.trainers.order_by("pk")),
            session.pk,
        )
        for session in event.sessions.all()
    ]


def change(event, sittings=None, override="", **facts):
    facts = Facts(**{name: facts.get(name, getattr(Facts.of(event), name)) for name in Facts.__slots__})
    now = as_now(event) if sittings is None else sittings
    return planning.change(event=event, sittings=now, facts=facts, by=PersonFactory(), override=override)


# --- made -----------------------------------------------------------------------------------------------------------
def test_an_event_is_made_as_a_draft_with_its_sessions_rooms_and_trainers():
    room, trainers = RoomFactory(), tuple(TrainerFactory.create_batch(2))
    event = plan(
        sitting(30, room=room, trainers=trainers),
        sitting(31),
        is_in_house=True,
        minimum=8,
        decide_on=timezone.localdate(),
    )
    first, second = event.sessions.all()
    assert (event.state, event.places, event.is_in_house, event.minimum) == ("draft", 20, True, 8)
    assert (event.starts_at, event.ends_at) == (at_half_past_nine(30), at_half_past_nine(31) + HOURS)
    assert (first.room, second.room) == (room, None)
    assert {part.trainer for part in first.trainers.all()} == set(trainers)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ([], "27-001"),
        (["27-008", "27-C11", "27-9 a", "26-300", "2027-500", "DEMO-1"], "27-009"),
        (["27-999"], "27-1000"),
    ],
)
def test_it_gets_the_next_number_of_its_financial_year(known, expected):
    for reference in known:
        EventFactory(reference=reference)
    starts_at = datetime(2028, 3, 31, 9, 30, tzinfo=timezone.get_default_timezone())
    assert plan(Sitting(starts_at, starts_at + HOURS)).reference == expected


@pytest.mark.django_db(transaction=True)
def test_two_who_plan_at_once_get_different_numbers():
    course = CourseFactory()
    found = at_once(*[lambda: plan(course=course)] * 4)
    assert len({event.reference for event in found}) == 4


@pytest.mark.parametrize(
    ("sittings", "facts", "why"),
    [
        ([], {}, "at least one session"),
        ([Sitting(at_half_past_nine(3), at_half_past_nine(3))], {}, "end after it starts"),
        ([sitting(3), sitting(3)], {}, "overlap"),
        ([sitting(-1)], {}, "is past"),
        ([sitting()], {"minimum": 21, "decide_on": date(2000, 1, 1)}, "only 20 places"),
        ([sitting(3)], {"minimum": 2, "decide_on": date(2900, 1, 1)}, "not be after the event begins"),
        ([sitting(3)], {"booking_opens_days": 3, "booking_closes_days": 3}, "open only when it is closed"),
        ([sitting(3)], {"booking_opens_at": at_half_past_nine(4)}, "open only when it is closed"),
    ],
)
def test_what_cannot_be_is_refused(sittings, facts, why):
    with pytest.raises(refusals.Impossible, match=why):
        planning.plan(
            course=CourseFactory(), sittings=sittings, facts=Facts(**{"places": 20} | facts), by=PersonFactory()
        )
    assert not Event.objects.exists()


# --- clashes --------------------------------------------------------------------------------------------------------
def test_a_room_that_is_taken_is_refused_until_a_reason_is_given_which_is_kept():
    taken = SessionFactory(room=RoomFactory())
    with pytest.raises(refusals.Clashes, match=f"{taken.room} is taken by {taken.event.course}"):
        plan(sitting(room=taken.room))
    event = plan(sitting(room=taken.room), override=" The wall folds away ")
    assert event.sessions.get().room_override == "The wall folds away"


def test_a_trainer_who_is_elsewhere_is_refused_until_a_reason_is_given_which_is_kept():
    taken = SessionTrainerFactory()
    with pytest.raises(refusals.Clashes, match=f"{taken.trainer} is taken by"):
        plan(sitting(trainers=(taken.trainer,)))
    event = plan(sitting(trainers=(taken.trainer, TrainerFactory())), override="The first half only")
    assert set(event.sessions.get().trainers.values_list("override", flat=True)) == {"The first half only", ""}


def test_what_follows_directly_and_what_was_cancelled_clashes_with_nothing():
    room, trainer = RoomFactory(), TrainerFactory()
    before = SessionFactory(room=room, starts_at=at_half_past_nine(30) - HOURS)
    off = SessionFactory(room=room, event=EventFactory(sessions=0, state="cancelled", cancelled_at=timezone.now()))
    for session in (before, off):
        SessionTrainerFactory(session=session, trainer=trainer)
    assert plan(sitting(room=room, trainers=(trainer,)))


def test_any_number_of_events_meet_online_at_a_time():
    course, room = CourseFactory(delivery="virtual"), RoomFactory()
    for _ in range(2):
        event = plan(sitting(room=room), course=course)
    assert event.sessions.get().room_override == Session.ONLINE


def test_warnings_are_told_and_refuse_nothing(django_assert_num_queries):
    course, room = CourseFactory(), RoomFactory(capacity=12)
    away = AbsenceFactory(first_on=at_half_past_nine(29).date(), last_on=at_half_past_nine(30).date()).trainer
    other = ClearanceFactory().trainer
    until = at_half_past_nine(29).date()
    lapsed = ClearanceFactory(course=course, until=until, signed_on=until).trainer
    cleared = ClearanceFactory(course=course).trainer
    sittings = [sitting(room=room, trainers=(away, other, lapsed, cleared))]
    with django_assert_num_queries(1):
        found = planning.speaks_against(course=course, sittings=sittings, facts=Facts(places=13))
    assert {(one.kind, one.name) for one in found} == {
        ("capacity", str(room)),
        ("absent", away.name),
        ("cleared", other.name),
        ("cleared", lapsed.name),
    }
    assert all(one.words and not one.is_refused for one in found)
    assert plan(*sittings, course=course)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_a_room_at_once_one_is_told_so():
    """Looking for clashes does not see what the other has not committed: the exclusion does, and is told in words."""
    room, course = RoomFactory(), CourseFactory()
    found = at_once(*[lambda: plan(sitting(room=room), course=course)] * 4)
    assert sum(isinstance(one, Event) for one in found) == 1
    assert all(isinstance(one, Event | refusals.Clashes) for one in found)


# --- changed --------------------------------------------------------------------------------------------------------
def test_the_same_again_changes_nothing():
    event = plan(sitting(30, room=RoomFactory(), trainers=(TrainerFactory(),)), sitting(31))
    before = list(event.sessions.values()), list(event.sessions.values("trainers__pk"))
    change(event)
    assert (list(event.sessions.values()), list(event.sessions.values("trainers__pk"))) == before


def test_sessions_are_moved_added_and_taken_out():
    event = plan(sitting(30), sitting(31))
    first, second = as_now(event)
    moved = Sitting(first.starts_at + timedelta(days=7), first.ends_at + timedelta(days=7), session=first.session)
    changed = change(event, [moved, sitting(40)])
    assert [session.starts_at for session in event.sessions.all()] == [moved.starts_at, at_half_past_nine(40)]
    assert changed.ends_at == at_half_past_nine(40) + HOURS
    assert not Session.objects.filter(pk=second.session).exists()


def test_two_sessions_change_rooms_and_trainers_with_each_other():
    rooms, trainers = RoomFactory.create_batch(2), TrainerFactory.create_batch(2)
    event = plan(*(sitting(30 + n, room=rooms[n], trainers=(trainers[n],)) for n in range(2)))
    first, second = as_now(event)
    change(
        event,
        [
            Sitting(second.starts_at, second.ends_at, first.room, first.trainers, first.session),
            Sitting(first.starts_at, first.ends_at, second.room, second.trainers, second.session),
        ],
    )
    assert [session.room for session in event.sessions.all()] == [rooms[1], rooms[0]]


def test_a_reason_stays_while_the_session_does_and_goes_when_nothing_clashes_any_more():
    taken = SessionTrainerFactory(session__room=RoomFactory())
    here = sitting(room=taken.session.room, trainers=(taken.trainer,))
    event = plan(here, override="The wall folds away")
    change(event, is_in_house=True)
    assert (
        planning.speaks_against(course=event.course, sittings=as_now(event), facts=Facts.of(event), event=event) == []
    )
    session = event.sessions.get()
    assert (session.room_override, session.trainers.get().override) == ("The wall folds away",) * 2
    taken.session.delete()
    change(event)
    session = event.sessions.get()
    assert (session.room_override, session.trainers.get().override) == ("", "")


def test_a_moved_session_needs_a_reason_of_its_own():
    taken = SessionFactory(room=RoomFactory())
    SessionFactory(room=taken.room, starts_at=at_half_past_nine(50))
    event = plan(sitting(room=taken.room), override="The wall folds away")
    (now,) = as_now(event)
    moved = Sitting(at_half_past_nine(50), at_half_past_nine(50) + HOURS, now.room, (), now.session)
    with pytest.raises(refusals.Clashes):
        change(event, [moved])


def test_what_has_begun_keeps_its_times_and_may_get_another_trainer():
    event = EventFactory(begins=timezone.now() - timedelta(hours=1), sessions=2)
    first, second = as_now(event)
    late = timedelta(hours=1)
    with pytest.raises(refusals.CannotChange, match="has begun"):
        change(event, [Sitting(first.starts_at, first.ends_at + late, None, (), first.session), second])
    with pytest.raises(refusals.CannotChange, match="cannot be taken out"):
        change(event, [second])
    trainer = TrainerFactory()
    change(event, [Sitting(first.starts_at, first.ends_at, None, (trainer,), first.session), second])
    assert event.sessions.first().trainers.get().trainer == trainer


def test_a_session_is_not_moved_into_the_past():
    event = EventFactory()
    (now,) = as_now(event)
    past = at_half_past_nine(-3)
    with pytest.raises(refusals.Impossible, match="is past"):
        change(event, [Sitting(past, past + HOURS, None, (), now.session)])


def test_a_session_that_is_gone_meanwhile_is_not_changed():
    event = EventFactory(sessions=2)
    sittings = as_now(event)
    event.sessions.last().delete()
    with pytest.raises(refusals.CannotChange, match="meanwhile"):
        change(event, sittings)


def test_what_is_off_stays_as_it_was_and_places_of_what_is_published_too():
    off = EventFactory(state="cancelled", cancelled_at=timezone.now())
    with pytest.raises(refusals.CannotChange, match="cancelled"):
        change(off)
    with pytest.raises(refusals.CannotChange, match="on their own"):
        change(EventFactory(), places=30)


# --- when it is booked ----------------------------------------------------------------------------------------------
def test_days_before_the_event_follow_it_when_it_moves_and_across_the_clocks():
    starts_at = datetime(2027, 3, 30, 9, 30, tzinfo=timezone.get_default_timezone())
    event = plan(Sitting(starts_at, starts_at + HOURS), booking_opens_days=10, booking_closes_days=3)
    assert timezone.localtime(event.booking_opens_at).isoformat() == "2027-03-20T09:30:00+00:00"
    assert timezone.localtime(event.booking_closes_at).isoformat() == "2027-03-27T09:30:00+00:00"
    assert planning.window(event.starts_at, event) == (event.booking_opens_at, event.booking_closes_at)
    session = event.sessions.get()
    Session.objects.filter(pk=session.pk).update(
        starts_at=session.starts_at + timedelta(days=7), ends_at=session.ends_at + timedelta(days=7)
    )
    event.refresh_from_db()
    assert timezone.localtime(event.booking_closes_at).isoformat() == "2027-04-03T09:30:00+01:00"
    event = change(event, booking_opens_days=None, booking_opens_at=None)
    assert event.booking_opens_at is None

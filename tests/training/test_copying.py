"""Copies of an event: what goes with them, series, and all or none."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from tests.factories import (
    EventFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    SessionTrainerFactory,
    TrainerFactory,
    WorkshopFactory,
    at_half_past_nine,
)
from training import copying, refusals
from training.models import Event

pytestmark = pytest.mark.django_db


def copy(event, *days, override=""):
    return copying.copy(event=event, days=days, by=PersonFactory(), override=override)


def in_days(days):
    return at_half_past_nine(days).date()


def test_hours_rooms_trainers_places_and_workshops_are_copied_and_the_link_is_not():
    event = EventFactory(sessions=2, places=14, online_link="https://a.example/b", joining_instructions="Bring lunch")
    Event.objects.filter(pk=event.pk).update(
        minimum=6, decide_on=in_days(20), booking_opens_days=60, booking_closes_at=at_half_past_nine(28)
    )
    event.refresh_from_db()
    room, trainer = RoomFactory(), TrainerFactory()
    event.sessions.update(room=room)
    SessionTrainerFactory(session=event.sessions.first(), trainer=trainer)
    WorkshopFactory(event=event, title="County lines", slot="Morning", places=7)

    (made,) = copy(event, in_days(100))
    made.refresh_from_db()
    assert (made.state, made.places, made.course, made.minimum) == ("draft", 14, event.course, 6)
    assert (made.decide_on, made.booking_closes_at) == (in_days(90), None)
    assert timezone.localtime(made.booking_opens_at) == at_half_past_nine(40)
    assert (made.online_link, made.joining_instructions) == ("", "Bring lunch")
    first, second = made.sessions.all()
    assert [one.starts_at for one in (first, second)] == [at_half_past_nine(100), at_half_past_nine(101)]
    assert (first.room, second.room, first.trainers.get().trainer) == (room, room, trainer)
    assert made.workshops.values_list("title", "slot").get() == ("County lines", "Morning")
    assert made.reference != event.reference


def test_half_past_nine_stays_half_past_nine_when_the_clocks_change():
    event = EventFactory(begins=datetime(2027, 3, 3, 9, 30, tzinfo=timezone.get_default_timezone()))
    (found,) = copying.plan(event, [date(2027, 4, 7)])
    assert found.sittings[0].starts_at.isoformat() == "2027-04-07T09:30:00+01:00"


def test_what_is_not_used_any_more_is_not_copied():
    event = EventFactory()
    event.sessions.update(room=RoomFactory(venue__is_retired=True))
    SessionTrainerFactory(session=event.sessions.get(), trainer=TrainerFactory(is_retired=True))
    (made,) = copy(event, in_days(60))
    assert (made.sessions.get().room, made.sessions.get().trainers.count()) == (None, 0)


def test_a_series_is_made_all_or_none():
    event = EventFactory()
    room = RoomFactory()
    event.sessions.update(room=room)
    taken = SessionFactory(room=room, starts_at=at_half_past_nine(74))
    with pytest.raises(refusals.Clashes, match=str(room)):
        copy(event, in_days(60), in_days(67), in_days(74))
    assert Event.objects.count() == 2
    made = copy(event, in_days(60), in_days(67), in_days(74), override="The wall folds away")
    assert [one.sessions.get().room_override for one in made] == ["", "", "The wall folds away"]
    assert taken.event not in made
    assert len({one.reference for one in made}) == 3


@pytest.mark.parametrize("days", [(), (60, 60), (-1,)])
def test_no_day_one_twice_and_one_that_is_past_are_refused(days):
    with pytest.raises(refusals.Impossible):
        copy(EventFactory(), *(in_days(day) for day in days))


def test_what_has_no_session_cannot_be_copied():
    with pytest.raises(refusals.NoSessions):
        copy(EventFactory(sessions=0), in_days(60))


def test_two_days_that_overlap_in_one_room_are_refused_by_the_database_and_told_in_words():
    event = EventFactory(sessions=2)
    event.sessions.update(room=RoomFactory())
    with pytest.raises(refusals.Clashes, match="meanwhile"):
        copy(event, in_days(60), in_days(61))


@pytest.mark.parametrize("count", [1, 20])
def test_looking_at_a_series_takes_three_statements(django_assert_num_queries, count):
    event = EventFactory()
    with django_assert_num_queries(3):
        copying.speaks_against(event, copying.plan(event, [in_days(60 + day) for day in range(count)]))


def test_every_few_weeks_is_the_same_weekday():
    days = copying.series(date(2027, 1, 5), every=2, months=False, number=3)
    assert list(days) == [date(2027, 1, 5), date(2027, 1, 19), date(2027, 2, 2)]


def test_every_few_months_is_the_same_weekday_of_the_month_and_the_fifth_is_the_last():
    first_tuesdays = list(copying.series(date(2026, 12, 1), every=1, months=True, number=3))
    assert first_tuesdays == [date(2026, 12, 1), date(2027, 1, 5), date(2027, 2, 2)]
    fifth_fridays = list(copying.series(date(2027, 1, 29), every=1, months=True, number=4))
    assert fifth_fridays == [date(2027, 1, 29), date(2027, 2, 26), date(2027, 3, 26), date(2027, 4, 30)]

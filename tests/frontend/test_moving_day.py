"""A snow morning: events of one day are moved online or to another day, each wholly or not at all."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings import changes
from bookings.models import EventChange
from outbox.models import Message
from tests.bookings.made_up import arranged, missed, run_of
from tests.factories import (
    BookingFactory,
    CourseFactory,
    EventFactory,
    PersonFactory,
    RoomFactory,
    SessionTrainerFactory,
)
from tests.frontend.joining import text_of
from training import moving_day
from training.models import Event
from training.moving_day import To
from training.refusals import NobodyJoins

pytestmark = pytest.mark.django_db
PAGE = reverse("planning:move_day")
LINK = "https://teams.example/1"


def in_a_room(room=None, **facts):
    event = EventFactory(**{"days": 1} | facts)
    event.sessions.update(room=room or RoomFactory())
    return event


def of(day, prefix="day"):
    return {f"{prefix}-day": day.day, f"{prefix}-month": day.month, f"{prefix}-year": day.year}


def day_of(event):
    return timezone.localdate(event.starts_at)


def online(event, link=LINK):
    return {f"{event.reference}-what": "online", f"{event.reference}-link": link}


def to(event, day, starts="9:30", ends="16:30", **more):
    asked = {"what": "moved", "starts": starts, "ends": ends} | of(day) | more
    return {f"{event.reference}-{name}": value for name, value in asked.items()}


def post(client, day, *answers, **more):
    asked = "&".join(f"{name}={value}" for name, value in of(day).items())
    data = {name: value for one in answers for name, value in one.items()}
    return text_of(client.post(f"{PAGE}?{asked}", data | more, follow=True))


def sessions_of(event):
    return list(event.sessions.order_by("starts_at"))


def test_one_event_moves_online_and_one_to_another_day_in_one_act_and_again_changes_nothing(client, sign_in):
    sign_in("coordinator")
    events = [in_a_room(), in_a_room(), in_a_room()]
    today = day_of(events[0])
    for event in events:
        BookingFactory(event=event, booked_at=timezone.now() - timedelta(days=1))
    BookingFactory(event=events[0], delegate__name="Nia Nomail", delegate__email="")
    later = today + timedelta(days=7)
    answers = online(events[0]), to(events[1], later, "10:00", "15:00")
    checked = post(client, today, *answers)
    assert "Nia Nomail" in checked
    assert f"becomes {later:%A} {later.day} {later:%B %Y}, 10am to 3pm" in checked
    assert "cancels free of charge" in checked
    assert events[2].course.title not in checked
    assert not EventChange.objects.exists()
    done = post(client, today, *answers, confirm="1")
    assert f"({events[0].reference}) online; " in done
    assert "2 people are told in five minutes." in done
    (moved,) = sessions_of(events[1])
    assert timezone.localtime(moved.starts_at).replace(tzinfo=None) == datetime.combine(later, time(10))
    assert moved.room is not None
    (met,) = sessions_of(events[0])
    assert (met.room, Event.objects.get(pk=events[0].pk).online_link) == (None, LINK)
    again = post(client, today, *answers, confirm="1")
    assert f"({events[0].reference}) is so already. Nothing was changed." in again
    assert "told in five minutes" not in again
    assert sessions_of(events[1]) == [moved]
    assert "Nothing was changed: these events do not meet" in post(client, today, answers[1], confirm="1")
    assert EventChange.objects.count() == 2
    changes.tell(timezone.now() + timedelta(minutes=6))
    assert Message.objects.filter(template="booking_changed").count() == 2


def test_what_was_moved_online_says_so_wherever_its_venue_stands(client, sign_in):
    sign_in("coordinator")
    event = in_a_room()
    booking = BookingFactory(event=event)
    moving_day.move_online(event=event, day=day_of(event), link=LINK, by=PersonFactory())
    programme = text_of(client.get(reverse("programme:list"), {"year": "all", "q": event.reference}))
    assert "Online" in programme[programme.index(event.reference) :]
    assert "Where Online" in text_of(client.get(reverse("bookings:booking", args=[booking.reference])))


def test_a_trainer_or_room_that_is_elsewhere_then_is_told_and_needs_a_reason(client, sign_in):
    sign_in("coordinator")
    room = RoomFactory()
    event = in_a_room(room)
    part = SessionTrainerFactory(session=event.sessions.get())
    later = in_a_room(room, days=8)
    SessionTrainerFactory(session=later.sessions.get(), trainer=part.trainer)
    answer = to(event, day_of(later))
    checked = post(client, day_of(event), answer)
    assert f"is taken by {later.course.title} ({later.reference})" in checked
    assert f"{part.trainer.name} is taken by" in checked
    assert "Enter why both may be" in post(client, day_of(event), answer, confirm="1")
    assert Event.objects.get(pk=event.pk).starts_at == event.starts_at
    because = answer | {f"{event.reference}-reason": "The wall folds away"}
    assert "told in five minutes" in post(client, day_of(event), because, confirm="1")
    (session,) = sessions_of(event)
    assert (timezone.localdate(session.starts_at), session.room_override) == (day_of(later), "The wall folds away")


def test_two_that_move_together_are_told_of_each_other_and_each_stands_for_itself(client, sign_in):
    sign_in("coordinator")
    room = RoomFactory()
    one, other = in_a_room(room), EventFactory(days=1, begins=None)
    other.sessions.update(room=room, room_override="for now")
    later = day_of(one) + timedelta(days=7)
    answers = to(one, later), to(other, later)
    checked = post(client, day_of(one), *answers)
    assert f"is taken by {one.course.title} ({one.reference})" in checked
    assert "is taken by" not in post(client, day_of(one), answers[0], to(other, later, loses_room="on"))
    past = to(other, day_of(one) - timedelta(days=9), loses_room="on")
    done = post(client, day_of(one), answers[0], past, confirm="1")
    assert f"({one.reference}) to {later:%A}" in done
    assert f"({other.reference}) is not moved." in done
    assert "is past. Choose a date to come." in done
    assert Event.objects.get(pk=other.pk).starts_at == other.starts_at


def test_only_that_days_sessions_move_and_several_keep_their_times():
    event = in_a_room(sessions=2)
    first, second = sessions_of(event)
    day = day_of(event)
    assert moving_day.move_online(event=event, day=day, link=LINK, by=PersonFactory())
    assert not moving_day.move_online(event=event, day=day, link=LINK, by=PersonFactory())
    assert [one.room is None for one in sessions_of(event)] == [True, False]
    assert moving_day.move(event=event, day=day, to=To(day + timedelta(days=30)), by=PersonFactory())
    assert not moving_day.move(event=event, day=day, to=To(day + timedelta(days=30)), by=PersonFactory())
    stays, moved = sessions_of(event)
    assert (stays, stays.starts_at) == (second, second.starts_at)
    assert (moved, timezone.localtime(moved.starts_at).time()) == (first, timezone.localtime(first.starts_at).time())


def test_a_session_that_passes_another_is_warned_of_as_their_numbers_change(client, sign_in):
    sign_in("coordinator")
    event = in_a_room(sessions=2)
    day = day_of(event)
    warning = "session 1 becomes session 2, session 2 becomes session 1"
    assert warning in post(client, day, to(event, day + timedelta(days=30)))
    assert "in another order" not in post(client, day, to(event, day, "8:00", "9:00"))


def test_the_trainers_of_what_moves_online_are_told_or_are_to_be_told(client, sign_in):
    sign_in("coordinator")
    event = in_a_room()
    SessionTrainerFactory(session=event.sessions.get())
    assert "Its trainers are told by email" in post(client, day_of(event), online(event))
    assert "yourself" not in post(client, day_of(event), online(event), confirm="1")
    other = online(event, "https://teams.example/2")
    assert "Write to its trainers yourself." in post(client, day_of(event), other)
    assert f"Write to the trainers of {event.course.title} ({event.reference}) yourself." in post(
        client, day_of(event), other, confirm="1"
    )


def test_what_meets_online_is_said_to_where_it_is_moved_or_changed(client, sign_in):
    sign_in("coordinator")
    event = EventFactory(days=1, online_link=LINK)
    assert "online becomes" in post(client, day_of(event), to(event, day_of(event) + timedelta(days=7)))
    page = client.get(reverse("planning:change", args=[event.reference])).content.decode()
    assert reverse("events:joining", args=[event.reference]) in page


def test_what_is_off_moves_nowhere():
    event = in_a_room()
    Event.objects.filter(pk=event.pk).update(state="cancelled", cancelled_at=timezone.now())
    with pytest.raises(NobodyJoins):
        moving_day.move_online(event=event, day=day_of(event), link=LINK, by=PersonFactory())


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ({"what": "online", "link": ""}, "Enter the link by which {} is joined"),
        ({"what": "online", "link": "nonsense"}, "Enter the whole address of the meeting"),
        ({"what": "moved"}, "Enter the date to which {} moves"),
        ({"what": "left"}, "Choose for at least one event"),
        ({}, "Choose for at least one event"),
    ],
)
def test_what_is_missing_is_said_before_anything_is_checked(client, sign_in, what, says):
    sign_in("coordinator")
    event = in_a_room()
    asked = {f"{event.reference}-{name}": value for name, value in what.items()}
    page = post(client, day_of(event), asked)
    assert says.format(f"{event.course.title} ({event.reference})") in page
    assert page.startswith("Error: ") == ("Choose" not in says)
    assert "Check before they move" not in post(client, day_of(event), asked)


def test_an_events_page_leads_to_its_day_with_the_event_chosen(client, sign_in):
    sign_in("coordinator")
    event, other = in_a_room(), in_a_room(days=2)
    assert (
        "Move online or to another day" in client.get(reverse("events:event", args=[event.reference])).content.decode()
    )
    page = client.get(PAGE, {"event": event.reference}).content.decode()
    assert page.count("checked") == 1
    assert other.reference not in page


def test_what_meets_online_anyway_is_not_listed_and_a_day_may_be_empty(client, sign_in):
    sign_in("coordinator")
    event = EventFactory(days=1, course=CourseFactory(delivery="virtual"))
    assert "Nothing is left of this day" in text_of(client.get(PAGE, of(day_of(event))))


def test_who_makes_up_a_session_there_is_told_too_and_nobody_while_its_date_is_not_sure(client, sign_in):
    sign_in("coordinator")
    booking = missed()
    to_run = run_of(booking.event.course, days=5)
    arranged(booking, to=to_run)
    assert "1 person is told by email" in text_of(client.get(PAGE, of(day_of(to_run))))
    Event.objects.filter(pk=to_run.pk).update(certainty="held")
    assert "Its messages wait until you confirm its date" in text_of(client.get(PAGE, of(day_of(to_run))))


@pytest.mark.parametrize("count", [1, 20])
def test_the_page_takes_seven_statements_at_one_event_and_at_twenty_and_the_check_eight(
    client, sign_in, django_assert_num_queries, count
):
    sign_in("coordinator")
    events = [in_a_room() for _ in range(count)]
    for event in events:
        BookingFactory(event=event)
    day = day_of(events[0])
    with django_assert_num_queries(7):
        client.get(PAGE, of(day))
    with django_assert_num_queries(8):
        post(client, day, *(to(event, day + timedelta(days=2)) for event in events))

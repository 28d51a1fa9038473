"""A snow morning: events of one day are moved online together."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings import changes
from bookings.models import EventChange
from outbox.models import Message
from tests.factories import BookingFactory, CourseFactory, EventFactory, PersonFactory, RoomFactory
from training import joining
from training.refusals import NobodyJoins

pytestmark = pytest.mark.django_db
PAGE = reverse("planning:move_online")
LINK = "https://teams.example/1"


def in_a_room(**facts):
    event = EventFactory(**{"days": 1} | facts)
    event.sessions.update(room=RoomFactory())
    return event


def of(day):
    return {"day-day": day.day, "day-month": day.month, "day-year": day.year}


def post(client, events, **more):
    day = timezone.localdate(events[0].starts_at)
    answers = {}
    for number, event in enumerate(events, 1):
        answers |= {f"{event.reference}-moves": "on", f"{event.reference}-link": f"https://teams.example/{number}"}
    asked = "&".join(f"{name}={value}" for name, value in of(day).items())
    return client.post(f"{PAGE}?{asked}", answers | more, follow=True).content.decode()


def test_two_events_of_a_day_move_online_in_one_act_and_their_delegates_are_told(client, sign_in):
    sign_in("coordinator")
    events = [in_a_room(), in_a_room()]
    for event in events:
        BookingFactory(event=event, booked_at=timezone.now() - timedelta(days=1))
    BookingFactory(event=events[0], delegate__name="Nia Nomail", delegate__email="")
    checked = post(client, events)
    assert "Move 2 events online" in checked
    assert "Nia Nomail" in checked
    assert not EventChange.objects.exists()
    done = post(client, events, confirm="1")
    assert "2 events moved online. 2 people are told in five minutes." in done
    for number, event in enumerate(events, 1):
        event.refresh_from_db()
        assert event.online_link == f"https://teams.example/{number}"
        assert event.sessions.get().room is None
        assert event.bookings.filter(outcome__isnull=False).count() == 0
    changes.tell(timezone.now() + timedelta(minutes=6))
    assert Message.objects.filter(template="booking_changed").count() == 2


def test_only_that_days_session_leaves_its_room():
    event = in_a_room(sessions=2)
    joining.move_online(links={event.reference: LINK}, day=timezone.localdate(event.starts_at), by=PersonFactory())
    first, second = event.sessions.order_by("starts_at")
    assert first.room is None
    assert second.room is not None


def test_all_are_moved_or_none():
    on, off = in_a_room(), in_a_room()
    off.state, off.cancelled_at = "cancelled", timezone.now()
    off.save(update_fields=["state", "cancelled_at"])
    with pytest.raises(NobodyJoins):
        joining.move_online(
            links={on.reference: LINK, off.reference: LINK}, day=timezone.localdate(on.starts_at), by=PersonFactory()
        )
    on.refresh_from_db()
    assert on.online_link == ""


@pytest.mark.parametrize(
    ("changed", "says"),
    [("", "Enter the link by which this event is joined"), ("nonsense", "Enter the whole address of the meeting")],
)
def test_an_event_that_moves_needs_its_link(client, sign_in, changed, says):
    sign_in("coordinator")
    event = in_a_room()
    assert says in post(client, [event], **{f"{event.reference}-link": changed}, confirm="1")
    event.refresh_from_db()
    assert event.online_link == ""


def test_with_nothing_ticked_nothing_is_done(client, sign_in):
    sign_in("coordinator")
    event = in_a_room()
    assert "Tick the events that meet online" in post(client, [event], **{f"{event.reference}-moves": ""})


def test_an_events_page_leads_to_its_day_with_the_event_ticked(client, sign_in):
    sign_in("coordinator")
    event, other = in_a_room(), in_a_room(days=2)
    assert "Move online" in client.get(reverse("events:event", args=[event.reference])).content.decode()
    page = client.get(PAGE, {"event": event.reference}).content.decode()
    assert f'name="{event.reference}-moves" checked' in page
    assert other.reference not in page


def test_what_meets_online_anyway_is_not_listed_and_a_day_may_be_empty(client, sign_in):
    sign_in("coordinator")
    event = EventFactory(days=1, course=CourseFactory(delivery="virtual"))
    page = client.get(PAGE, of(timezone.localdate(event.starts_at))).content.decode()
    assert "Nothing is left of this day" in page


@pytest.mark.parametrize("count", [1, 20])
def test_the_page_takes_six_statements_at_one_event_and_at_twenty(client, sign_in, django_assert_num_queries, count):
    sign_in("coordinator")
    for _ in range(count):
        BookingFactory(event=in_a_room())
    with django_assert_num_queries(6):
        client.get(PAGE, of(timezone.localdate() + timedelta(days=1)))

"""What delegates are told of a change: once, whoever made it and however many fields it had."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from bookings import changes
from bookings.models import EventChange
from outbox import templates
from outbox.models import Message
from outbox.templates import NoLongerNeeded
from tests.factories import (
    BookingFactory,
    CourseFactory,
    EventFactory,
    MessageFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    VenueFactory,
)
from tests.guards import check_now, sql, take_out, value

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking():
    return BookingFactory(event=EventFactory(course=CourseFactory(title="Neglect")))


def later():
    """The change has settled."""
    return timezone.now() + changes.SETTLED_AFTER + timedelta(seconds=1)


def told():
    return list(Message.objects.filter(template="booking_changed").values_list("reference", flat=True))


def test_time_room_and_link_changed_in_a_row_are_one_message(booking):
    session = booking.event.sessions.get()
    session.starts_at += timedelta(hours=1)
    session.save()
    session.room = RoomFactory(venue=VenueFactory(name="Town Hall"))
    session.save()
    booking.event.online_link = "https://meet.example.org/neglect"
    booking.event.save()
    assert changes.tell() == {"changes": 0, "told": 0}, "it has not settled"
    assert changes.tell(later()) == {"changes": 1, "told": 1}
    assert changes.tell(later()) == {"changes": 0, "told": 0}
    assert told() == [booking.reference]
    text = templates.make("booking_changed", booking.reference)
    assert text.subject == "Changed: Neglect"
    assert "10:30am to 4:30pm, Town Hall" in text.body
    assert "Before, it was:\n" in text.body
    assert "9:30am to 4:30pm\n" in text.body
    assert "https://meet.example.org/neglect" in text.body


def test_a_second_change_later_is_a_second_message(booking):
    for _ in range(2):
        sql("update training_session set starts_at = starts_at - interval '1 hour'")
        assert changes.tell(later()) == {"changes": 1, "told": 1}
    assert told() == [booking.reference] * 2


def test_a_link_alone_says_so(booking):
    booking.event.online_link = "https://meet.example.org/neglect"
    booking.event.save()
    changes.tell(later())
    body = templates.make("booking_changed", booking.reference).body
    assert "The link to join online is new." in body
    assert "Before" not in body


def test_what_was_changed_back_is_told_to_nobody(booking):
    sql("update training_session set starts_at = starts_at - interval '1 hour'")
    sql("update training_session set starts_at = starts_at + interval '1 hour'")
    assert changes.tell(later()) == {"changes": 0, "told": 0}
    assert not EventChange.objects.exists()


def test_what_nobody_reads_is_no_change(booking):
    booking.event.places += 1
    booking.event.joining_instructions = "Bring a pen."
    booking.event.save()
    booking.event.sessions.get().save()
    sql("update training_session set is_cancelled = is_cancelled")
    assert not EventChange.objects.exists()


@pytest.mark.parametrize("facts", [{"state": "draft"}, {"days": -3}])
def test_nobody_is_told_of_what_is_not_public_or_is_over(facts):
    BookingFactory(event=EventFactory(**facts))
    sql("update training_session set starts_at = starts_at - interval '1 hour'")
    assert not EventChange.objects.exists()


def test_an_event_that_nobody_is_booked_on_may_change(booking):
    event = EventFactory(sessions=2)
    SessionFactory(event=event)
    event.sessions.first().delete()
    BookingFactory(event=event, waiting=True)
    event.sessions.update(ends_at=timezone.now() + timedelta(days=90))
    assert not EventChange.objects.exists()


def test_who_waits_left_or_walked_in_is_not_written_to(booking):
    BookingFactory(event=booking.event, waiting=True)
    BookingFactory(event=booking.event, cancelled=True)
    BookingFactory(event=booking.event, delegate=PersonFactory(email=""))
    sql("update training_session set starts_at = starts_at - interval '1 hour'")
    changes.tell(later())
    assert told() == [booking.reference]


def test_who_was_confirmed_after_the_change_is_not_told_of_it(booking):
    hour = timedelta(hours=1)
    sent_before, sent_after, unsent = (BookingFactory(event=booking.event) for _ in range(3))
    sql("update training_session set starts_at = starts_at - interval '1 hour'")
    now = timezone.now()
    booked_after = BookingFactory(event=booking.event, booked_at=now + hour)
    for one, finished_at in ((sent_before, now - hour), (sent_after, now + hour), (unsent, None)):
        state = "done" if finished_at else "waiting"
        MessageFactory(key=f"booking-confirmed:{one.reference}", state=state, finished_at=finished_at)
    changes.tell(later())
    assert sorted(told()) == sorted([booking.reference, sent_before.reference])
    assert booked_after.reference not in told()


def test_it_is_dropped_where_the_place_is_gone(booking):
    sql("update training_session set starts_at = starts_at - interval '1 hour'")
    changes.tell(later())
    booking.state, booking.outcome = "cancelled", "cancelled-in-time"
    booking.cancelled_at = booking.received_at = timezone.now()
    booking.cancelled_by = booking.delegate
    booking.save()
    with pytest.raises(NoLongerNeeded):
        templates.make("booking_changed", booking.reference)


@pytest.mark.parametrize(
    ("trigger", "statement"),
    [
        (
            "change_of_an_event_is_noted_session",
            "update training_session set starts_at = starts_at - interval '1 hour'",
        ),
        ("change_of_an_event_is_noted_session", "update training_session set ends_at = ends_at + interval '1 hour'"),
        ("change_of_an_event_is_noted_sessions", "delete from training_session where event_id = {event}"),
        (
            "change_of_an_event_is_noted_sessions",
            "insert into training_session (event_id, starts_at, ends_at, is_cancelled, room_override) "
            "values ({event}, now() + interval '40 days', now() + interval '41 days', false, '')",
        ),
        ("change_of_an_event_is_noted_link", "update training_event set online_link = 'https://x.example'"),
    ],
)
def test_every_way_of_changing_an_event_is_noted_by_the_database(booking, trigger, statement):
    statement = statement.format(event=booking.event_id)
    sql("savepoint before")
    sql(statement)
    assert value("select count(*) from bookings_eventchange where told_at is null") == 1
    sql("rollback to savepoint before")
    check_now()
    take_out(trigger)
    sql(statement)
    assert value("select count(*) from bookings_eventchange") == 0, "so it is this trigger that notes it"


def test_an_event_has_one_change_that_is_not_told(booking):
    facts = {"event": booking.event, "was": {}, "changed_at": datetime(2026, 1, 1, tzinfo=UTC)}
    EventChange.objects.create(**facts)
    with pytest.raises(IntegrityError, match="event_has_one_change_that_is_not_told"):
        EventChange.objects.create(**facts)


@pytest.mark.parametrize("count", [1, 20])
def test_it_takes_as_many_statements_for_one_event_as_for_twenty(django_assert_num_queries, count):
    for _ in range(count):
        BookingFactory(event=EventFactory())
    sql("update training_session set starts_at = starts_at - interval '1 hour'")
    with django_assert_num_queries(7):
        changes.tell(later())
    assert len(told()) == count

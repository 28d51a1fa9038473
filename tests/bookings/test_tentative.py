"""Events whose date is not sure: what is held back until it is, and that everybody is then told once what holds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings import cancelling, changes, places, reminders, tentative
from bookings.calendar_files import requests
from outbox import delivery, templates
from outbox.models import Message
from outbox.sender import Sender
from tests.catalogue import InterestFactory
from tests.factories import BookingFactory, EventFactory, PersonFactory
from tests.guards import check_now, refused_by, sql, take_out, value
from training import copying, events, interest, refusals
from training.models import Event

pytestmark = pytest.mark.django_db

NOT_SURE = "The date is not sure yet. We write to you when it is."
TEAM = Sender("Anytown", "training@example.org")


@pytest.fixture
def coordinator():
    return PersonFactory(roles=["coordinator"])


def booked(event, **facts):
    """By somebody who books it, with the message that follows."""
    person = PersonFactory(**facts)
    return places.book(event=event, delegate=person, by=person)


def confirm(event, by):
    """The date is sure; and some minutes have passed since."""
    events.say_certainty(event=event, certainty="sure", by=by)
    event.refresh_from_db()
    Event.objects.update(dated_at=timezone.now() - timedelta(minutes=20))
    Message.objects.filter(state="waiting").update(due_at=timezone.now())


def in_a_while():
    return timezone.now() + changes.SETTLED_AFTER + timedelta(minutes=1)


def told(mailoutbox):
    delivery.send_waiting()
    return sorted((mail.to[0], mail.subject) for mail in mailoutbox)


def test_what_is_held_back_goes_once_when_the_date_is_sure_and_says_what_holds_then(coordinator, mailoutbox):
    event = EventFactory(certainty="held", places=2, course__title="Neglect")
    for name in ("ann", "bob", "cem"):
        booked(event, email=f"{name}@example.org")
    assert told(mailoutbox) == []
    waits = Message.objects.filter(state="waiting", last_error="It waits until the event’s date is confirmed.")
    assert (waits.count(), waits.filter(failures=0, due_at__gt=timezone.now()).count()) == (3, 3)
    sql("update training_session set starts_at = starts_at + interval '1 hour'")
    confirm(event, coordinator)
    changes.tell(in_a_while())
    assert told(mailoutbox) == [
        ("ann@example.org", "Your place on Neglect is confirmed"),
        ("bob@example.org", "Your place on Neglect is confirmed"),
        ("cem@example.org", "You are on the waiting list for Neglect"),
    ]
    assert all("10:30am" in mail.body and NOT_SURE not in mail.body for mail in mailoutbox)
    changes.tell(timezone.now() + timedelta(days=1))
    assert len(told(mailoutbox)) == 3


def test_without_holding_back_messages_say_so_and_everybody_is_told_when_it_is_sure(coordinator, mailoutbox):
    event = EventFactory(certainty="tentative", places=1, course__title="Neglect")
    place, _ = booked(event, email="ann@example.org"), booked(event, email="bob@example.org")
    assert len(told(mailoutbox)) == 2
    assert all(NOT_SURE in mail.body for mail in mailoutbox)
    assert "STATUS:TENTATIVE" in requests(place, list(event.sessions.all()), TEAM, "ann@example.org")[0].content
    mailoutbox.clear()
    Message.objects.update(finished_at=timezone.now() - timedelta(hours=1))
    confirm(event, coordinator)
    assert changes.tell(in_a_while()) == {"changes": 1, "told": 2}
    assert told(mailoutbox) == [
        ("ann@example.org", "The date is sure: Neglect"),
        ("bob@example.org", "You are on the waiting list for Neglect"),
    ]
    assert tentative.CONFIRMED in mailoutbox[0].body
    assert "The link to join online is new." not in mailoutbox[0].body
    assert all(NOT_SURE not in mail.body for mail in mailoutbox)
    assert changes.tell(timezone.now() + timedelta(days=1)) == {"changes": 0, "told": 0}


def test_who_was_told_before_the_date_was_doubted_hears_of_it_and_of_what_becomes_of_it(coordinator, mailoutbox):
    event = BookingFactory(event__course__title="Neglect").event
    events.say_certainty(event=event, certainty="tentative", by=coordinator)
    assert changes.tell(in_a_while()) == {"changes": 1, "told": 1}
    delivery.send_waiting()
    assert tentative.DOUBTED in mailoutbox[0].body
    assert mailoutbox[0].subject == "Changed: Neglect"
    events.say_certainty(event=event, certainty="held", by=coordinator)
    sql("update training_session set starts_at = starts_at + interval '1 hour'")
    assert changes.tell(timezone.now() + timedelta(hours=1)) == {"changes": 0, "told": 0}, "held back with the rest"
    confirm(event, coordinator)
    assert changes.tell(in_a_while()) == {"changes": 1, "told": 1}
    delivery.send_waiting()
    assert "Before, it was:" in mailoutbox[1].body
    assert tentative.CONFIRMED in mailoutbox[1].body


def test_thought_again_within_minutes_nobody_is_told(coordinator, mailoutbox):
    event = EventFactory(certainty="held")
    booked(event)
    events.say_certainty(event=event, certainty="sure", by=coordinator)
    delivery.send_waiting()
    events.say_certainty(event=event, certainty="held", by=coordinator)
    event.refresh_from_db()
    assert event.dated_at is None
    confirm(event, coordinator)
    Event.objects.update(dated_at=timezone.now())
    delivery.send_waiting()
    assert not mailoutbox
    booked(event)
    delivery.send_waiting()
    assert len(mailoutbox) == 1, "who comes after it need not wait"


def test_who_never_heard_that_it_was_doubted_is_not_told_that_it_is_sure_nor_counted(coordinator, mailoutbox):
    event = BookingFactory().event
    event = events.say_certainty(event=event, certainty="held", by=coordinator)
    booked(event, email="ann@example.org")
    assert changes.number_to_tell(event, "sure") == 1
    confirm(event, coordinator)
    assert changes.tell(in_a_while()) == {"changes": 0, "told": 0}
    assert [to for to, _ in told(mailoutbox)] == ["ann@example.org"]


def test_cancelled_before_it_is_sure_tells_everybody_once(coordinator, mailoutbox):
    event = EventFactory(certainty="held", places=1, course__title="Neglect")
    booked(event), booked(event)
    cancelling.cancel_event(event=event, by=coordinator, reason="Nobody can teach it.")
    assert [subject for _, subject in told(mailoutbox)] == ["Neglect is cancelled"] * 2
    assert not any(NOT_SURE in mail.body for mail in mailoutbox)
    Message.objects.filter(state="waiting").update(due_at=timezone.now())
    assert len(told(mailoutbox)) == 2
    assert not Message.objects.filter(state="waiting").exists()
    with pytest.raises(refusals.CannotChange):
        events.say_certainty(event=event, certainty="sure", by=coordinator)


def test_reminders_wait_and_who_was_just_told_is_not_reminded(coordinator):
    event = EventFactory(certainty="held", days=12)
    booking = BookingFactory(event=event, booked_at=timezone.now() - timedelta(days=60))
    noon = timezone.now().replace(hour=12)
    assert not any(reminders.remind(noon).values())
    confirm(event, coordinator)
    assert reminders.remind(noon).get("reminder_two_weeks") == 0
    Event.objects.update(dated_at=timezone.now() - timedelta(days=20))
    assert reminders.remind(noon).get("reminder_two_weeks") == 1
    assert Message.objects.get(template="reminder_two_weeks").reference == booking.reference


def test_who_asked_to_be_told_of_a_date_is_told_when_it_is_sure(coordinator):
    event = EventFactory(certainty="held")
    wants = InterestFactory(course=event.course)
    assert interest.tell() == 0
    Event.objects.update(certainty="tentative")
    assert interest.tell() == 1
    assert "(not sure yet)" in templates.make(interest.TEMPLATE, wants.reference).body


def test_a_copy_is_as_sure_as_what_it_is_of(coordinator):
    event = EventFactory(certainty="held")
    (copy,) = copying.copy(event=event, days=[timezone.localdate() + timedelta(days=60)], by=coordinator)
    assert copy.certainty == "held"


def test_a_date_is_sure_or_waits_for_it(coordinator):
    EventFactory()
    with refused_by("event_is_sure_or_waits_for_its_date"):
        sql("update training_event set certainty = 'maybe'")
    with refused_by("event_is_sure_or_waits_for_its_date"):
        sql("update training_event set certainty = 'held', dated_at = now()")


def test_that_a_date_is_confirmed_is_noted_by_the_database():
    BookingFactory(event__certainty="tentative", waiting=True)
    sql("savepoint before")
    sql("update training_event set certainty = 'held'")
    assert value("select count(*) from bookings_eventchange") == 0
    sql("update training_event set certainty = 'sure'")
    assert value("select count(*) from bookings_eventchange") == 1
    sql("rollback to savepoint before")
    check_now()
    take_out("change_of_an_event_is_noted_date")
    sql("update training_event set certainty = 'sure'")
    assert value("select count(*) from bookings_eventchange") == 0, "so it is this trigger that notes it"

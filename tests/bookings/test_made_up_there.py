"""Who makes up a session elsewhere is of that event as everybody who comes: reminded, written to, told, catered for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings import (
    announcements,
    breaking_off,
    cancelling,
    capacity,
    changes,
    make_up_reminders,
    making_up,
    needs,
    places,
    refusals,
)
from bookings.models import Booking, MakeUp, Need
from bookings.needs import Needs
from outbox import templates
from outbox.models import Message
from tests.bookings.factories import NeedFactory
from tests.bookings.made_up import arranged, held, last, missed, run_of
from tests.factories import BookingFactory, EventFactory, PersonFactory, SessionFactory
from tests.guards import as_if_committed, take_out
from training import joining
from training.models import Event

pytestmark = pytest.mark.django_db


# --- one chair ------------------------------------------------------------------------------------------------------
def test_who_books_the_whole_run_makes_up_no_single_session_of_it_and_is_told():
    made_up = arranged(places=2)
    delegate = made_up.booking.delegate
    assert places.book(event=made_up.event, delegate=delegate, by=delegate).state == "confirmed"
    assert not MakeUp.objects.live().exists()
    assert making_up.tend() == 1
    told = Message.objects.get(template=making_up.NOT_MADE_UP)
    assert "You have a place on that date" in templates.make(told.template, told.reference).body
    assert capacity.change_places(event=made_up.event, places=1, by=PersonFactory()) == []


def test_without_the_trigger_they_would_take_two_chairs():
    made_up = arranged()
    as_if_committed()
    take_out("make_up_ends_where_its_delegate_has_a_place")
    BookingFactory(event=made_up.event, delegate=made_up.booking.delegate)
    assert MakeUp.objects.live().exists()


def test_who_only_waits_there_and_what_was_marked_keep_it():
    made_up = arranged()
    booking = BookingFactory(event=made_up.event, delegate=made_up.booking.delegate, waiting=True)
    assert MakeUp.objects.live().exists()
    held(made_up, close=False)
    Booking.objects.filter(pk=booking.pk).update(state="confirmed", placed_at=timezone.now())
    assert MakeUp.objects.live().exists()


def test_who_makes_up_a_session_of_an_in_house_event_sees_it():
    made_up = arranged()
    Event.objects.filter(pk=made_up.event_id).update(is_in_house=True)
    assert made_up.event in Event.objects.visible_to(made_up.booking.delegate)
    assert made_up.event not in Event.objects.visible_to(PersonFactory())


# --- told -----------------------------------------------------------------------------------------------------------
def remind(now):
    before = set(Message.objects.values_list("key", flat=True))
    make_up_reminders.remind(now)
    return [key.partition(":")[0] for key in Message.objects.exclude(key__in=before).values_list("key", flat=True)]


def test_they_are_reminded_of_that_session_and_told_how_it_is_joined():
    made_up = arranged()
    starts_at = timezone.localtime(made_up.session.starts_at)
    morning = starts_at.replace(hour=8, minute=0, second=0)
    assert remind(morning - timedelta(days=15)) == []
    assert remind(morning - timedelta(days=14)) == ["reminder_two_weeks"]
    assert remind(morning - timedelta(days=5)) == [], "there is nothing to say of how it is joined"
    joining.say(event=made_up.event, by=PersonFactory(), online_link="", instructions="Park behind it.")
    assert remind(morning - timedelta(days=4, hours=1)) == [], "at night nobody is written to"
    assert remind(morning - timedelta(days=4)) == ["joining_instructions"]
    assert remind(morning - timedelta(days=2)) == ["reminder_two_days"]
    assert remind(morning - timedelta(days=1)) == []
    message = Message.objects.filter(template=make_up_reminders.SOON).first()
    text = templates.make(message.template, message.reference).body
    assert "Park behind it." in text
    assert f"{starts_at:%-d %B %Y}" in text
    assert f"{timezone.localtime(made_up.event.starts_at):%-d %B %Y}" not in text


def test_who_was_told_within_the_time_is_not_reminded_of_it_and_nobody_of_what_is_off():
    made_up = arranged()
    day = made_up.session.starts_at - timedelta(days=2)
    MakeUp.objects.update(arranged_at=day)
    assert remind(day + timedelta(hours=1)) == []
    MakeUp.objects.update(arranged_at=day - timedelta(days=20))
    Event.objects.filter(pk=made_up.event_id).update(certainty="held")
    assert remind(day + timedelta(hours=1)) == []
    MakeUp.objects.update(arranged_at=timezone.now())
    making_up.take_back(made_up=made_up, by=PersonFactory())
    with pytest.raises(templates.NoLongerNeeded):
        templates.make(make_up_reminders.SOON, f"{made_up.pk}:{made_up.booking.reference}")


def test_they_can_be_written_to_and_read_of_their_session_only():
    made_up = arranged()
    there = announcements.recipients(made_up.event)
    assert [(one.name, one.group) for one in there] == [(made_up.booking.delegate.name, "made-up")]
    sent = announcements.send(
        event=made_up.event, by=PersonFactory(), reference=announcements.new(), subject="Hello", words="Bring lunch.",
        to=there,
    )  # fmt: skip
    message = Message.objects.get(key__startswith=announcements.key(sent.reference, ""))
    text = templates.make(message.template, message.reference).body
    assert f"{timezone.localtime(made_up.session.starts_at):%-d %B %Y}" in text
    assert f"{timezone.localtime(made_up.missed.starts_at):%-d %B %Y}" not in text


def test_a_change_and_a_cancellation_of_the_event_count_them():
    made_up = arranged(missed(delegate__email=""))
    assert changes.number_to_tell(made_up.event) == 0
    ending = cancelling.what_ends(made_up.event)
    assert ([one.pk for one in ending.unreached], ending.number_told) == ([made_up.booking_id], 0)
    other = arranged(missed(), places=9)
    assert (changes.number_to_tell(other.event), cancelling.what_ends(other.event).number_told) == (1, 1)


# --- needs ----------------------------------------------------------------------------------------------------------
def with_need():
    booking = missed()
    need = NeedFactory(booking=booking, access="A ramp", is_arranged=True)
    return booking, need


def test_what_they_need_is_to_be_arranged_there_too_and_is_kept_until_that_is_over():
    booking, need = with_need()
    to = arranged(booking).event
    assert [one.pk for one in needs.of_event(to).to_arrange()] == [need.pk]
    assert [(one.pk, one.to_arrange, one.arranged) for one in needs.coming(timezone.now())] == [(to.pk, 1, 0)]
    need.refresh_from_db()
    needs.arrange(booking=booking, seen=need.said_at, arranged="A ramp", is_instead=False, chairs=1, by=PersonFactory())
    assert [(one.pk, one.to_arrange, one.arranged) for one in needs.coming(timezone.now())] == [(to.pk, 0, 1)]
    booking.event.sessions.update(starts_at=timezone.now() - timedelta(days=41), ends_at=timezone.now() - timedelta(40))
    assert needs.forget() == 0
    MakeUp.objects.get().session.delete()
    assert needs.forget() == 1


def test_of_an_event_that_is_over_they_are_said_while_a_session_is_to_be_made_up():
    booking = missed()
    with pytest.raises(refusals.HasBegun):
        needs.change(booking=booking, needs=Needs(access="A ramp"), by=booking.delegate)
    to = arranged(booking).event
    needs.change(booking=booking, needs=Needs(access="A ramp"), by=booking.delegate)
    assert Need.objects.get() in needs.of_event(to)
    assert needs.event_of(booking) == to


def test_that_it_is_arranged_is_told_with_the_session_made_up():
    booking, need = with_need()
    made_up = arranged(booking)
    need.refresh_from_db()
    needs.arrange(booking=booking, seen=need.said_at, arranged="A ramp", is_instead=False, chairs=0, by=PersonFactory())
    text = templates.make(needs.ARRANGED, booking.reference).body
    assert f"{timezone.localtime(made_up.session.starts_at):%-d %B %Y}" in text
    assert f"{timezone.localtime(made_up.event.starts_at):%-d %B %Y}" not in text


def test_a_run_that_is_booked_is_not_offered_to_make_up_at():
    booking = missed()
    to = run_of(booking.event.course, days=30)
    BookingFactory(event=to, delegate=booking.delegate)
    assert last(to) not in making_up.chances(booking, timezone.now())


@pytest.mark.parametrize("counts", ["nothing", "part"])
def test_broken_off_before_their_session_it_counts_and_names_them_and_they_are_told(counts):
    now = timezone.now()
    booking = missed()
    to = EventFactory(course=booking.event.course, begins=now - timedelta(hours=1))
    SessionFactory(event=to, starts_at=now + timedelta(days=1))
    to.refresh_from_db()
    made_up = making_up.arrange(booking=booking, missed=last(booking.event), at=last(to), by=PersonFactory())
    follows = breaking_off.what_follows(to, timezone.now(), counts)
    assert ([one.pk for one in follows.made_up], follows.told, follows.number_told) == ([booking.pk], [], 1)
    facts = {"at": timezone.now(), "reason": "Fire alarm", "by": PersonFactory()}
    done = breaking_off.break_off(event=to, counts=counts, **facts)
    assert ([one.pk for one in done.made_up], done.number_told) == ([booking.pk], 1)
    assert (making_up.tend(), making_up.tend()) == (1, 0)
    assert Message.objects.filter(template=making_up.NOT_MADE_UP, reference__startswith=f"{made_up.pk}:").count() == 1


def test_broken_off_after_their_session_it_is_theirs_still_where_it_counts():
    made_up = arranged()
    held(made_up, close=False)
    event = made_up.event
    at = last(event).ends_at - timedelta(minutes=5)
    numbers = [len(breaking_off.what_follows(event, at, counts).made_up) for counts in ("part", "nothing")]
    assert numbers == [0, 1]

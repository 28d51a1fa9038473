"""Checking oneself in: a code that lasts a minute, on the day only, and a mark by the clock."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from bookings import check_in, refusals
from bookings.models import Mark
from tests.factories import (
    BookingFactory,
    ChargingPolicyFactory,
    EventFactory,
    MarkFactory,
    PersonFactory,
    RegisterFactory,
)

pytestmark = pytest.mark.django_db
BEGINS = datetime(2027, 3, 3, 9, 30, tzinfo=ZoneInfo("Europe/London"))


@pytest.fixture
def clock():
    with time_machine.travel(BEGINS, tick=False) as moving:
        yield moving


@pytest.fixture
def booking(clock):
    return BookingFactory(event=EventFactory(begins=BEGINS), policy=ChargingPolicyFactory(late_grace_minutes=15))


@pytest.fixture
def session(booking):
    return booking.event.sessions.get()


def here(booking):
    session = booking.event.sessions.select_related("register", "event").get()
    return check_in.check_in(session=session, booking=booking, by=booking.delegate)


def test_a_code_changes_every_half_minute_and_the_one_before_is_taken_too(clock, session):
    first = check_in.code(session)
    assert check_in.is_code(session, first)
    assert check_in.is_code(session, f" {first[:3].lower()} {first[3:]} ")
    clock.shift(check_in.SECONDS)
    assert check_in.code(session) != first
    assert check_in.is_code(session, first)
    clock.shift(check_in.SECONDS)
    assert not check_in.is_code(session, first)
    assert not check_in.is_code(session, "")


def test_a_code_and_a_ticket_are_of_one_session(clock, session):
    other = EventFactory(begins=BEGINS).sessions.get()
    assert not check_in.is_code(other, check_in.code(session))
    ticket = check_in.ticket(session)
    assert check_in.is_ticket(session, ticket)
    assert not check_in.is_ticket(other, ticket)
    clock.shift(check_in.TICKET_SECONDS + 1)
    assert not check_in.is_ticket(session, ticket)


@pytest.mark.parametrize("made_up", ["", "1", "1:x:y", "\0"])
def test_a_ticket_cannot_be_made_up(session, made_up):
    assert not check_in.is_ticket(session, made_up)


@pytest.mark.parametrize(
    ("minutes", "attendance", "late"),
    [(-60, "present", None), (0, "present", None), (15, "present", None), (16, "late", 16), (419, "late", 419)],
)
def test_the_mark_is_made_by_the_clock(clock, booking, minutes, attendance, late):
    clock.move_to(BEGINS + timedelta(minutes=minutes))
    mark = here(booking)
    assert (mark.attendance, mark.minutes, mark.marked_by) == (attendance, late, booking.delegate)


def test_without_a_grace_each_minute_is_late(clock, booking):
    booking.policy = None
    clock.shift(60)
    assert here(booking).minutes == 1


def test_again_changes_nothing(clock, booking):
    first = here(booking)
    clock.shift(20 * 60)
    assert here(booking) == first
    assert Mark.objects.get().attendance == "present"


@pytest.mark.parametrize("days", [-1, 1])
def test_it_is_for_the_day_only(clock, booking, days):
    clock.move_to(BEGINS + timedelta(days=days))
    with pytest.raises(refusals.RegisterNotOpenYet, match="on the day"):
        here(booking)


def test_after_the_end_it_is_too_late(clock, booking):
    clock.move_to(BEGINS + timedelta(hours=7, minutes=1))
    with pytest.raises(refusals.RegisterNotOpenYet):
        here(booking)


def test_who_is_marked_as_not_here_asks_the_trainer(booking):
    MarkFactory(booking=booking, attendance="absent", marked_by=PersonFactory())
    with pytest.raises(refusals.RegisterClosed, match="Ask the trainer"):
        here(booking)
    assert Mark.objects.get().attendance == "absent"


def test_a_register_that_is_handed_in_takes_nobody_more(booking, session):
    RegisterFactory(session=session, handed_in=True)
    with pytest.raises(refusals.RegisterClosed, match="handed in already"):
        here(booking)


def test_only_who_is_on_the_register_is_marked(booking):
    waiting = BookingFactory(event=booking.event, waiting=True)
    with pytest.raises(refusals.NotOnTheRegister):
        here(waiting)

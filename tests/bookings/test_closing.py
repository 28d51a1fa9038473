"""Registers that close by themselves: after their working days, only where nothing differs, and once."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from bookings import closing, register
from bookings.models import Register, SentMark
from tests.factories import BookingFactory, ClosingDayFactory, EventFactory, MarkFactory, PersonFactory

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
# A Monday: with five whole working days between, it closes on the Tuesday of the week after.
MONDAY = datetime(2026, 3, 9, 9, 30, tzinfo=LONDON)
TUESDAY_AFTER = MONDAY + timedelta(days=8)


@pytest.fixture(autouse=True)
def five_days(settings):
    settings.REGISTERS_CLOSE_AFTER = 5


def handed_in(sessions=1, count=1):
    with time_machine.travel(MONDAY - timedelta(days=30)):
        event = EventFactory(begins=MONDAY - timedelta(days=sessions - 1), sessions=sessions)
        booking = BookingFactory(event=event)
    with time_machine.travel(MONDAY + timedelta(hours=8)):
        for session in event.sessions.all():
            MarkFactory(booking=booking, session=session)
            register.hand_in(session=session, head_count=count, by=PersonFactory())
    return event


def closes(on=TUESDAY_AFTER):
    with time_machine.travel(on):
        return closing.close_by_themselves()


def test_it_closes_after_the_whole_working_days_and_not_before():
    event = handed_in(sessions=2)
    assert closes(on=TUESDAY_AFTER - timedelta(days=1)) == 0
    assert closes() == 1
    assert set(Register.objects.values_list("closed_by", "closed_by_itself")) == {(None, True)}
    assert event.bookings.get().outcome == "attended"


def test_again_closes_no_more():
    handed_in()
    assert (closes(), closes()) == (1, 0)
    assert Register.history.rel.related_model.objects.count() == 1


def test_a_bank_holiday_is_no_working_day():
    handed_in()
    ClosingDayFactory(day=(MONDAY + timedelta(days=2)).date())
    assert closes() == 0
    assert closes(on=TUESDAY_AFTER + timedelta(days=1)) == 1


def test_without_the_setting_nothing_closes_by_itself(settings):
    settings.REGISTERS_CLOSE_AFTER = None
    handed_in()
    assert closes(on=TUESDAY_AFTER + timedelta(days=365)) == 0


def differs_by_its_count():
    handed_in(count=2)


def differs_by_somebody_unmarked():
    event = handed_in()
    with time_machine.travel(MONDAY):
        BookingFactory(event=event)


def differs_as_it_was_opened_again():
    event = handed_in()
    with time_machine.travel(MONDAY + timedelta(hours=9)):
        register.close(event=event, by=PersonFactory())
        register.reopen(event=event, by=PersonFactory(), reason="Somebody says that they were there")


def differs_as_one_session_is_not_handed_in():
    event = handed_in(sessions=2)
    Register.objects.filter(session=event.sessions.first()).delete()


@pytest.mark.parametrize(
    "differs",
    [
        differs_by_its_count,
        differs_by_somebody_unmarked,
        differs_as_it_was_opened_again,
        differs_as_one_session_is_not_handed_in,
    ],
)
def test_what_differs_waits_for_a_coordinator(differs):
    differs()
    assert closes() == 0
    assert not Register.objects.filter(closed_at__isnull=False).exists()


def test_others_close_all_the_same():
    handed_in(count=2)
    handed_in()
    assert closes() == 1


def test_a_correction_after_handing_in_starts_the_days_anew():
    event = handed_in()
    with time_machine.travel(MONDAY + timedelta(days=2)):
        register.hand_in(session=event.sessions.get(), head_count=1, by=PersonFactory())
    assert closes() == 0
    assert closes(on=TUESDAY_AFTER + timedelta(days=2)) == 1


def test_nonces_are_forgotten_when_no_device_can_send_them_again():
    session = handed_in().sessions.get()
    SentMark.objects.create(nonce=uuid4(), session=session, taken_at=timezone.now() - timedelta(days=8))
    SentMark.objects.create(nonce=uuid4(), session=session, taken_at=timezone.now() - timedelta(days=6))
    assert (closing.forget_nonces(), closing.forget_nonces()) == (1, 0)
    assert SentMark.objects.count() == 1

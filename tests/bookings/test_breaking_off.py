"""An event broken off half way: what it counts as, that nobody is charged, and that everyone is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings import breaking_off, register
from bookings.models import Booking, Mark
from bookings.refusals import AlreadyCancelled, HasNotBegun, ReasonMissing, RegisterClosed, WrongMoment
from invoicing import charges, dues
from outbox import templates
from outbox.models import Message
from reporting import truths, utilisation
from tests.factories import (
    BookingFactory,
    EventFactory,
    MarkFactory,
    PersonFactory,
    RegisterFactory,
    at_half_past_nine,
)
from tests.guards import at_once, refused_by, sql
from tests.invoicing import situations
from training.financial_year import FinancialYear
from training.models import Event

pytestmark = pytest.mark.django_db
Counts = Event.Counts
# Yesterday's first session was broken off at 11:05; there would have been another one today.
ELEVEN = timedelta(hours=1, minutes=35)


@pytest.fixture
def event():
    """Of two days, yesterday and today, with two delegates who came yesterday and one who did not."""
    found = EventFactory(days=-1, sessions=2)
    for attendance in ("present", "present", "absent"):
        booking = BookingFactory(event=found, policy=None)
        MarkFactory(booking=booking, session=found.sessions.first(), attendance=attendance)
    return found


def break_off(event, counts=Counts.PART, **facts):
    at = event.starts_at + ELEVEN
    return breaking_off.break_off(
        **{"event": event, "at": at, "counts": counts, "reason": "A fire alarm.", "by": PersonFactory()} | facts
    )


def close(event):
    for session in event.sessions.all():
        register.hand_in(session=session, head_count=2, by=PersonFactory())
    register.close(event=event, by=PersonFactory())
    return sorted(event.bookings.values_list("outcome", flat=True))


def test_the_session_ends_then_and_later_ones_are_not_given(event):
    break_off(event)
    event.refresh_from_db()
    assert event.sessions.get().ends_at == event.ends_at == event.starts_at + ELEVEN
    assert event.is_over()


@pytest.mark.parametrize(
    ("counts", "outcomes"),
    [
        (Counts.PART, ["did-not-attend", "part-attended", "part-attended"]),
        (Counts.WHOLE, ["attended", "attended", "did-not-attend"]),
    ],
)
def test_who_was_there_has_what_it_counts_as_and_nobody_is_charged(event, counts, outcomes):
    event.bookings.update(policy=situations.policy())
    break_off(event, counts)
    assert close(event) == outcomes
    assert not dues.chargeable().exists()
    assert charges.propose() == 0


def test_it_counts_in_the_report_as_delivered_with_who_attended(event):
    break_off(event)
    close(event)
    whole = utilisation.report(FinancialYear.containing(event.starts_at)).this.whole
    assert (whole["events_delivered"], whole["events_cancelled"], whole["delegates_attended"]) == (1, 0, 2)


def test_what_does_not_count_is_abandoned_its_bookings_end_and_marks_are_kept(event):
    there = EventFactory(course=event.course)
    break_off(event, Counts.NOTHING, instead=there)
    event.refresh_from_db()
    assert (event.state, event.broken_off_counts) == (Event.State.ABANDONED, Counts.NOTHING)
    assert set(event.bookings.values_list("outcome", flat=True)) == {Booking.Outcome.EVENT_CANCELLED}
    assert Mark.objects.filter(session__event=event).count() == 3
    assert there.bookings.count() == 3
    # It counts as cancelled from when it would have ended, as all cancelled events do.
    report = utilisation.report(FinancialYear.containing(event.ends_at), now=event.ends_at + timedelta(minutes=1))
    assert report.this.whole["events_cancelled"] == 1
    assert [one.name for one in truths.check_all() if not one.holds] == []


@pytest.mark.parametrize("counts", Counts.values)
def test_everyone_who_had_a_place_is_told_once_why_and_what_follows(event, counts):
    BookingFactory(event=event, delegate__email="")
    done = break_off(event, counts)
    found = Message.objects.filter(template="event_broken_off")
    assert found.count() == len(done.told) == 3
    assert len(done.unreached) == 1
    body = templates.make("event_broken_off", found.first().reference).body
    assert "A fire alarm." in body
    assert breaking_off.FOLLOWS[counts][:30] in body
    assert "There is nothing to pay" in body


@pytest.mark.parametrize("ago", [timedelta(0), timedelta(days=2)])
def test_it_was_broken_off_between_its_beginning_and_its_end(event, ago):
    with pytest.raises(WrongMoment, match="after it had begun and before it would have ended"):
        break_off(event, at=event.starts_at - ago)
    with pytest.raises(WrongMoment, match="before it would have ended"):
        break_off(EventFactory(days=-9), at=timezone.now() - ago)


def test_it_was_not_broken_off_in_the_future():
    event = EventFactory(begins=timezone.now() - timedelta(hours=1))
    with pytest.raises(WrongMoment, match="in the future"):
        break_off(event, at=timezone.now() + timedelta(hours=1))


def test_nobody_was_marked_after_it_was_broken_off(event):
    MarkFactory(booking=event.bookings.first(), session=event.sessions.last())
    with pytest.raises(WrongMoment, match="after it was broken off"):
        break_off(event)


def test_what_has_not_begun_is_cancelled_instead():
    with pytest.raises(HasNotBegun, match="Cancel it instead"):
        break_off(EventFactory(), at=timezone.now())


def test_it_is_broken_off_once_and_with_a_reason(event):
    with pytest.raises(ReasonMissing):
        break_off(event, reason=" ")
    break_off(event)
    with pytest.raises(AlreadyCancelled):
        break_off(Event.objects.get(pk=event.pk))


def test_a_closed_register_is_reopened_first():
    event = EventFactory(begins=at_half_past_nine(-3))
    RegisterFactory(session=event.sessions.get(), closed=True)
    with pytest.raises(RegisterClosed, match="Reopen it first"):
        break_off(event)


@pytest.mark.parametrize(
    "change",
    [
        "broken_off_reason = ''",
        "broken_off_by_id = null",
        "broken_off_at = null",
        "broken_off_counts = 'nothing'",
        "broken_off_counts = ''",
        "broken_off_counts = 'half'",
    ],
)
def test_a_broken_off_event_says_when_why_by_whom_and_what_it_counts_as(event, change):
    break_off(event)
    with refused_by("event_broken_off_says_what_it_counts_as"):
        sql(f"update training_event set {change} where id = %s", event.pk)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_record_it_at_once_one_does_and_each_delegate_is_told_once():
    event = EventFactory(days=-1)
    BookingFactory(event=event)
    found = at_once(*[lambda: break_off(event)] * 3)
    assert sum(isinstance(one, breaking_off.BrokenOff) for one in found) == 1
    assert Message.objects.filter(template="event_broken_off").count() == 1

"""Why somebody did not come, told later: what exempts, what it lacks, who was first."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from bookings import absences
from bookings.absences import Told
from bookings.models import AbsenceReason
from bookings.refusals import NoAbsence, ReasonChanged
from tests.factories import BookingFactory, ClosingDayFactory, ExemptionReasonFactory, PersonFactory
from tests.guards import Breaks, sql
from tests.invoicing.situations import MONDAY, absent, cancelled_late, over

pytestmark = pytest.mark.django_db
breaks = Breaks()


def told(exemption=None, **facts):
    return Told(**{"exemption": exemption, "reason": "An operation", "on": MONDAY, "how": "by email from the delegate",
                   "evidence_seen": False} | facts)  # fmt: skip


def note(booking, said, seen=None):
    return absences.note(booking=booking, told=said, seen=seen, by=PersonFactory())


# --- what the database holds ------------------------------------------------------------------------------------------
@breaks.by("absence_reason_lacks_only_what_an_exemption_asks")
def something_lacks_of_nothing():
    sql("update bookings_absencereason set lacks = 'evidence' where id = %s", note(absent(over()), told()).pk)


@breaks.by("absence_reason_noted_says_when_and_by_whom")
def noted_by_nobody():
    sql("update bookings_absencereason set noted_by_id = null where id = %s", note(absent(over()), told()).pk)


@pytest.mark.parametrize("name", breaks.ways)
def test_the_database_refuses(name):
    breaks.is_refused(name)


@pytest.mark.parametrize("name", breaks.ways)
def test_nothing_else_refuses_it(name):
    breaks.passes_without(name)


# --- what exempts -----------------------------------------------------------------------------------------------------
def test_an_exemption_exempts_and_another_reason_does_not():
    assert note(absent(over()), told(ExemptionReasonFactory())).is_exempt
    assert not note(absent(over()), told()).is_exempt
    assert AbsenceReason.objects.exempt().count() == 1


def test_what_has_to_be_seen_has_to_be_seen():
    exemption, booking = ExemptionReasonFactory(evidence="A note of the manager"), absent(over())
    noted = note(booking, told(exemption))
    assert (noted.lacks, noted.is_exempt) == ("evidence", False)
    assert not AbsenceReason.objects.exempt().exists()
    assert note(booking, told(exemption, evidence_seen=True), noted.noted_at).is_exempt


@pytest.mark.parametrize(("on", "lacks"), [(date(2018, 6, 17), ""), (date(2018, 6, 18), "told-in-time")])
def test_the_last_day_to_tell_is_so_many_working_days_after_the_event(on, lacks):
    ClosingDayFactory(day=date(2018, 6, 13))
    booking = absent(over())
    # The third working day after Monday the 11th is Friday, and nobody is there until the next Monday.
    assert note(booking, told(ExemptionReasonFactory(working_days_to_tell=3), on=on)).lacks == lacks


def test_what_was_exempt_stays_so_when_the_exemption_asks_for_more():
    exemption = ExemptionReasonFactory()
    noted = note(absent(over()), told(exemption))
    exemption.evidence = "A certificate"
    exemption.save()
    noted.refresh_from_db()
    assert noted.is_exempt


# --- of whom, and who was first ---------------------------------------------------------------------------------------
def test_a_reason_is_noted_for_who_was_absent_cancelled_late_or_may_turn_out_so():
    cancelled = cancelled_late(over(), MONDAY - timedelta(days=1))
    for booking in (absent(over()), cancelled, BookingFactory(event=over(closed=False))):
        assert note(booking, told())
    for booking in (BookingFactory(), BookingFactory(event=over(), outcome="attended"), BookingFactory(cancelled=True)):
        with pytest.raises(NoAbsence):
            note(booking, told())


def test_a_second_click_changes_nothing_and_who_was_second_is_told():
    booking = absent(over())
    first = note(booking, told())
    assert note(booking, told()).noted_at == first.noted_at
    with pytest.raises(ReasonChanged):
        note(booking, told(reason="The car"))
    with pytest.raises(ReasonChanged):
        absences.take_out(booking=booking, seen=timezone.now(), by=PersonFactory())


def test_what_is_taken_out_says_and_exempts_nothing():
    booking = absent(over())
    noted = note(booking, told(ExemptionReasonFactory()))
    for _ in range(2):
        absences.take_out(booking=booking, seen=noted.noted_at, by=PersonFactory())
    stored = AbsenceReason.objects.get()
    assert (stored.reason, stored.exemption, stored.is_exempt, stored.says_something) == ("", None, False, False)

"""Events that were made in Turnout, and workbooks that know or do not know them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings import absences
from bookings.absences import Told
from bookings.models import AbsenceReason, ChargingPolicy
from programme import importing
from programme.problems import ImportRefused
from tests.factories import BookingFactory, EventFactory, PersonFactory, at_half_past_nine
from tests.programme.workbooks import put, raw, small
from training.models import Course, Session

pytestmark = pytest.mark.django_db


def bring_in(sheets):
    return importing.write(raw(sheets))


def test_an_event_made_here_survives_a_workbook_that_says_nothing_of_it_and_is_known_by_its_reference():
    bring_in(small())
    course, course_of_another = Course.objects.get(code="NEG"), Course.objects.get(code="BR")
    made = EventFactory(reference="27-001", course=course, days=30, places=12)
    other = EventFactory(reference="27-002", course=course_of_another, days=30)
    assert not bring_in(small()).has_changes

    day = timezone.localdate(made.starts_at)
    sheets = small()
    for reference in ("27-001", "27-002"):
        sheets["Events"].append(["NEG", reference, "Published", day, "09:30", "16:30", 14, "Town Hall", "A. Hughes"])
    summary = bring_in(sheets)
    made.refresh_from_db()
    other.refresh_from_db()
    assert (made.places, made.sessions.get().room.venue.name) == (14, "Town Hall")
    assert (other.course, other.places) == (course_of_another, 20)
    assert summary.left_alone == ["event 27-002: it was made in Turnout, of BR; give the one of NEG another reference"]


def test_a_date_that_would_close_booking_before_it_opens_is_left_alone():
    bring_in(small())
    made = EventFactory(
        reference="27-001", course=Course.objects.get(code="NEG"), days=30, booking_closes_days=5,
        booking_opens_at=at_half_past_nine(20),
    )  # fmt: skip
    sheets = small()
    day = timezone.localdate() + timedelta(days=22)
    sheets["Events"].append(["NEG", "27-001", "Published", day, "09:30", "16:30", 20, None, None])
    summary = bring_in(sheets)
    assert "booking would close before it opens" in summary.left_alone[0]
    assert Session.objects.get(event=made).starts_at == made.starts_at


def test_the_price_that_somebody_was_told_who_booked_here_stays():
    bring_in(small())
    BookingFactory(policy=ChargingPolicy.objects.get())
    assert not bring_in(small()).has_changes
    with pytest.raises(ImportRefused) as refused:
        bring_in(put(small(), "Charging", 1, Amount=40))
    (problem,) = refused.value.problems
    assert problem.what == "bookings were made in Turnout under its policy of 01/04/2019."


def test_a_reason_that_a_coordinator_noted_is_not_written_over():
    bring_in(small())
    noted = AbsenceReason.objects.get(reason="Sickness")
    told = Told(None, "The car", timezone.localdate(), "by email from her", False)
    absences.note(booking=noted.booking, told=told, seen=None, by=PersonFactory())
    assert not bring_in(small()).has_changes
    noted.refresh_from_db()
    assert (noted.reason, noted.is_exempt) == ("The car", False)

"""Somebody goes to another agency: today, since a day, or on a day to come."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings import agency_changes
from bookings.models import Booking
from outbox import again, jobs
from outbox.models import Job
from people import refusals
from people.models import Person
from tests.factories import AgencyFactory, BookingFactory, PersonFactory, RoleGrantFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def coordinator():
    return PersonFactory(roles=["coordinator"])


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def change(person, agency, by, days=0):
    return agency_changes.change_agency(person=person, agency=agency, from_on=TODAY() + timedelta(days=days), by=by)


def agency_of(person):
    return Person.objects.get(pk=person.pk).agency


def test_from_today_bookings_keep_the_agency_that_they_were_made_for(coordinator):
    booking = BookingFactory(booked_at=days_ago(1))
    former, new = booking.agency, AgencyFactory()
    moved = change(booking.delegate, new, coordinator)
    booking.refresh_from_db()
    assert (moved.bookings, agency_of(booking.delegate), booking.agency) == (0, new, former)


def test_from_an_earlier_day_what_was_booked_since_and_is_to_come_goes_along(coordinator):
    person, new = PersonFactory(), AgencyFactory()
    along = BookingFactory(delegate=person, booked_at=days_ago(3))
    stay = [
        BookingFactory(delegate=person, booked_at=days_ago(9)),
        BookingFactory(delegate=person, booked_at=days_ago(3), cancelled=True),
        BookingFactory(delegate=person, booked_at=days_ago(3), event__days=-1),
        BookingFactory(delegate=person, booked_at=days_ago(3), agency=AgencyFactory()),
        BookingFactory(booked_at=days_ago(3)),
    ]
    assert change(person, new, coordinator, days=-5).bookings == 1
    assert list(Booking.objects.filter(agency=new)) == [along]
    assert all(Booking.objects.get(pk=one.pk).agency == one.agency for one in stay)


def test_from_a_day_to_come_nothing_changes_until_then(coordinator):
    person, new = PersonFactory(), AgencyFactory()
    job = change(person, new, coordinator, days=7).later
    assert agency_of(person) != new
    assert timezone.localtime(job.due_at).date() == TODAY() + timedelta(days=7)
    assert (job.asked_by, job.arguments["agency"]) == (coordinator.reference, new.reference)
    jobs.run_waiting()
    assert agency_of(person) != new, "it is not due"
    Job.objects.update(due_at=timezone.now())
    Job.objects.update(arguments=job.arguments | {"from": TODAY().isoformat()})
    jobs.run_waiting()
    job.refresh_from_db()
    assert (job.state, agency_of(person)) == ("done", new)


def test_run_again_after_an_interruption_it_changes_nothing(coordinator):
    person, new = PersonFactory(), AgencyFactory()
    job = change(person, new, coordinator, days=7).later
    change(person, new, coordinator)
    assert agency_changes.run(job, None) == {}


def test_who_left_meanwhile_is_not_moved_and_the_job_says_why(coordinator):
    person, new = PersonFactory(), AgencyFactory()
    job = change(person, new, coordinator, days=1).later
    Person.objects.filter(pk=person.pk).update(left_on=TODAY())
    Job.objects.update(due_at=timezone.now(), arguments=job.arguments | {"from": TODAY().isoformat()})
    jobs.run_waiting()
    job.refresh_from_db()
    assert (job.state, job.last_error) == ("failed", f"{person} has left.")


def test_one_change_waits_at_a_time_and_a_stopped_one_makes_room(coordinator):
    person, new = PersonFactory(), AgencyFactory()
    job = change(person, new, coordinator, days=7).later
    with pytest.raises(refusals.ThereAlready, match="waits for its day"):
        change(person, AgencyFactory(), coordinator, days=9)
    again.stop(row=job, by=coordinator.reference)
    assert list(agency_changes.pending(person)) == []
    assert change(person, new, coordinator, days=7).later != job


@pytest.mark.parametrize("days", [0, 7])
def test_who_is_there_already_or_has_left_is_refused(coordinator, days):
    person = PersonFactory()
    with pytest.raises(refusals.ThereAlready):
        change(person, person.agency, coordinator, days=days)
    with pytest.raises(refusals.HasLeft):
        change(PersonFactory(left_on=TODAY()), AgencyFactory(), coordinator, days=days)


def test_the_role_that_is_bound_to_the_former_agency_ends_and_others_stay(coordinator):
    person, new, third = PersonFactory(), AgencyFactory(), AgencyFactory()
    RoleGrantFactory(person=person, role="agency-lead")
    RoleGrantFactory(person=person, role="agency-lead", agency=third)
    assert change(person, new, coordinator).roles == 1
    assert Person.objects.get(pk=person.pk).led_agencies == {third.pk}

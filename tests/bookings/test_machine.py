"""Whatever people do on two dates of a course, in whatever order and however time passes, the list stays true.

Each run is a savepoint that is rolled back; a failure prints the steps that lead to it, fewest first.
"""

import os
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from bookings import (
    cancelling,
    capacity,
    claims,
    deciding,
    moving,
    offers,
    places,
    queue,
    register,
    reservations,
    restoring,
    tasks,
)
from bookings.models import Booking, Reservation
from bookings.refusals import BookingRefused
from bookings.room import Room, queue_of
from outbox.models import Job, Message
from outbox.progress import Progress
from reporting import truths
from tests.factories import AgencyFactory, CourseFactory, EventFactory, JobFactory, PersonFactory, TariffFactory
from tests.guards import sql
from training.models import Event

LONDON = ZoneInfo("Europe/London")
STARTS = datetime(2026, 2, 2, 10, tzinfo=LONDON)
# Mondays, two weeks apart.
BEGINS = [datetime(2026, 3, day, 9, 30, tzinfo=LONDON) for day in (9, 23)]
PEOPLE, DATES = st.integers(0, 6), st.integers(0, 1)
# Which of the bookings that something can be done with.
WHICH = st.integers(0, 20)
# How each ends is told by one of these; who moves is told of the place that they have now.
ENDINGS = {
    "booking_cancelled", "booking_left", "booking_lapsed", "booking_substituted", "event_cancelled",
    "booking_declined", "booking_request_lapsed", "booking_request_withdrawn",
}  # fmt: skip
# May come more than once, and goes to who decides.
REMINDER = "approval_reminder"


class WaitingList(RuleBasedStateMachine):
    """Seven people of two agencies, two events with two places each, and people waiting."""

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.clock = time_machine.travel(STARTS, tick=False)
        self.time = self.clock.start()
        agencies = AgencyFactory.create_batch(2)
        self.manager = PersonFactory()
        self.people = [PersonFactory(agency=agencies[n % 2], line_manager=self.manager) for n in range(7)]
        TariffFactory(reason="cancelled-late")
        self.course = CourseFactory()
        self.events = [EventFactory(course=self.course, places=2, begins=begins) for begins in BEGINS]
        self.is_carried = False
        # Who was not there when others were offered places, and stands before them.
        self.brought_back = set()
        # Dates whose places were ever kept or capped: there only colleagues come one after the other.
        self.shared_out = set()
        # Two have places on each date; on the first two wait, on the second one.
        for person, date in [(0, 0), (1, 0), (2, 0), (3, 0), (4, 1), (5, 1), (6, 1)]:
            self.book(person, date)

    def teardown(self):
        try:
            self.the_days_come()
        finally:
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)
            self.clock.stop()

    # --- what people do -------------------------------------------------------------------------------------------
    @rule(person=PEOPLE, date=DATES)
    def book(self, person, date):
        event, delegate = self.events[date], self.people[person]
        waited = self.rivals(event, delegate.agency_id).exists()
        booking = self.tried(places.book, event=event, delegate=delegate, by=delegate)
        assert not (booking and self.course.needs_approval and booking.state != "requested")
        # Nobody gets past the queue.
        assert not (booking and booking.state == "confirmed" and waited)

    @rule(which=WHICH)
    def cancel(self, which):
        self.with_one_of(("confirmed",), which, places.cancel)

    @rule(which=WHICH)
    def leave(self, which):
        self.with_one_of(("waiting", "offered"), which, places.cancel)

    @rule(which=WHICH)
    def bring_back(self, which):
        if booking := self.one_of(("cancelled",), which):
            self.tried(restoring.undo, booking=booking, by=booking.delegate)
            self.brought_back.add(booking.pk)

    @rule(which=WHICH)
    def cancel_request(self, which):
        self.with_one_of(("requested",), which, places.cancel)

    @rule(which=WHICH)
    def approve(self, which):
        booking = self.one_of(("requested", "cancelled"), which)
        was_kept = booking and booking.keeps_place
        approved = booking and self.tried(deciding.approve, booking=booking, by=self.manager)
        assert not (approved and was_kept and approved.state != "confirmed")

    @rule(which=WHICH)
    def decline(self, which):
        if booking := self.one_of(("requested",), which):
            self.tried(deciding.decline, booking=booking, by=self.manager, reason="Too few of us")

    @rule(which=WHICH)
    def accept(self, which):
        self.with_one_of(("offered", "cancelled"), which, offers.accept)

    @rule(which=WHICH)
    def put_off(self, which):
        self.with_one_of(("offered",), which, offers.put_off)

    @rule(which=WHICH, other=PEOPLE)
    def substitute(self, which, other):
        self.with_one_of(("confirmed",), which, places.substitute, substitute=self.people[other])

    @rule(which=WHICH, date=DATES)
    def move(self, which, date):
        self.with_one_of(("confirmed",), which, moving.move, to=self.events[date])

    @rule(person=PEOPLE, date=DATES, count=st.integers(1, 2))
    def reserve(self, person, date, count):
        by, until = self.people[person], timezone.now() + timedelta(days=3)
        event = self.events[date]
        self.tried(reservations.reserve, event=event, agency=by.agency, places=count, named_until=until, by=by)

    @rule(person=PEOPLE, date=DATES)
    def name(self, person, date):
        named = self.people[person]
        for reservation in Reservation.objects.live().filter(event=self.events[date], agency=named.agency):
            self.tried(reservations.name, reservation=reservation, delegate=named, by=named)

    @rule(needs_approval=st.booleans(), keeps_place=st.booleans())
    def ask_for_approval(self, needs_approval, keeps_place):
        """From now on, or not any more."""
        self.course.needs_approval = needs_approval
        self.course.keeps_place_for_approval = needs_approval and keeps_place
        self.course.save()

    # --- what the desk does ---------------------------------------------------------------------------------------
    @rule(date=DATES, count=st.integers(1, 4))
    def change_places(self, date, count):
        self.tried(capacity.change_places, event=self.events[date], places=count, by=self.people[0])

    @rule(date=DATES, person=PEOPLE, count=st.integers(1, 2), days=st.sampled_from([1, 4, 30]))
    def keep(self, date, person, count, days):
        until, agency = timezone.now() + timedelta(days=days), self.people[person].agency
        self.shared_out.add(self.events[date].pk)
        event, by = self.events[date], self.people[0]
        self.tried(capacity.keep, event=event, agency=agency, places=count, until=until, by=by)

    @rule(date=DATES)
    def stop_keeping(self, date):
        for hold in self.events[date].holds.all():
            self.tried(capacity.stop_keeping, hold=hold, by=self.people[0])

    @rule(date=DATES, count=st.sampled_from([1, 2, None]))
    def cap(self, date, count):
        self.shared_out.add(self.events[date].pk)
        self.tried(capacity.cap, event=self.events[date], places=count, by=self.people[0])

    @precondition(lambda self: not self.is_carried)
    @rule(date=DATES, is_carried=st.booleans())
    def cancel_event(self, date, is_carried):
        event, instead = self.events[date], self.events[1 - date] if is_carried else None
        reason = {"by": self.people[0], "reason": "Snow"}
        self.is_carried = bool(self.tried(cancelling.cancel_event, event=event, instead=instead, **reason))

    @rule(hours=st.sampled_from([1, 8, 24, 72, 240]))
    def time_passes(self, hours):
        self.time.shift(timedelta(hours=hours))
        tasks.move_lists(JobFactory(), Progress(Job()))

    # --- what stays true ------------------------------------------------------------------------------------------
    @invariant()
    def never_over_capacity(self):
        for event in Event.objects.all():
            assert claims.held(event) <= event.places

    @invariant()
    def one_live_booking_a_person_and_event(self):
        live = Counter(Booking.objects.live().values_list("event", "delegate"))
        assert set(live.values()) <= {1}

    @invariant()
    def every_free_place_is_offered_while_offers_may_be_made(self):
        now = timezone.now()
        for event in Event.objects.filter(state="published", starts_at__gt=now):
            if queue.windows(now).offer_ends_at(now, event.starts_at):
                waiting = queue_of(event)
                assert Room.of(event).give_each(waiting) == []

    @invariant()
    def nobody_is_offered_a_place_before_who_came_sooner(self):
        if self.is_carried:  # then who had a place comes before who only waited
            return
        for event in Event.objects.all():
            for offered in event.bookings.filter(state="offered"):
                # Who was approved since then stands before, and was not there to be offered it.
                made_at = offered.offers.live().get().made_at
                rivals = self.rivals(event, offered.agency_id).exclude(pk__in=self.brought_back)
                first = rivals.exclude(approvals__decided_at__gte=made_at).first()
                assert first is None or (offered.booked_at, offered.pk) < (first.booked_at, first.pk)

    @invariant()
    def each_change_is_told_once(self):
        told = list(Message.objects.exclude(template=REMINDER).values_list("reference", "template", "key"))
        # Who waits already is told again where they stand, by each other date whose people come first there.
        off = tuple(Event.objects.filter(state="cancelled").values_list("reference", flat=True))
        again = {key for _, template, key in told if template == "booking_waiting" and key.endswith(off)}
        once = Counter((reference, template) for reference, template, key in told if key not in again)
        assert set(once.values()) <= {1}
        for booking in Booking.objects.all():
            templates = {template for reference, template, _ in told if reference == booking.reference}
            if booking.state == "cancelled":
                is_moved = hasattr(booking, "replaced_by") and booking.replaced_by.source == "moved-in"
                assert len(templates & ENDINGS) == (0 if is_moved else 1)
            else:
                assert not templates & ENDINGS
                assert f"booking_{booking.state}" in templates

    @invariant()
    def what_waits_for_the_commit_holds(self):
        sql("set constraints all immediate")
        sql("set constraints all deferred")

    def the_days_come(self):
        """Both dates are held and their registers closed: each booking that had a place has one outcome."""
        self.time.move_to(BEGINS[1] + timedelta(days=1))
        tasks.move_lists(JobFactory(), Progress(Job()))  # what nobody answered has lapsed
        by = self.people[0]
        for event in Event.objects.filter(state="published"):
            session = event.sessions.get()
            register.mark_remaining_present(session=session, by=by)
            register.hand_in(session=session, head_count=0, by=by)
            register.close(event=event, by=by)
        assert not Booking.objects.in_the_ledger().filter(outcome=None).exists()
        assert [finding.name for finding in truths.check_all() if not finding.holds] == []

    @invariant()
    def who_awaits_approval_can_still_get_it(self):
        for booking in Booking.objects.filter(state="requested"):
            assert booking.approvals.undecided().count() == 1

    def rivals(self, event, agency):
        """Who waits for the same places as people of the agency."""
        waiting = event.bookings.waiting()
        return waiting.filter(agency=agency) if event.pk in self.shared_out else waiting

    # --- how ------------------------------------------------------------------------------------------------------
    def with_one_of(self, states, which, change, **more):
        if booking := self.one_of(states, which):
            self.tried(change, booking=booking, by=booking.delegate, **more)

    @staticmethod
    def one_of(states, which):
        bookings = list(Booking.objects.filter(state__in=states).select_related("delegate").order_by("pk"))
        return bookings[which % len(bookings)] if bookings else None

    def tried(self, change, **arguments):
        """What comes of it; None where it is refused, in words, and nothing is changed."""
        self.time.shift(timedelta(seconds=1))
        before = list(Booking.objects.order_by("pk").values())
        try:
            return change(**arguments)
        except BookingRefused:
            assert list(Booking.objects.order_by("pk").values()) == before
            return None


@pytest.mark.django_db
def test_whatever_is_done_in_whatever_order_the_list_stays_true():
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    often = settings(
        # The same each time, so that a change is to blame for a failure; LISTS=500 looks at that many others.
        derandomize="LISTS" not in os.environ,
        max_examples=int(os.environ.get("LISTS", 12)),
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=checks,
        print_blob=True,
        database=None,
    )
    run_state_machine_as_test(WaitingList, settings=often)

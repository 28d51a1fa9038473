"""Bookings that await approval: who is asked, what the answer brings, and how they end without one."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from bookings import approval, cancelling, deciding, leavers, moving, places, refusals, reservations, tasks
from bookings.models import Approval, Booking
from outbox.models import Job, Message
from outbox.progress import Progress
from tests.bookings.factories import ApprovalFactory, DeputyFactory, ReservationFactory, staff
from tests.factories import (
    BookingFactory,
    CourseFactory,
    EventFactory,
    JobFactory,
    PersonFactory,
    RoleGrantFactory,
    TariffFactory,
)

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
# A Monday.
BEGINS = datetime(2026, 3, 9, 9, 30, tzinfo=LONDON)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2026, 2, 2, 10, tzinfo=LONDON), tick=False) as clock:
        yield clock


@pytest.fixture
def course():
    """Keeps a place meanwhile."""
    return CourseFactory(needs_approval=True, keeps_place_for_approval=True)


@pytest.fixture
def event(course):
    return EventFactory(course=course, places=2, begins=BEGINS)


@pytest.fixture
def delegate():
    return staff(name="Jade Lewis")


def ask(event, delegate, **by):
    return places.book(event=event, delegate=delegate, **{"by": delegate} | by)


def approve(booking, by=None):
    return deciding.approve(booking=booking, by=by or booking.delegate.line_manager)


def decline(booking, reason=""):
    return deciding.decline(booking=booking, by=booking.delegate.line_manager, reason=reason)


def told():
    return list(Message.objects.order_by("created_at", "key").values_list("template", "to"))


def sweep():
    tasks.move_lists(JobFactory(), Progress(Job()))


def wait(clock, **time):
    clock.shift(timedelta(**time))
    sweep()


# --- asking ---------------------------------------------------------------------------------------------------------
def test_the_line_manager_is_asked_and_a_place_is_kept_meanwhile(event, delegate):
    booking = ask(event, delegate)
    booking.refresh_from_db()
    assert (booking.state, booking.keeps_place, booking.placed_at) == ("requested", True, None)
    asked = booking.approvals.get()
    assert (asked.asked, asked.email, asked.decision) == (delegate.line_manager, "", None)
    # Five working days.
    assert asked.ends_at == datetime(2026, 2, 9, 10, tzinfo=LONDON)
    assert sorted(told()) == [("approval_request", delegate.line_manager.email), ("booking_requested", delegate.email)]


def test_a_course_that_keeps_no_place_keeps_none(event, delegate, course):
    course.keeps_place_for_approval = False
    course.save()
    assert not ask(event, delegate).keeps_place
    assert BookingFactory.create_batch(2, event=event)


def test_on_a_full_event_there_is_no_place_to_keep(event, delegate):
    BookingFactory.create_batch(2, event=event)
    booking = ask(event, delegate)
    assert (booking.state, booking.keeps_place) == ("requested", False)


def test_a_place_that_the_queue_has_first_is_not_kept(event, delegate):
    BookingFactory.create_batch(2, event=event, waiting=True)
    assert not ask(event, delegate).keeps_place


@pytest.mark.parametrize("who", ["line manager", "deputy", "agency lead", "coordinator"])
def test_who_may_approve_books_without_asking(event, delegate, who):
    by = {
        "line manager": lambda: delegate.line_manager,
        "deputy": lambda: DeputyFactory(manager=delegate.line_manager).deputy,
        "agency lead": lambda: PersonFactory(agency=delegate.agency, roles=["agency-lead"]),
        "coordinator": lambda: PersonFactory(roles=["coordinator"]),
    }[who]()
    assert ask(event, delegate, by=by).state == "confirmed"
    assert not Approval.objects.exists()


@pytest.mark.parametrize(
    "who", ["delegate", "colleague", "lead elsewhere", "deputy of tomorrow", "the manager’s deputy"]
)
def test_others_ask(event, delegate, who):
    def deputy_of_ones_own_manager():
        DeputyFactory(manager=delegate.line_manager, deputy=delegate)
        return delegate

    by = {
        "delegate": lambda: delegate,
        "colleague": lambda: PersonFactory(agency=delegate.agency),
        "lead elsewhere": lambda: PersonFactory(roles=["agency-lead"]),
        "deputy of tomorrow": lambda: (
            DeputyFactory(manager=delegate.line_manager, starts_on=timezone.localdate() + timedelta(days=1)).deputy
        ),
        "the manager’s deputy": deputy_of_ones_own_manager,
    }[who]()
    assert ask(event, delegate, by=by).state == "requested"


def test_a_course_that_needs_none_asks_nobody(delegate):
    assert ask(EventFactory(), delegate).state == "confirmed"


def test_a_day_before_the_event_it_is_too_late_to_ask(event, delegate, clock):
    clock.move_to(BEGINS - timedelta(hours=24))
    with pytest.raises(refusals.TooLateToAsk):
        ask(event, delegate)
    assert not Booking.objects.exists()


def test_it_ends_while_cancelling_is_free(event, delegate, clock):
    TariffFactory(reason="cancelled-late")
    clock.move_to(datetime(2026, 2, 25, 9, tzinfo=LONDON))
    assert ask(event, delegate).approvals.get().ends_at == datetime(2026, 3, 2, tzinfo=LONDON)


# --- the answer -----------------------------------------------------------------------------------------------------
def test_approved_the_kept_place_is_theirs(event, delegate):
    booking = ask(event, delegate)
    BookingFactory(event=event)
    approve(booking)
    booking.refresh_from_db()
    assert (booking.state, booking.keeps_place, booking.placed_at) == ("confirmed", False, timezone.now())
    asked = booking.approvals.get()
    assert (asked.decision, asked.decided_by, asked.decided_at) == ("approved", delegate.line_manager, timezone.now())
    assert ("booking_confirmed", delegate.email) in told()


def test_approved_without_a_kept_place_there_may_be_one(event, delegate):
    BookingFactory.create_batch(2, event=event)
    booking = ask(event, delegate)
    event.bookings.filter(state="confirmed").first().delete()
    assert approve(booking).state == "confirmed"


def test_approved_on_a_full_event_they_wait_since_the_day_they_asked(event, delegate, clock):
    BookingFactory.create_batch(2, event=event)
    booking = ask(event, delegate)
    clock.shift(timedelta(hours=1))
    later = places.book(event=event, delegate=PersonFactory(), by=PersonFactory(roles=["coordinator"]))
    clock.shift(timedelta(hours=1))
    assert approve(booking).state == "waiting"
    assert list(event.bookings.waiting()) == [booking, later]
    assert ("booking_waiting", delegate.email) in told()


def test_declined_the_place_goes_to_the_next_and_the_delegate_reads_why(event, delegate):
    booking = ask(event, delegate)
    BookingFactory(event=event)
    next_ = BookingFactory(event=event, waiting=True)
    decline(booking, "We are  too few\nthat day.")
    booking.refresh_from_db()
    assert (booking.state, booking.outcome, booking.cancelled_by) == ("cancelled", None, delegate.line_manager)
    assert booking.approvals.get().reason == "We are too few that day."
    next_.refresh_from_db()
    assert next_.state == "offered"
    assert ("booking_declined", delegate.email) in told()


def test_a_second_decision_is_told_what_the_first_was(event, delegate):
    booking = ask(event, delegate)
    approve(booking)
    with pytest.raises(refusals.ApprovalOver, match=f"{delegate.line_manager} approved this at 10am on Monday"):
        decline(booking)
    assert Booking.objects.get().state == "confirmed"


def test_after_the_end_nobody_approves_were_the_job_not_there_yet(event, delegate, clock):
    booking = ask(event, delegate)
    clock.move_to(booking.approvals.get().ends_at)
    with pytest.raises(refusals.ApprovalOver, match="could be answered until 10am on Monday 9 February"):
        approve(booking)


def test_nobody_is_approved_who_has_left_or_for_an_event_that_is_off(event, delegate):
    booking = ask(event, delegate)
    delegate.left_on = timezone.localdate()
    delegate.save()
    with pytest.raises(refusals.HasLeft):
        approve(booking)
    cancelling.cancel_event(event=event, by=delegate, reason="Snow")
    with pytest.raises(refusals.ApprovalOver, match="is not to be decided any more"):
        approve(booking)


def test_a_booking_that_was_never_to_be_approved_cannot_be():
    with pytest.raises(refusals.ApprovalOver, match="needs no approval"):
        approve(BookingFactory(delegate=staff()))


def test_who_approves_as_line_manager_of_somebody_without_one_is_it_from_now_on(event):
    asked = ApprovalFactory(booking__event=event, booking__delegate=PersonFactory(), asked=PersonFactory())
    deciding.approve(booking=asked.booking, by=asked.asked)
    asked.booking.delegate.refresh_from_db()
    assert asked.booking.delegate.line_manager == asked.asked


def test_an_agency_lead_who_approves_does_not_become_the_line_manager(event):
    delegate = PersonFactory()
    booking = ask(event, delegate)
    deciding.approve(booking=booking, by=PersonFactory(agency=delegate.agency, roles=["agency-lead"]))
    delegate.refresh_from_db()
    assert delegate.line_manager is None


def test_the_owner_of_an_address_decides_without_a_name(event):
    asked = ApprovalFactory(booking__event=event, asked=None, email="ann@anytown.example")
    assert deciding.approve(booking=asked.booking, by=None).state == "confirmed"


# --- without an answer ----------------------------------------------------------------------------------------------
def test_without_an_answer_it_lapses_and_both_are_told(event, delegate, clock):
    booking = ask(event, delegate)
    BookingFactory(event=event)
    next_ = BookingFactory(event=event, waiting=True)
    clock.move_to(booking.approvals.get().ends_at)
    sweep()
    sweep()
    booking.refresh_from_db()
    next_.refresh_from_db()
    assert (booking.state, booking.cancelled_by, next_.state) == ("cancelled", None, "offered")
    assert booking.approvals.get().decision == "lapsed"
    assert sorted(told())[:2] == [
        ("approval_lapsed", delegate.line_manager.email), ("approval_request", delegate.line_manager.email),
    ]  # fmt: skip
    assert told().count(("booking_request_lapsed", delegate.email)) == 1


def test_who_asked_may_think_better_of_it(event, delegate):
    booking = ask(event, delegate)
    BookingFactory(event=event)
    next_ = BookingFactory(event=event, waiting=True)
    places.cancel(booking=booking, by=delegate)
    booking.refresh_from_db()
    next_.refresh_from_db()
    assert (booking.state, booking.outcome, booking.notice, next_.state) == ("cancelled", None, None, "offered")
    assert (booking.approvals.get().decision, booking.approvals.get().decided_by) == ("withdrawn", delegate)
    assert ("booking_request_withdrawn", delegate.email) in told()
    assert ask(event, delegate).state == "requested"


def test_who_leaves_takes_their_requests_with_them(event, delegate):
    booking = ask(event, delegate)
    leavers.leave(
        person=delegate,
        left_on=timezone.localdate(),
        choices={booking.reference: leavers.Choice(leavers.What.RELEASE)},
        by=PersonFactory(roles=["coordinator"]),
    )
    booking.refresh_from_db()
    assert booking.state == "cancelled"


# --- reminding ------------------------------------------------------------------------------------------------------
def reminders():
    return Message.objects.filter(template="approval_reminder").count()


def remind():
    return tasks.remind(JobFactory(), Progress(Job()))["approvals"]


def test_the_job_reminds_after_two_working_days_and_the_day_before_the_end(event, delegate, clock):
    ask(event, delegate)
    moments = []
    while Approval.objects.undecided().exists():
        wait(clock, hours=1)
        if remind():
            moments.append(timezone.localtime().strftime("%A %H"))
        remind()
    assert moments == ["Wednesday 10", "Friday 09"]
    assert reminders() == 2


def test_the_delegate_reminds_once_a_day(event, delegate, clock):
    booking = ask(event, delegate)
    with pytest.raises(refusals.RemindedAlready, match="asked today"):
        approval.remind(booking=booking, by=delegate)
    clock.shift(timedelta(days=1))
    approval.remind(booking=booking, by=delegate)
    with pytest.raises(refusals.RemindedAlready, match="reminded today"):
        approval.remind(booking=booking, by=delegate)
    assert reminders() == 1
    approve(booking)
    with pytest.raises(refusals.ApprovalOver):
        approval.remind(booking=booking, by=delegate)


# --- what else happens to bookings ----------------------------------------------------------------------------------
def test_what_awaits_approval_is_neither_moved_nor_taken_over(event, delegate, course):
    booking = ask(event, delegate)
    manager = delegate.line_manager
    with pytest.raises(refusals.NotConfirmed, match="awaits approval"):
        moving.move(booking=booking, to=EventFactory(course=course), by=delegate)
    colleague = PersonFactory(agency=delegate.agency, line_manager=manager)
    with pytest.raises(refusals.NotConfirmed, match="awaits approval"):
        places.substitute(booking=booking, substitute=colleague, by=manager)


def test_nobody_takes_over_a_place_whom_nobody_approved(event, delegate):
    booking = BookingFactory(event=event, delegate=delegate)
    colleague = staff()
    with pytest.raises(refusals.NeedsApproval, match=f"approval of {colleague}’s line manager"):
        places.substitute(booking=booking, substitute=colleague, by=delegate)
    assert places.substitute(booking=booking, substitute=colleague, by=colleague.line_manager).state == "confirmed"


def test_a_reserved_place_is_named_by_who_may_approve(event, delegate):
    reservation = ReservationFactory(event=event, agency=delegate.agency)
    with pytest.raises(refusals.NeedsApproval):
        reservations.name(reservation=reservation, delegate=delegate, by=delegate)
    lead = RoleGrantFactory(person__agency=delegate.agency, role="agency-lead").person
    assert reservations.name(reservation=reservation, delegate=delegate, by=lead).state == "confirmed"


def test_who_awaits_approval_and_comes_is_put_on_the_register(event, delegate, clock):
    booking = ask(event, delegate)
    clock.move_to(BEGINS)
    places.walk_in(event=event, delegate=delegate, by=delegate)
    booking.refresh_from_db()
    assert (booking.state, booking.approvals.get().decision) == ("confirmed", "withdrawn")


def test_a_cancelled_event_asks_again_for_the_next_date(event, delegate, course):
    booking = ask(event, delegate)
    instead = EventFactory(course=course, begins=BEGINS + timedelta(days=14))
    cancelling.cancel_event(event=event, by=delegate.line_manager, reason="Snow", instead=instead)
    again = instead.bookings.get()
    assert (again.state, again.booked_at) == ("requested", booking.booked_at)
    assert again.approvals.get().asked == delegate.line_manager
    assert told().count(("approval_request", delegate.line_manager.email)) == 2
    assert told().count(("booking_requested", delegate.email)) == 2


def test_a_next_date_too_near_to_ask_for_is_left_to_them(event, delegate, course, clock):
    ask(event, delegate)
    instead = EventFactory(course=course, begins=timezone.now() + timedelta(hours=20))
    cancelling.cancel_event(event=event, by=delegate.line_manager, reason="Snow", instead=instead)
    assert not instead.bookings.exists()

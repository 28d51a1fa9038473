"""Whether an event is right for somebody: staff groups, what comes before it, and what they are booked on meanwhile."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from bookings import eligibility, moving, places, refusals, reservations
from bookings.eligibility import Standing
from tests.bookings.factories import ApprovalFactory, OfferFactory, ReservationFactory
from tests.catalogue import PrerequisiteFactory
from tests.factories import (
    BookingFactory,
    CourseFactory,
    EventFactory,
    PersonFactory,
    SessionFactory,
    StaffGroupFactory,
    at_half_past_nine,
    attended,
)

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 31)


def at(day, hour=9):
    return datetime.combine(day, time(hour, 30), tzinfo=timezone.get_default_timezone())


@pytest.fixture
def jade():
    return PersonFactory(name="Jade Lewis")


@pytest.fixture
def course():
    return CourseFactory(title="Level 3")


@pytest.fixture
def event(course):
    return EventFactory(course=course, begins=at(DAY))


def of(event, person):
    return eligibility.standing(event, [person])[person.pk]


def on(day, person, course, outcome="attended"):
    return attended(event=EventFactory(begins=at(day), course=course), delegate=person, outcome=outcome)


# --- what comes before ----------------------------------------------------------------------------------------------
def test_a_course_that_asks_for_nothing_is_right_for_everybody(event, jade):
    assert of(event, jade) == Standing()


def test_what_was_never_attended_is_missing_in_words(event, course, jade):
    PrerequisiteFactory(course=course, required__title="Working Together", valid_months=36)
    assert of(event, jade).missing == ("Attended Working Together in the last 3 years",)


@pytest.mark.parametrize(
    ("day", "is_missing"),
    [(date(2024, 3, 31), False), (date(2024, 3, 30), True), (date(2026, 10, 1), False)],
)
def test_the_months_are_counted_back_from_the_day_of_the_event_and_not_from_today(event, course, jade, day, is_missing):
    needed = PrerequisiteFactory(course=course, required__title="Working Together", valid_months=36)
    on(day, jade, needed.required)
    words = "Attended Working Together in the last 3 years (last on Saturday 30 March 2024)"
    assert of(event, jade).missing == ((words,) if is_missing else ())


def test_without_months_it_counts_whenever_it_was(event, course, jade):
    on(date(1999, 3, 1), jade, PrerequisiteFactory(course=course).required)
    assert of(event, jade).missing == ()


@pytest.mark.parametrize("outcome", ["part-attended", "did-not-attend"])
def test_who_did_not_attend_all_of_it_has_not_attended(event, course, jade, outcome):
    needed = PrerequisiteFactory(course=course, required__title="Working Together")
    on(date(2026, 3, 1), jade, needed.required, outcome)
    assert of(event, jade).missing == ("Attended Working Together",)


def test_a_booking_still_to_come_and_somebody_elses_attendance_do_not_count(event, course, jade):
    needed = PrerequisiteFactory(course=course).required
    BookingFactory(event__course=needed, delegate=jade)
    on(date(2026, 3, 1), PersonFactory(), needed)
    assert of(event, jade).missing


def test_one_of_each_group_is_enough_and_all_groups_must_be_met(event, course, jade):
    first = PrerequisiteFactory(course=course, group=1, required__title="Basics")
    PrerequisiteFactory(course=course, group=1, required__title="Foundation", valid_months=12)
    PrerequisiteFactory(course=course, group=2, required__title="Neglect")
    either = "Attended Basics, or Foundation in the last year"
    assert of(event, jade).missing == (either, "Attended Neglect")
    on(date(2026, 3, 1), jade, first.required)
    assert of(event, jade).missing == ("Attended Neglect",)


def test_an_event_without_a_date_is_reckoned_from_today(course, jade):
    needed = PrerequisiteFactory(course=course, valid_months=2)
    attended(event=EventFactory(days=-30, course=needed.required), delegate=jade)
    assert of(EventFactory(course=course, sessions=0), jade) == Standing()


# --- staff groups ---------------------------------------------------------------------------------------------------
def test_who_is_in_another_staff_group_is_told_for_whom_it_is(event, course, jade):
    course.staff_groups.add(StaffGroupFactory(name="Social worker"), StaffGroupFactory(name="Midwife"))
    jade.staff_group = StaffGroupFactory()
    assert of(event, jade).missing == ("In one of the staff groups that it is for: Midwife, Social worker",)


def test_who_is_in_one_of_the_staff_groups_lacks_nothing(event, course):
    midwives = StaffGroupFactory()
    course.staff_groups.add(midwives, StaffGroupFactory())
    assert of(event, PersonFactory(staff_group=midwives)) == Standing()


def test_whose_staff_group_is_not_known_is_asked_and_not_blocked(event, course, jade):
    course.on_missing = "block"
    course.save()
    course.staff_groups.add(StaffGroupFactory(name="Midwife"))
    assert of(event, jade) == Standing(groups=("Midwife",), blocks=True)


def test_who_says_that_they_belong_to_none_of_them_lacks_that(event, course, jade):
    assert of(event, jade).of_no_group() == Standing(), "where the course is for everybody nothing is lacking"
    course.on_missing = "block"
    course.save()
    course.staff_groups.add(StaffGroupFactory(name="Midwife"))
    assert not of(event, jade).is_blocked
    none = of(event, jade).of_no_group()
    assert (none.missing, none.is_blocked) == (("In one of the staff groups that it is for: Midwife",), True)


# --- clashes --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "words"),
    [({}, "A place on"), ({"waiting": True}, "On the waiting list of")],
)
def test_a_booking_at_the_same_time_is_told_with_its_state(event, jade, kind, words):
    other = EventFactory(course__title="Neglect", begins=at(DAY, 14))
    booking = BookingFactory(event=other, delegate=jade, **kind)
    (clash,) = of(event, jade).clashes
    assert clash.reference == booking.reference
    assert str(clash) == f"{words} Neglect, Wednesday 31 March 2027, 2:30pm to 9:30pm"


def test_a_booking_that_awaits_approval_clashes_too(event, jade):
    ApprovalFactory(booking__event__course__title="Neglect", booking__event__begins=at(DAY), booking__delegate=jade)
    (clash,) = of(event, jade).clashes
    assert str(clash).startswith("A booking awaiting approval on Neglect")


def test_a_place_that_is_offered_clashes_too(event, jade):
    OfferFactory(booking__event__course__title="Neglect", booking__event__begins=at(DAY), booking__delegate=jade)
    (clash,) = of(event, jade).clashes
    assert str(clash).startswith("A place offered on Neglect")


def test_the_same_day_at_another_time_is_no_clash_nor_is_one_that_begins_as_the_other_ends(event, jade):
    BookingFactory(event=EventFactory(begins=at(DAY, 16)), delegate=jade)
    BookingFactory(event=EventFactory(begins=at(DAY - timedelta(days=1))), delegate=jade)
    assert of(event, jade).clashes == ()


def test_between_the_sessions_of_an_event_of_several_days_there_is_room_for_another(course, jade):
    event = EventFactory(course=course, sessions=0)
    for days in (30, 32):
        SessionFactory(event=event, starts_at=at_half_past_nine(days))
    event.refresh_from_db()
    BookingFactory(event=EventFactory(days=31), delegate=jade)
    assert of(event, jade).clashes == ()
    second = EventFactory(days=32)
    assert of(event, BookingFactory(event=second).delegate).clashes


def test_what_is_cancelled_the_event_itself_and_others_bookings_are_no_clashes(event, jade):
    BookingFactory(event=EventFactory(begins=at(DAY)), delegate=jade, cancelled=True)
    BookingFactory(event=event, delegate=jade)
    BookingFactory(event=EventFactory(begins=at(DAY)))
    assert of(event, jade).clashes == ()


# --- many, and blocking ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("many", [1, 20])
def test_however_many_are_asked_about_it_takes_one_statement(event, course, many, django_assert_num_queries):
    for group in (1, 2, 2):
        needed = PrerequisiteFactory(course=course, group=group)
    course.staff_groups.add(StaffGroupFactory())
    people = PersonFactory.create_batch(many)
    for person in people:
        on(date(2026, 3, 1), person, needed.required)
        BookingFactory(event=EventFactory(begins=at(DAY)), delegate=person)
    with django_assert_num_queries(1):
        found = eligibility.standing(event, people)
    assert {len(one.missing) for one in found.values()} == {1}
    assert {len(one.clashes) for one in found.values()} == {1}


@pytest.mark.parametrize("many", [1, 20])
def test_on_however_many_dates_it_takes_one_statement(course, jade, many, django_assert_num_queries):
    needed = PrerequisiteFactory(course=course, valid_months=12).required
    on(DAY - timedelta(days=360), jade, needed)
    dates = [EventFactory(course=course, begins=at(DAY + timedelta(days=number))) for number in range(many)]
    BookingFactory(event=EventFactory(begins=at(DAY)), delegate=jade)
    with django_assert_num_queries(1):
        found = eligibility.standing_on(dates, jade)
    assert found == {event.pk: of(event, jade) for event in dates}
    assert [bool(found[event.pk].clashes) for event in dates] == [number == 0 for number in range(many)]
    # It counts for a year: on the day itself, and some days after.
    assert [bool(found[event.pk].missing) for event in dates] == [number > 5 for number in range(many)]


def test_a_course_that_blocks_refuses_who_lacks_something_but_not_a_coordinator(course, jade):
    PrerequisiteFactory(course=course, required__title="Working Together")
    course.on_missing = "block"
    course.save()
    event = EventFactory(course=course)
    assert of(event, jade).is_blocked
    with pytest.raises(refusals.NotEligible, match="is not recorded of Jade Lewis: Attended Working Together"):
        eligibility.refuse(event, jade, jade)
    eligibility.refuse(event, jade, PersonFactory(roles=["coordinator"]))


def test_a_course_that_only_warns_refuses_nobody_and_asks_nothing(course, jade, django_assert_num_queries):
    PrerequisiteFactory(course=course)
    event = EventFactory(course=course)
    assert not of(event, jade).is_blocked
    with django_assert_num_queries(0):
        eligibility.refuse(event, jade, jade)


# --- every way to a place asks ----------------------------------------------------------------------------------------
@pytest.fixture
def blocking(course):
    """An event of a course that blocks, and somebody on it who may be there."""
    PrerequisiteFactory(course=course)
    course.on_missing = "block"
    course.save()
    return BookingFactory(event=EventFactory(course=course))


def ways(booking, person):
    """All changes that give the person a place on the booking's event."""
    lead = PersonFactory(agency=person.agency, roles=["agency-lead"])
    old = BookingFactory(event=EventFactory(course=booking.event.course), delegate=person)
    reservation = ReservationFactory(event=booking.event, agency=person.agency)
    return (
        lambda by=lead: places.book(event=booking.event, delegate=person, by=by),
        lambda by=lead: moving.move(booking=old, to=booking.event, by=by),
        lambda by=lead: reservations.name(reservation=reservation, delegate=person, by=by),
        lambda by=lead: places.substitute(booking=booking, substitute=person, by=by),
    )


@pytest.mark.parametrize("way", range(4), ids=["book", "move", "name", "substitute"])
def test_each_way_to_a_place_is_refused_but_to_a_coordinator(blocking, jade, way):
    change = ways(blocking, jade)[way]
    with pytest.raises(refusals.NotEligible):
        change()
    assert change(by=PersonFactory(roles=["coordinator"])).state == "confirmed"

"""What the report counts, in small worlds with numbers that would show it counting wrongly."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from invoicing.models import Charge
from reporting import utilisation
from tests.factories import (
    AgencyFactory,
    CourseFactory,
    PersonFactory,
    RegisterFactory,
    SessionFactory,
    WorkshopFactory,
)
from tests.reporting.situations import (
    JUNE,
    Outcome,
    Source,
    answered,
    at,
    booked,
    by_code,
    cancelled,
    cancelled_event,
    charge,
    conference,
    e_learning,
    event,
    many,
    part_attended,
    this_year,
    waiting,
    walk_in,
)
from training.models import Event

pytestmark = pytest.mark.django_db


def test_places_are_counted_once_an_event_however_many_are_booked_on_it():
    course = CourseFactory()
    for places, attended, answers in ((17, 3, 2), (11, 5, 5)):
        one = event(course=course, places=places, sessions=2)
        charges = many(attended, one)
        many(2, one, Outcome.DID_NOT_ATTEND)
        answered(one, *[(3, 8)] * answers)
        charge(charges[0])
    whole = this_year().whole
    assert (whole["events_delivered"], whole["places_offered"], whole["delegates_attended"]) == (2, 28, 8)
    assert (whole["did_not_attend"], whole["responses"], whole["proposed_amount"]) == (4, 7, Decimal(150))
    assert this_year().courses[0]["places_offered"] == 28


def test_walk_ins_are_delegates_and_in_no_rate_of_the_booked():
    one = event(places=10)
    many(4, one)
    booked(one, Outcome.DID_NOT_ATTEND)
    for _ in range(3):
        walk_in(one)
    whole = this_year().whole
    assert (whole["delegates_attended"], whole["booked"], whole["walk_ins"]) == (7, 5, 3)
    assert (whole["show_up_rate"], whole["dna_rate"], whole["late_loss"]) == (Decimal(80), Decimal(20), Decimal(20))
    assert (whole["fill_rate"], whole["utilisation"]) == (Decimal(50), Decimal(70))


def test_a_walk_in_marked_absent_is_in_the_ledger_and_in_no_rate():
    one = event()
    walk_in(one, Outcome.DID_NOT_ATTEND)
    booked(one)
    figures = this_year()
    assert figures.whole["did_not_attend"] == 0
    assert figures.whole["show_up_rate"] == 100
    assert figures.whole.ledger.outcomes["did-not-attend"] == 1
    assert figures.adds_up


def test_an_overfull_event_never_hides_an_empty_one():
    course = CourseFactory()
    full, empty = event(course=course, places=2), event(course=course, places=6)
    many(2, full)
    for _ in range(4):
        walk_in(full)
    booked(empty)
    whole = this_year().whole
    assert (whole["utilisation"], whole["capped_utilisation"]) == (Decimal("87.5"), Decimal("37.5"))
    assert whole["empty_places"] == 5


def test_use_over_100_per_cent_is_shown_and_flagged():
    one = event(places=1)
    booked(one)
    walk_in(one)
    value = this_year().whole.value("utilisation")
    assert (value.value, value.is_flagged) == (Decimal(200), True)
    assert this_year().whole["capped_utilisation"] == 100


def test_utilisation_is_pooled_and_not_a_mean_of_event_rates():
    many(10, event(places=10))
    booked(event(places=30))
    assert this_year().whole["utilisation"] == Decimal("27.5")  # the mean of the rates would be 51.7


def test_an_event_belongs_to_the_year_of_its_last_session():
    over_the_year_end = event(date(2018, 3, 31), sessions=2)
    booked(over_the_year_end)
    booked(event(date(2018, 3, 31)))
    report = utilisation.report("2018-19")
    assert report.this.whole["delegates_attended"] == 1
    assert report.before.whole["delegates_attended"] == 1
    RegisterFactory(session=SessionFactory(event=over_the_year_end, starts_at=at(date(2019, 4, 1))), closed=True)
    assert this_year().whole["events_delivered"] == 0


def test_a_year_begins_and_ends_at_midnight_here_whatever_the_clocks_say():
    """On 31 March and 1 April the clocks here are an hour ahead of UTC."""
    late = event(date(2018, 3, 31), sessions=0)
    SessionFactory(event=late, starts_at=at(date(2018, 3, 31), 20), ends_at=at(date(2018, 4, 1), 0))
    assert this_year().whole["events_delivered"] == 1
    assert utilisation.report("2017-18").this.whole["events_delivered"] == 0


def test_only_published_events_that_are_over_are_delivered():
    event(state=Event.State.DRAFT, closed=False)
    delivered = event()
    report = utilisation.report("2018-19", now=delivered.ends_at - timedelta(minutes=1))
    assert report.this.whole["events_delivered"] == 0
    assert utilisation.report("2018-19", now=delivered.ends_at + timedelta(minutes=1)).this.whole[
        "events_delivered"
    ] == 1  # fmt: skip


def test_cancelled_events_and_their_bookings_are_apart():
    off = cancelled_event()
    cancelled(off, Outcome.EVENT_CANCELLED)
    cancelled(off, Outcome.CANCELLED_IN_TIME)
    broken_off = event(state=Event.State.ABANDONED, cancelled_at=at(JUNE))
    cancelled(broken_off, Outcome.EVENT_CANCELLED)
    cancelled(event(), Outcome.CANCELLED_LATE)
    figures = this_year()
    assert (figures.whole["events_delivered"], figures.whole["events_cancelled"]) == (1, 2)
    assert (figures.whole["early_cancellations"], figures.whole["late_cancellations"]) == (0, 1)
    assert (figures.whole["bookings_on_cancelled_events"], figures.whole.cancelled_events_ledger.bookings) == (3, 3)
    assert figures.whole.ledger.bookings == 1
    assert figures.adds_up


def test_a_register_that_is_not_closed_gives_unknown_and_a_provisional_report():
    one = event(closed=False, places=4)
    booked(one, None)
    walk_in(one, None)
    report = utilisation.report("2018-19")
    assert report.is_provisional
    assert report.this.unknown == 2
    assert report.this.whole["unknown_outcomes"] == 2
    assert (report.this.whole["delegates_attended"], report.this.whole["did_not_attend"]) == (0, 0)
    assert report.this.whole["show_up_rate"] is None
    assert report.this.whole["fill_rate"] == 25
    assert report.this.adds_up


def test_an_unknown_outcome_at_a_conference_makes_the_report_provisional_too():
    booked(event(course=conference(), closed=False), None)
    assert utilisation.report("2018-19").is_provisional


def test_fill_counts_who_was_confirmed_when_the_event_began():
    one = event(places=10)
    many(2, one)
    booked(one, Outcome.DID_NOT_ATTEND)
    cancelled(one, Outcome.CANCELLED_LATE, days_before=0)  # received as it began
    cancelled(one, Outcome.CANCELLED_LATE, days_before=1)
    out = cancelled(one, Outcome.SUBSTITUTED_OUT, days_before=2)
    booked(one, source=Source.SUBSTITUTE, replaces=out)
    whole = this_year().whole
    assert whole.value("fill_rate").numerator == 5
    assert whole.value("late_loss").numerator == 3
    assert whole.value("late_loss").denominator == 6
    assert whole["booked"] == 7


def test_who_only_waited_is_in_no_figure_but_unmet_demand():
    one = event()
    waiting(one)
    whole = this_year().whole
    assert (whole["booked"], whole["unmet_demand"], whole.ledger.bookings) == (0, 1, 0)


def test_unmet_demand_counts_a_person_once_a_course_and_not_who_attended_it_in_the_year():
    course, other = CourseFactory(), CourseFactory()
    first, second = event(course=course), event(JUNE + timedelta(days=60), course=course)
    unlucky, lucky = PersonFactory(), PersonFactory()
    waiting(first, delegate=unlucky, days=20)
    waiting(second, delegate=unlucky)
    waiting(event(course=other), delegate=unlucky)
    waiting(first, delegate=lucky)
    booked(second, delegate=lucky)
    waiting(cancelled_event(course=course))
    figures = this_year()
    assert figures.whole["unmet_demand"] == 3
    assert by_code(figures.courses, course.code)["unmet_demand"] == 2
    assert by_code(figures.courses, other.code)["unmet_demand"] == 1


def test_the_median_wait_runs_to_the_end_of_the_year_or_to_now():
    one = event(JUNE)
    waiting(one, days=10)
    assert this_year().whole["median_wait"] == Decimal("303.6")  # 1 June, 9am, to 1 April, midnight
    on_the_12th = datetime(2018, 6, 12, 9, tzinfo=timezone.get_default_timezone())
    assert this_year(on_the_12th).whole["median_wait"] == Decimal("11.0")


def test_people_are_counted_once_and_again_for_each_agency_that_they_came_from():
    first, second = AgencyFactory(), AgencyFactory()
    mover, stayer = PersonFactory(agency=first), PersonFactory(agency=first)
    course = CourseFactory()
    one, two = event(course=course), event(JUNE + timedelta(days=30), course=course)
    booked(one, delegate=mover)
    booked(two, delegate=mover, agency=second)  # had moved by then
    for each in (one, two):
        booked(each, delegate=stayer)
    figures = this_year()
    assert figures.whole["delegates_attended"] == 4
    assert figures.whole["people_trained"] == 2
    assert by_code(figures.agencies, first.reference)["people_trained"] == 2
    assert by_code(figures.agencies, second.reference)["people_trained"] == 1
    assert by_code(figures.courses, course.code)["people_trained"] == 2
    assert figures.people_counted_again == 1


def test_a_booking_counts_for_the_agency_when_booked_whoever_the_delegate_works_for_now():
    then, now = AgencyFactory(), AgencyFactory()
    booked(event(), delegate=PersonFactory(agency=now), agency=then)
    figures = this_year()
    assert by_code(figures.agencies, then.reference)["delegates_attended"] == 1
    assert by_code(figures.agencies, now.reference)["delegates_attended"] == 0
    assert by_code(figures.agencies, then.reference)["share_of_attendance"] == 100


def test_courses_and_agencies_with_nothing_are_listed_with_zero():
    course, agency = CourseFactory(), AgencyFactory()
    figures = this_year()
    assert by_code(figures.courses, course.code)["events_delivered"] == 0
    assert by_code(figures.courses, course.code)["utilisation"] is None
    assert by_code(figures.agencies, agency.reference)["booked"] == 0
    assert figures.adds_up


def test_conferences_and_e_learning_are_apart_from_everything_else():
    talk = event(course=conference(), places=50)
    workshops = [WorkshopFactory(event=talk, title=title) for title in ("Neglect", "County lines")]
    delegate = booked(talk)
    for workshop in workshops:
        delegate.workshop_choices.create(workshop=workshop)
    charge(booked(talk, Outcome.DID_NOT_ATTEND))
    screen = event(course=e_learning())
    many(2, screen)
    booked(screen, Outcome.DID_NOT_ATTEND)
    booked(event(places=2))
    answered(talk, (1, 2))
    figures = this_year()
    assert (figures.whole["events_delivered"], figures.whole["places_offered"], figures.whole["people_trained"]) == (
        1, 2, 1,
    )  # fmt: skip
    assert (figures.whole["proposed_amount"], figures.conferences["proposed_amount"]) == (0, 75)
    assert figures.whole["responses"] == 0
    assert sum(cut["delegates_attended"] for cut in figures.agencies) == 1
    assert [cut["events_delivered"] for cut in figures.courses] == [1]
    (held,) = figures.each_conference
    assert (held.delegates, [(one.title, one.chosen, one.attended) for one in held.workshops]) == (
        1, [("County lines", 1, 1), ("Neglect", 1, 1)],
    )  # fmt: skip
    assert figures.conferences["delegates_attended"] == 1
    assert figures.utilisation_with_conferences == Decimal("3.8")  # 2 of 52
    assert figures.e_learning["completion_rate"] == Decimal("66.7")


def test_delegate_days_are_the_hours_of_the_sessions_attended():
    """Seven hours and three: one came to both, one left the first early and missed the second, one came to neither."""
    one = event()
    second = SessionFactory(event=one, starts_at=at(JUNE + timedelta(days=1)), ends_at=at(JUNE + timedelta(days=1), 12))
    RegisterFactory(session=second, closed=True)
    booked(one)
    part_attended(one)
    booked(one, Outcome.DID_NOT_ATTEND)
    value = this_year().whole.value("delegate_days")
    assert (value.numerator, value.denominator, value.value) == (17, 6, Decimal("2.8"))


def test_a_mix_needs_three_types_of_agency_and_in_house_events_are_apart_from_it():
    types = [AgencyFactory(type=kind) for kind in ("police", "education", "nhs-provider", "police")]
    mixed, narrow, in_house = event(), event(), event(is_in_house=True)
    for agency in types[:3]:
        booked(mixed, agency=agency)
    booked(mixed, agency=types[0])
    for agency in types[:2] + types[3:]:
        booked(narrow, agency=agency)
    booked(in_house, agency=types[0])
    whole = this_year().whole
    assert (whole["events_delivered"], whole["events_in_house"]) == (3, 1)
    assert whole.value("multi_agency_mix").numerator == 1
    assert whole["multi_agency_mix"] == 50
    assert whole["largest_agency_share"] == Decimal("41.7")  # between 50.0 and 33.3


def test_repeat_non_attendance_counts_people_with_two_in_the_year():
    course = CourseFactory()
    twice, often, once_a_year = PersonFactory.create_batch(3)
    days = (date(2018, 2, 1), JUNE, JUNE + timedelta(days=30), JUNE + timedelta(days=60))
    for day, missing in zip(days, ([once_a_year], [twice, often, once_a_year], [twice, often], [often]), strict=True):
        one = event(day, course=course)
        for delegate in missing:
            booked(one, Outcome.DID_NOT_ATTEND, delegate=delegate)
    assert this_year().whole["repeat_non_attendance"] == 2


def test_money_is_told_by_what_became_of_it_and_by_the_year_of_the_event():
    one = event()
    agency = AgencyFactory()
    states = [
        (Charge.State.PROPOSED, 10, ""), (Charge.State.DISPUTED, 20, ""), (Charge.State.CONFIRMED, 30, ""),
        (Charge.State.INVOICED, 40, ""), (Charge.State.CREDITED, 50, ""), (Charge.State.WAIVED, 60, "exempt"),
        (Charge.State.WAIVED, 70, "discretion"), (Charge.State.WAIVED, 80, "mistake"),
    ]  # fmt: skip
    for state, amount, waiver in states:
        charge(booked(one, Outcome.DID_NOT_ATTEND, agency=agency), state, amount, waiver)
    charge(booked(event(date(2018, 3, 1)), Outcome.DID_NOT_ATTEND), Charge.State.INVOICED, 500)
    for cut in (this_year().whole, by_code(this_year().agencies, agency.reference)):
        numbers = cut.numbers()
        assert (numbers["charges"], numbers["charges_waived"]) == (5, 3)
        assert [numbers[key] for key in numbers if key.endswith("_amount") and key != "invoiced_in_year_amount"] == [
            360, 30, 210, 60, 70, 80, 30, 40, 50,
        ]  # fmt: skip


def test_the_whole_report_takes_three_statements_at_one_row_and_at_twenty(django_assert_num_queries):
    booked(event())
    with django_assert_num_queries(3):
        utilisation.report("2018-19")
    for number in range(20):
        one = event(JUNE + timedelta(days=number))
        charge(booked(one, Outcome.DID_NOT_ATTEND))
        answered(one, (1, 2))
        event(course=conference())
    with django_assert_num_queries(3):
        figures = utilisation.report("2018-19").this
    assert figures.whole["events_delivered"] == 21


def test_a_year_without_anything_is_a_report_of_nothing():
    report = utilisation.report("2018-19")
    assert report.this.whole["events_delivered"] == 0
    assert report.this.adds_up
    assert not report.is_provisional


def test_what_is_no_financial_year_is_refused_in_words():
    with pytest.raises(ValueError, match="is not a financial year"):
        utilisation.report("2018")


def test_a_moved_booking_is_moved_out_of_one_event_and_in_to_another():
    course = CourseFactory()
    first, second = event(course=course), event(JUNE + timedelta(days=30), course=course)
    out = cancelled(first, Outcome.MOVED_OUT)
    booked(second, source=Source.MOVED_IN, replaces=out, delegate=out.delegate)
    ledger = this_year().whole.ledger
    assert (ledger.sources["moved-in"], ledger.outcomes["moved-out"], ledger.bookings) == (1, 1, 2)
    assert ledger.adds_up

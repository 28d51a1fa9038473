"""Every figure opens to the rows behind it, in a world that has some of everything."""

from datetime import date, timedelta
from statistics import median

import pytest
from django.core.paginator import Paginator
from django.utils import timezone

from invoicing.models import Charge
from reporting import rows, utilisation
from reporting.definitions import CutKind
from tests.factories import AgencyFactory, CourseFactory, PersonFactory
from tests.reporting.situations import (
    JUNE,
    Outcome,
    Source,
    answered,
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
    scope,
    this_year,
    waiting,
    walk_in,
)
from training.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Two courses, three agencies, a conference, e-learning, two years, and every way for a booking to end."""
    agencies = [AgencyFactory(type=kind) for kind in ("police", "education", "nhs-provider")]
    courses = [CourseFactory(title=title) for title in ("Neglect", "Online harm")]
    mover, absentee = PersonFactory(agency=agencies[0]), PersonFactory(agency=agencies[1])
    for day in (date(2017, 6, 12), JUNE):
        a_year(day, agencies, courses, mover, absentee)
    return utilisation.report("2018-19")


def a_year(day, agencies, courses, mover, absentee):
    neglect, online = courses
    first = event(day, course=neglect, places=9, sessions=2)
    second = event(day + timedelta(days=20), course=neglect, places=3)
    third = event(day + timedelta(days=40), course=online, is_in_house=True)
    off = cancelled_event(day, course=online)
    for agency in agencies:
        many(2, first, agency=agency)
    booked(first, delegate=mover)
    booked(second, delegate=mover, agency=agencies[2])
    part_attended(first, agency=agencies[1])
    for _ in range(3):
        walk_in(second, agency=agencies[0])
    for each in (second, third):
        charge(booked(each, Outcome.DID_NOT_ATTEND, delegate=absentee), Charge.State.INVOICED)
    charge(cancelled(first, Outcome.CANCELLED_LATE, days_before=0, agency=agencies[1]))
    charge(booked(third, Outcome.DID_NOT_ATTEND, agency=agencies[0]), Charge.State.WAIVED, 50, "exempt")
    charge(cancelled(off, Outcome.CANCELLED_LATE, agency=agencies[0]), Charge.State.CONFIRMED)
    out = cancelled(third, Outcome.SUBSTITUTED_OUT, agency=agencies[2])
    booked(third, source=Source.SUBSTITUTE, replaces=out, agency=agencies[2])
    cancelled(third, agency=agencies[0])
    booked(event(day, course=online, closed=False), None, agency=agencies[1])
    those_who_wait(first, second, third, off, mover)
    answered(first, *[(3, 8)] * 6, (None, 4))
    answered(second, (5, 5), (6, 4))
    answered(third, *[(1, 2)] * 5)
    for course in (conference(), e_learning()):
        booked(event(day, course=course), agency=agencies[0])
    waiting(event(day, course=neglect, state=Event.State.DRAFT, closed=False), delegate=absentee)


def those_who_wait(first, second, third, off, mover):
    """One for two events of a course, one whose demand was met, one for an event that was called off."""
    twice, met, late = PersonFactory.create_batch(3, agency=mover.agency)
    waiting(first, delegate=twice)
    waiting(second, delegate=twice, days=70)
    booked(first, delegate=met)
    waiting(second, delegate=met)
    waiting(third, delegate=mover)
    waiting(off, delegate=late)


def parts(report):
    """What each figure of each cut of both years is made of and opens to: where it is, its number and its rows.

    A numerator or denominator that several figures of a cut share is there once; cuts without a booking are left out
    (the agencies of those who closed registers).
    """
    for figures in (report.this, report.before):
        for cut in (cut for cut in figures.cuts if cut.ledger.bookings):
            seen = set()
            for value in cut.values():
                numbers = {rows.Part.NUMERATOR: value.numerator, rows.Part.DENOMINATOR: value.denominator}
                for part, number in numbers.items():
                    measure = getattr(value.figure, part)
                    if rows.opens(value.figure.key, part) and not value.is_withheld and measure not in seen:
                        seen.add(measure)
                        behind = rows.behind(value.figure.key, scope(figures, cut, report.counted_at), part)
                        yield (figures.year, cut.name, measure), number, behind


def total(behind):
    """What the rows make of the measure, by the rule that it says itself."""
    kinds = (behind.charges, behind.evaluations, behind.bookings, behind.events)
    found = list(next(kind for kind in kinds if kind is not None))
    if behind.adds is rows.Adds.PEOPLE:
        return len({row.delegate_reference for row in found})
    if behind.adds is rows.Adds.MEDIAN:
        return median(row.value for row in found) if found else None
    return sum(row.value for row in found)


def test_every_figure_of_every_cut_opens_to_rows_that_add_up_to_it(world):
    opened = 0
    for where, number, behind in parts(world):
        opened += 1
        if behind.adds is not rows.Adds.NOT:
            made = total(behind)
            assert made == number or abs(made - number) < 0.0001, where
        if behind.bookings is not None and behind.adds is rows.Adds.UP:
            assert sum(row.value for row in behind.events) == number, where
    assert opened > 500


def test_the_world_leaves_no_figure_at_nothing(world):
    """Else the test above would hold of anything."""
    nothing = {key for key, number in world.this.whole.numbers().items() if not number}
    assert nothing == {
        "waived_discretion_amount", "waived_mistake_amount", "credited_amount", "invoiced_in_year_amount",
    }  # fmt: skip


def test_every_part_of_a_figure_opens_but_the_hours_of_a_day(world):
    closed = [
        (value.figure.key, part)
        for cut in world.this.cuts
        for value in cut.values()
        for part in rows.Part
        if (part is rows.Part.NUMERATOR or value.figure.denominator) and not rows.opens(value.figure.key, part)
    ]
    assert set(closed) == {("delegate_days", rows.Part.DENOMINATOR)}


def test_a_page_of_rows_takes_two_statements_at_one_row_and_at_fifty(django_assert_num_queries):
    course = CourseFactory()
    everyone = PersonFactory.create_batch(3)
    for number in range(60):
        one = event(JUNE + timedelta(days=number), course=course)
        for delegate in everyone:
            charge(booked(one, Outcome.DID_NOT_ATTEND, delegate=delegate))
        answered(one, (1, 2))
    figures = this_year()
    for figure in ("did_not_attend", "responses", "proposed_amount", "dna_rate", "places_offered", "delegate_days"):
        behind = rows.behind(figure, scope(figures))
        for found in (behind.events, behind.bookings, behind.charges, behind.evaluations):
            if found is None:
                continue
            with django_assert_num_queries(2):
                page = Paginator(found, 50).get_page(1)
                assert len(list(page.object_list)) == min(50, page.paginator.count)
            with django_assert_num_queries(1):
                assert len(found[:1]) == min(1, page.paginator.count)


def test_rows_come_by_date_and_bookings_of_an_event_by_name():
    later, sooner = event(JUNE + timedelta(days=1)), event()
    for name in ("Zoe Adams", "Ann Young"):
        booked(later, delegate=PersonFactory(name=name))
    booked(sooner)
    behind = rows.behind("delegates_attended", scope(this_year()))
    assert [row.reference for row in behind.events] == [sooner.reference, later.reference]
    assert [row.delegate for row in behind.bookings][1:] == ["Zoe Adams", "Ann Young"]


def test_an_event_says_how_many_were_booked_and_came_whatever_figure_it_is_behind():
    one = event(places=12)
    many(2, one)
    booked(one, Outcome.DID_NOT_ATTEND)
    walk_in(one)
    (row,) = rows.behind("did_not_attend", scope(this_year())).events
    assert (row.places, row.booked, row.attended, row.value) == (12, 3, 3, 1)


def test_rows_carry_no_name_but_those_of_bookings():
    for kind in (rows.EventRow, rows.ChargeRow, rows.EvaluationRow):
        assert not {name for name in kind.__slots__ if "delegate" in name}


def test_an_event_with_few_answers_shows_none_of_its_own_nor_does_one_that_would_give_them_away():
    course, other = CourseFactory(), CourseFactory()
    for number in (3, 7, 5, 9):
        answered(event(JUNE + timedelta(days=number), course=course), *[(2, 8)] * number)
    answered(event(course=other), *[(2, 8)] * 5)
    found = list(rows.behind("improved", scope(this_year())).evaluations)
    assert [(row.responses, row.is_released) for row in found] == [
        (5, True),
        (3, False),
        (5, False),
        (7, True),
        (9, True),
    ]
    assert {row.improved for row in found if not row.is_released} == {None}
    assert {(row.mean_before, row.mean_after) for row in found if row.is_released} == {(2, 8)}


def test_what_an_event_may_show_does_not_depend_on_the_page_or_the_cut_it_is_seen_on():
    course = CourseFactory()
    for number in (5, 3):
        answered(event(JUNE + timedelta(days=number), course=course), *[(2, 8)] * number)
    answered(event(), *[(2, 8)] * 5)
    figures = this_year()
    behind = rows.behind("improved", scope(figures, by_code(figures.courses, course.code)))
    assert [row.is_released for row in behind.evaluations] == [False, False]
    assert [row.is_released for row in behind.evaluations[:1]] == [False]
    assert not behind.evaluations[0].is_released


def test_no_evaluation_row_is_there_before_the_evaluation_is_closed():
    one = event()
    answered(one, *[(2, 8)] * 6)
    early, late = one.ends_at + timedelta(days=13), one.ends_at + timedelta(days=14)
    for moment, number in ((early, 0), (late, 1)):
        assert rows.behind("improved", scope(this_year(moment), now=moment)).evaluations.count() == number


def test_an_agency_s_rows_are_its_own():
    ours, theirs = AgencyFactory(), AgencyFactory()
    one = event()
    booked(one, agency=ours)
    charge(booked(one, Outcome.DID_NOT_ATTEND, agency=theirs))
    figures = this_year()
    of_ours = scope(figures, by_code(figures.agencies, ours.reference))
    assert [row.agency for row in rows.behind("booked", of_ours).bookings] == [ours.name]
    assert rows.behind("proposed_amount", of_ours).charges.count() == 0
    share = rows.behind("share_of_attendance", of_ours, rows.Part.DENOMINATOR)
    assert share.bookings.count() == 1


def test_a_figure_that_does_not_open_is_a_key_error():
    with pytest.raises(KeyError):
        rows.behind("delegate_days", rows.Scope(this_year().year, timezone.now()), rows.Part.DENOMINATOR)
    with pytest.raises(KeyError):
        rows.behind("delegates", rows.Scope(this_year().year, timezone.now(), CutKind.ALL))

"""Results: what may be shown of an event, a course and a year, also to who compares them; and that they agree."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as some

from evaluations.models import Evaluation, Response
from reporting import release, results, rows, utilisation
from reporting.results import Standing
from tests.evaluations.situations import answer, asked, closed
from tests.factories import CourseFactory
from tests.reporting.situations import JUNE, answered, event, many, this_year
from training.financial_year import FinancialYear
from training.models import Event

YEAR = FinancialYear.parse("2018-19")


def of_event(one, **options):
    return results.of_event(Event.objects.select_related("course", "evaluation").get(pk=one.pk), **options)


# --- release -----------------------------------------------------------------------------------------------------
def test_an_open_event_shows_neither_results_nor_how_many_there_are(db):
    bookings = asked(8)
    empty = of_event(bookings[0].event)
    assert empty.standing is Standing.OPEN
    for booking in bookings[:7]:
        answer(booking)
        assert of_event(booking.event) == empty
    assert of_event(bookings[0].event, now=empty.closes_at).is_released


def test_one_answer_more_comes_to_nothing_and_the_last_one_opens_the_results_at_once(db):
    bookings = asked(5)
    for booking in bookings[:4]:
        answer(booking)
    assert of_event(bookings[0].event).standing is Standing.OPEN
    answer(bookings[4])
    assert of_event(bookings[0].event).is_released


def test_four_answers_are_never_shown_and_five_are_after_the_close(db):
    four, five = closed(4), closed(5)
    assert of_event(four).standing is Standing.WITHHELD
    assert (of_event(four).figures, of_event(four).questions) == (results.Figures(), ())
    assert of_event(closed(5, days=13)).standing is Standing.NOT_ASKED
    Response.objects.filter(event=four).delete()
    assert of_event(five).is_released


def test_an_event_s_own_close_counts_for_the_report_and_its_rows_as_for_the_results(db):
    event = closed(6)
    year = FinancialYear.containing(event.ends_at)

    def answers():
        scope = rows.Scope(year, timezone.now())
        behind = rows.behind("responses", scope).evaluations
        asked = rows.behind("response_rate", scope, rows.Part.DENOMINATOR).bookings
        whole = utilisation.report(year).this.whole
        return [whole["responses"], len(behind), whole.value("response_rate").denominator or 0, asked.count()]

    assert answers() == [6, 1, 6, 6]
    evaluation = Evaluation.objects.create(
        event=event,
        questionnaire=Response.objects.first().questionnaire,
        closes_at=timezone.now() + timedelta(hours=1),
    )
    assert answers() == [0, 0, 0, 0]
    assert of_event(event).standing is Standing.OPEN
    evaluation.closes_at = timezone.now()
    evaluation.save()
    assert answers() == [6, 1, 6, 6]


def test_an_event_is_withheld_with_the_one_that_it_would_give_away(db):
    course = CourseFactory()
    few, some_, most = (closed(number, days=20 + number, course=course) for number in (3, 6, 9))
    year = FinancialYear.containing(most.ends_at)
    assert [of_event(one).is_released for one in (few, some_, most)] == [False, False, True]
    shown = results.of_course(course, year)
    assert shown.figures.responses == 18
    assert [part.is_released for part in shown.parts] == [True, False, False]  # by date


def test_a_withheld_course_shows_none_of_its_events_since_they_add_up_to_it(db):
    few, next_, other = (CourseFactory(title=title) for title in ("Few", "Next", "Other"))
    closed(2, course=few)
    parts = [closed(number, days=20 + number, course=next_) for number in (6, 7)]
    year = FinancialYear.containing(closed(20, course=other).ends_at)
    assert [part.is_released for part in results.of_year(year).parts] == [False, False, True]
    assert results.of_course(next_, year).standing is Standing.WITHHELD
    assert not any(part.is_released for part in results.of_course(next_, year).parts)
    assert [of_event(one).standing for one in parts] == [Standing.WITHHELD] * 2
    assert results.of_year(year).figures.responses == 35
    behind = rows.behind("responses", rows.Scope(year, timezone.now())).evaluations
    assert sorted(row.responses for row in behind if row.is_released) == [20]


NUMBERS = some.lists(some.lists(some.integers(1, 9), min_size=1, max_size=3), min_size=1, max_size=3)


@given(NUMBERS)
@example([[2], [6, 7], [20]])
@example([[4, 1], [3]])
def test_no_sums_and_differences_of_what_is_shown_give_fewer_than_five_answers(courses):
    """Everything that is shown of a year, as sums over events: none made of them is that of events with 1 to 4."""
    numbers = {
        course * 10 + at: (course, number) for course, own in enumerate(courses) for at, number in enumerate(own)
    }
    withheld = release.withheld_of(numbers)
    shown = [[event] for event, (_, number) in numbers.items() if number >= 5 and event not in withheld.events]
    for course in range(len(courses)):
        own = [event for event, (of, _) in numbers.items() if of == course]
        if sum(numbers[event][1] for event in own) >= 5 and course not in withheld.courses:
            shown.append(own)
    if sum(number for _, number in numbers.values()) >= 5:
        shown.append(list(numbers))
    lines = [[Fraction(event in cut) for event in numbers] for cut in shown]
    for size in range(1, len(numbers) + 1):
        for few in combinations(numbers, size):
            if sum(numbers[event][1] for event in few) < 5:
                line = [Fraction(event in few) for event in numbers]
                assert rank([*lines, line]) > rank(lines), (courses, few)


def rank(lines):
    """How many of the lines are not sums of others."""
    lines, found = [line.copy() for line in lines], 0
    for column in range(len(lines[0]) if lines else 0):
        pivot = next((line for line in lines[found:] if line[column]), None)
        if pivot is None:
            continue
        lines.remove(pivot)
        lines.insert(found, pivot)
        for line in lines[found + 1 :]:
            factor = line[column] / pivot[column]
            line[:] = [mine - factor * its for mine, its in zip(line, pivot, strict=True)]
        found += 1
    return found


# --- figures -------------------------------------------------------------------------------------------------------
def test_a_course_and_a_year_agree_with_the_report_in_every_figure(db):
    course, other = CourseFactory(), CourseFactory()
    first, second = event(course=course), event(JUNE + timedelta(days=30), course=course)
    many(9, first)
    many(7, second)
    answered(first, (3, 8), (5, 5), (7, 6), (None, 9), (4, None), (2, 3))
    answered(second, *[(1, 7)] * 6)
    many(8, event(JUNE + timedelta(days=2), course=other))
    report = this_year()
    (cut,) = (cut for cut in report.courses if cut.code == course.code)
    for shown, told in ((results.of_course(course, YEAR), cut), (results.of_year(YEAR), report.whole)):
        assert shown.is_released
        for name in ("responses", "response_rate", "mean_before", "mean_after", "improved", "same", "lower"):
            assert getattr(shown.figures, name) == told[name], name
        before, now = shown.scales
        assert (before.mean, now.mean) == (told["mean_before"], told["mean_after"])
    assert results.of_course(course, YEAR).figures.pairs == 10
    assert results.of_course(course, YEAR).figures.mean_change == Decimal("4.10")  # 41 over ten pairs
    (row, _) = rows.behind("improved", rows.Scope(YEAR, timezone.now())).evaluations
    one = of_event(first).figures
    assert (row.attended, row.responses) == (one.attended, one.responses)
    assert (row.mean_before, row.mean_after) == (one.mean_before, one.mean_after)
    assert (row.improved, row.same, row.lower) == (one.improved, one.same, one.lower)


def test_not_relevant_is_counted_and_in_no_mean(db):
    event = closed(5)
    Response.objects.filter(pk=Response.objects.first().pk).update(answers={"before": "not-relevant", "now": 2})
    before, now, rating = of_event(event).scales
    assert (before.counts, before.not_relevant, before.mean) == ({3: 4}, 1, 3)
    assert (now.counts, now.mean) == ({8: 4, 2: 1}, Decimal("6.80"))
    assert rating.number == 4
    assert of_event(event).figures.answers_before == 4


def test_texts_come_only_where_they_are_asked_for_and_in_another_order_each_time(db):
    event = closed(9, texts=True)
    assert of_event(event).texts == []
    assert all(not one.texts for one in of_event(event).questions)
    orders = {tuple(of_event(event, with_texts=True).texts[0].texts) for _ in range(9)}
    assert len(orders) > 1
    assert {len(order) for order in orders} == {9}


def test_a_conference_s_results_stand_alone(db):
    conference = closed(6, course=CourseFactory(delivery="conference"))
    closed(2)
    assert of_event(conference).is_released
    assert results.of_year(FinancialYear.containing(conference.ends_at)).figures.responses == 2


@pytest.mark.parametrize("count", [1, 12])
def test_any_results_take_two_statements(db, django_assert_num_queries, count):
    events = [closed(5, days=20 + number) for number in range(count)]
    year = FinancialYear.containing(events[0].ends_at)
    found = Event.objects.select_related("course", "evaluation").get(pk=events[0].pk)
    with django_assert_num_queries(2):
        results.of_event(found, with_texts=True)
    with django_assert_num_queries(2):
        results.of_year(year)

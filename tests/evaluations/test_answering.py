"""Taking answers: once, and so that nothing tells whose they are."""

import pytest
from django.core import signing
from django.db import connection, transaction
from django.utils import timezone

from bookings.models import Booking
from evaluations import answering, imported, links, questionnaires, refusals
from evaluations.models import Evaluation, Response
from tests.evaluations.situations import ANSWERS, answer, asked, came, over
from tests.guards import at_once, value

pytestmark = pytest.mark.django_db


def test_answers_are_kept_without_person_and_that_one_answered_as_a_day():
    booking, _ = asked(2)
    answer(booking, comment="Good")
    response = Response.objects.get()
    assert response.answers == {**ANSWERS, "comment": "Good"}
    assert response.event == booking.event
    booking.refresh_from_db()
    assert booking.evaluated_on == timezone.localdate()
    assert {field.name for field in Response._meta.fields} == {"id", "event", "questionnaire", "answers"}


def test_a_second_sending_is_told_so_and_changes_nothing():
    booking, _ = asked(2)
    answer(booking)
    with pytest.raises(refusals.AlreadyAnswered):
        answer(booking, now=1)
    assert Response.objects.get().answers == ANSWERS


def test_nobody_answers_after_the_close_nor_who_was_not_there_nor_where_nobody_was_asked():
    booking, nobody = asked(2)[0], over(1).bookings.get()
    absent = came(booking.event, "did-not-attend")
    for one in (absent, nobody):
        with pytest.raises(refusals.NotAsked):
            answer(one)
    Evaluation.objects.filter(event=booking.event).update(closes_at=timezone.now())
    with pytest.raises(refusals.Closed, match="This form was open until"):
        answer(booking)
    assert not Response.objects.exists()


WRONG = [
    {"now": 11}, {"now": -1}, {"now": "8"}, {"rating": 0}, {"rating": "not-relevant"}, {"name": "Jade"},
    {"comment": ""},
]  # fmt: skip


@pytest.mark.parametrize("answers", WRONG)
def test_what_no_question_allows_is_not_kept(answers):
    booking, _ = asked(2)
    with pytest.raises(ValueError, match="does not allow"):
        answering.send(booking=booking, answers=answers)
    assert not Response.objects.exists()
    booking.refresh_from_db()
    assert booking.evaluated_on is None


def test_a_double_click_makes_one_response(transactional_db):
    booking, other = asked(2)
    results = at_once(*[lambda: answer(booking)] * 6, lambda: answer(other))
    assert [type(one) for one in results if one is not None] == [refusals.AlreadyAnswered] * 5
    assert Response.objects.count() == 2


def test_all_of_an_event_at_once_lose_no_answer_and_the_last_rewrites_all_and_closes(transactional_db):
    """Without the lock on the event, each leaves what it does not see: other transactions' rows, an open form."""
    bookings = asked(12)
    results = at_once(*[lambda one=one, at=at: answer(one, now=at % 11) for at, one in enumerate(bookings)])
    assert results == [None] * 12
    assert sorted(one.answers["now"] for one in Response.objects.all()) == sorted(at % 11 for at in range(12))
    assert value("select count(distinct xmin::text) from evaluations_response") == 1
    assert not Evaluation.objects.get().is_open()


def test_neither_transaction_nor_place_nor_key_pairs_an_answer_with_a_booking(transactional_db):
    """The answers of an event are all of the last one's transaction, under keys that change with each."""
    bookings, before = asked(8), set()
    for at, booking in enumerate(bookings[:7]):
        answer(booking, now=at)
        keys = set(Response.objects.values_list("id", flat=True))
        assert not keys & before
        before = keys
        assert value("select count(distinct xmin::text) from evaluations_response") == 1
    assert value("select count(distinct xmin::text) from bookings_booking where evaluated_on is not null") == 7
    orders = set()
    for _ in range(20):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("delete from evaluations_response")
            Booking.objects.filter(evaluated_on__isnull=False).update(evaluated_on=None)
            for at, booking in enumerate(bookings[:3]):
                answer(booking, now=at)
            cursor.execute("select answers->>'now' from evaluations_response order by ctid")
            orders.add("".join(now for (now,) in cursor.fetchall()))
    # The odds that twenty shuffles of three always lie in the order of sending are below one in 10^15.
    assert orders != {"012"}


def test_the_last_answer_closes_the_form_and_dates_nothing():
    first, second = asked(2)
    answer(first)
    assert Evaluation.objects.get().is_open()
    answer(second)
    evaluation = Evaluation.objects.get()
    assert not evaluation.is_open()
    closes_at = timezone.localtime(evaluation.closes_at)
    assert (closes_at.hour, closes_at.minute, closes_at.second, closes_at.microsecond) == (0, 0, 0, 0)


def test_a_link_is_the_booking_s_own_and_an_altered_one_is_nobody_s():
    booking, other = asked(2)
    token = links.token(booking.reference)
    assert links.booking_of(token) == booking.reference
    assert token != links.token(other.reference)
    mixed = f"{other.reference}:{token.partition(':')[2]}"
    for wrong in ("", "x", token[:-1], token + "x", mixed, signing.Signer().sign(booking.reference)):
        assert links.booking_of(wrong) is None


def test_a_workbook_replaces_no_answers_of_an_event_that_is_asked_about_here():
    event = asked(1)[0].event
    plan = imported.plan([(event, [("jade@example.org", ANSWERS)])], questionnaires.SCALES, timezone.now())
    assert (plan.answered_here, plan.new) == ([event], [])

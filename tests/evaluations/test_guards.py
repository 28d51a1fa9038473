"""Each truth about questionnaires that the database holds, broken once with SQL."""

import pytest

from evaluations.models import Question, Questionnaire
from tests.factories import EventFactory
from tests.guards import Breaks, refused_by, sql

pytestmark = pytest.mark.django_db
breaks = Breaks()


def questionnaire():
    return Questionnaire.objects.create(stage="after", version=1)


@breaks.by("questionnaire_version_is_used_once")
def a_version_used_twice():
    questionnaire()
    sql("insert into evaluations_questionnaire (stage, version) select stage, version from evaluations_questionnaire")


@breaks.by("question_code_is_used_once")
def a_code_used_twice():
    asked = questionnaire()
    for position in [1, 2]:
        Question.objects.create(questionnaire=asked, code="now", position=position, kind="rating", text="How sure?")


@breaks.by("question_scale_goes_up")
def a_scale_that_goes_down():
    Question.objects.create(
        questionnaire=questionnaire(), code="now", position=1, kind="rating", text="How sure?", lowest=5, highest=1
    )


def published():
    asked = questionnaire()
    Question.objects.create(questionnaire=asked, code="now", position=1, kind="rating", text="How sure?")
    sql("update evaluations_questionnaire set published_at = now() where id = %s", asked.pk)
    return asked


@breaks.by("questionnaire_published_never_changes")
def a_published_questionnaire_changed():
    sql("update evaluations_questionnaire set version = 7 where id = %s", published().pk)


@breaks.by("question_of_a_published_questionnaire_never_changes")
def a_published_question_changed():
    sql("update evaluations_question set text = 'How unsure?' where questionnaire_id = %s", published().pk)


@breaks.by("response_comes_before_the_close")
def an_answer_after_the_close():
    event, asked = EventFactory(), published()
    sql(
        "insert into evaluations_evaluation (event_id, questionnaire_id, opened_at, closes_at)"
        " values (%s, %s, now(), now())",
        event.pk,
        asked.pk,
    )
    sql(
        "insert into evaluations_response (id, event_id, questionnaire_id, answers)"
        " values (gen_random_uuid(), %s, %s, '{}')",
        event.pk,
        asked.pk,
    )


@pytest.mark.parametrize("name", breaks.ways)
def test_the_database_refuses(name):
    breaks.is_refused(name)


@pytest.mark.parametrize("name", breaks.ways)
def test_nothing_else_would_refuse(name):
    breaks.passes_without(name)


@pytest.mark.parametrize(
    "statement",
    [
        "delete from evaluations_question where questionnaire_id = %s",
        "insert into evaluations_question (questionnaire_id, code, position, kind, text) "
        "values (%s, 'more', 2, 'rating', 'And?')",
    ],
)
def test_a_published_questionnaire_keeps_its_questions(statement):
    asked = published()
    with refused_by("question_of_a_published_questionnaire_never_changes"):
        sql(statement, asked.pk)


@pytest.mark.parametrize("tables", ["evaluations_question", "evaluations_questionnaire cascade"])
def test_questionnaires_are_never_emptied(tables):
    sql("set local turnout.may_truncate = 'no'")  # yes in tests alone
    with refused_by(f"{tables.split()[0]}_is_never_emptied"):
        sql(f"truncate {tables}")

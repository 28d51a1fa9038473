"""Each truth about questionnaires that the database holds, broken once with SQL."""

import pytest

from evaluations.models import Question, Questionnaire
from tests.guards import Breaks, sql

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


@pytest.mark.parametrize("name", breaks.ways)
def test_the_database_refuses(name):
    breaks.is_refused(name)


@pytest.mark.parametrize("name", breaks.ways)
def test_nothing_else_would_refuse(name):
    breaks.passes_without(name)

"""Taking a delegate's answers: once, and so that afterwards nothing tells whose they are.

What is kept of who answered is a day on the booking. What is kept of the answers is among those of the event, all of
which are written anew each time, in random order and under new keys: neither keys, nor where rows lie, nor the
transaction that wrote them (xmin) pairs an answer with a booking. docs/decisions/0009 says what this does not protect.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from django.db import connection, models, transaction
from django.utils import timezone

from bookings.models import Booking
from bookings.models.booking import ATTENDED
from evaluations import refusals
from evaluations.models import Evaluation, Question
from training.models import Event
from training.moments import until

# In place of a number.
NOT_RELEVANT = "not-relevant"
LONGEST_TEXT = 5_000

Answers = Mapping[str, int | str]

REWRITE = """
with former as (delete from evaluations_response where event_id = %(event)s returning questionnaire_id, answers)
insert into evaluations_response (id, event_id, questionnaire_id, answers)
select gen_random_uuid(), %(event)s, questionnaire_id, answers
from (
  select questionnaire_id, answers from former
  union all select %(questionnaire)s, %(answers)s::jsonb
) as one
order by gen_random_uuid()
"""


@transaction.atomic
def send(*, booking: Booking, answers: Answers) -> None:
    """Keep the answers, by question code, and that the delegate answered. Who sends is not asked, so there is no by=.

    Raises AnswerRefused: a second sending, also at the same moment, finds the first one's mark.
    """
    # Everyone who answers about this event queues here: two at once would each rewrite without the other's.
    event = Event.objects.select_for_update(no_key=True).get(pk=booking.event_id)
    locked = Booking.objects.select_for_update(no_key=True, of=["self"]).select_related("event")
    booking = locked.select_related("event__evaluation").get(pk=booking.pk)
    evaluation = open_evaluation(booking)
    known = {question.code: question for question in evaluation.questionnaire.questions.all()}
    if not all(code in known and fits(known[code], answer) for code, answer in answers.items()):
        raise ValueError("an answer that its question does not allow")  # the form has checked: nothing to tell
    with connection.cursor() as cursor:
        cursor.execute(
            REWRITE,
            {
                "event": event.pk,
                "questionnaire": evaluation.questionnaire_id,
                # In the order of the codes, not in that of the keys' coming.
                "answers": json.dumps(dict(sorted(answers.items()))),
            },
        )
    # Not save(): nothing but this day may be written beside the answers.
    Booking.objects.filter(pk=booking.pk).update(evaluated_on=timezone.localdate())
    if not asked(event).filter(evaluated_on=None).exists():
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        Evaluation.objects.filter(pk=evaluation.pk).update(closes_at=midnight)


def asked(event: Event) -> models.QuerySet[Booking]:
    """The event's delegates who came, wholly or in part."""
    return event.bookings.filter(state=Booking.State.CONFIRMED, outcome__in=ATTENDED)


def open_evaluation(booking: Booking, now: datetime | None = None) -> Evaluation:
    """The evaluation that the booking's delegate can answer now. Reads its event with the evaluation: no query.

    Raises AnswerRefused.
    """
    evaluation: Evaluation | None = getattr(booking.event, "evaluation", None)
    if booking.evaluated_on is not None:
        raise refusals.AlreadyAnswered("You have already answered. Thank you.")
    if evaluation is not None and not evaluation.is_open(now):
        raise refusals.Closed(f"This form was open until {until(evaluation.closes_at)}.")
    if evaluation is None or booking.outcome not in ATTENDED:
        raise refusals.NotAsked(
            "There is nothing to answer now: the register of this event is open, or does not say that you were there."
        )
    return evaluation


def fits(question: Question, answer: int | str) -> bool:
    """Whether it is an answer to the question."""
    if question.kind == Question.Kind.FREE_TEXT:
        return isinstance(answer, str) and 0 < len(answer) <= LONGEST_TEXT
    lowest, highest = question.scale
    return answer in range(lowest, highest + 1) or (question.may_be_irrelevant and answer == NOT_RELEVANT)

"""Which questionnaire delegates are asked after an event, and the one that there is before anybody makes another."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from evaluations.models import Question, Questionnaire

Kind = Question.Kind
QUESTIONS = (
    ("before", Kind.CONFIDENCE_BEFORE, "How confident were you before today?"),
    ("now", Kind.CONFIDENCE_NOW, "How confident are you now?"),
    ("rating", Kind.RATING, "How good was it overall?"),
    ("comment", Kind.FREE_TEXT, "Is there anything else that you would like to say?"),
)
# Lowest and highest, by question code.
Scales = Mapping[str, tuple[int, int]]
SCALES: Scales = {"before": (0, 10), "now": (0, 10), "rating": (1, 5)}


@transaction.atomic
def after() -> Questionnaire:
    """The latest published one of the stage after; where there is none, the standard one is published."""
    stage = Questionnaire.Stage.AFTER
    published = Questionnaire.objects.filter(stage=stage, published_at__isnull=False)
    if found := published.order_by("-version").first():
        return found
    # Behind the drafts that somebody may be writing.
    last = Questionnaire.objects.filter(stage=stage).order_by("-version").values_list("version", flat=True).first()
    return publish(Questionnaire(stage=stage, version=(last or 0) + 1), SCALES, now=timezone.now())


def publish(questionnaire: Questionnaire, scales: Scales, *, now: datetime) -> Questionnaire:
    """Write the questionnaire with the standard questions on these scales."""
    questionnaire.save()
    for position, (code, kind, text) in enumerate(QUESTIONS, start=1):
        lowest, highest = scales.get(code, (None, None))
        Question.objects.create(
            questionnaire=questionnaire,
            code=code,
            position=position,
            kind=kind,
            text=text,
            lowest=lowest,
            highest=highest,
        )
    # Published last: from then on the database lets nobody change it or its questions.
    questionnaire.published_at = now
    questionnaire.save(update_fields=["published_at"])
    return questionnaire

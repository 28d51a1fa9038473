"""Questionnaires and what delegates answered, held without who answered."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from training.models import Event

# How long after an event its delegates may answer.
OPEN_FOR = timedelta(days=14)


class Questionnaire(models.Model):
    """A version of a set of questions for a stage. Published ones never change; an edit makes the next version."""

    class Stage(models.TextChoices):
        BEFORE = "before", "Before"
        AFTER = "after", "After"
        FOLLOW_UP = "follow-up", "Follow-up"
        LINE_MANAGER = "line-manager", "Line manager"
        OBSERVATION = "observation", "Observation"

    stage = models.CharField(max_length=20, choices=Stage)
    version = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stage", "version"], name="questionnaire_version_is_used_once")]

    def __str__(self) -> str:
        return f"{self.get_stage_display()}, version {self.version}"


class Question(models.Model):
    """A question of a questionnaire. Its code is kept from version to version, so that years compare."""

    class Kind(models.TextChoices):
        CONFIDENCE_BEFORE = "confidence-before", "Confidence before today"
        CONFIDENCE_NOW = "confidence-now", "Confidence now"
        RATING = "rating", "Rating"
        FREE_TEXT = "free-text", "Free text"

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="questions")
    code = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    text = models.CharField(max_length=300)
    lowest = models.PositiveSmallIntegerField(null=True, blank=True)
    highest = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "code"], name="question_code_is_used_once"),
            models.CheckConstraint(
                condition=Q(lowest=None, highest=None)
                | Q(lowest__isnull=False, highest__isnull=False, lowest__lt=models.F("highest")),
                name="question_scale_goes_up",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_confidence(self) -> bool:
        return self.kind in (self.Kind.CONFIDENCE_BEFORE, self.Kind.CONFIDENCE_NOW)

    @property
    def scale(self) -> tuple[int, int]:
        """Lowest and highest; as usual where the question does not say. Free text has none."""
        lowest, highest = (0, 10) if self.is_confidence else (1, 5)
        return (
            lowest if self.lowest is None else self.lowest,
            highest if self.highest is None else self.highest,
        )

    @property
    def may_be_irrelevant(self) -> bool:
        """Whether "not relevant to my role" is an answer: of confidence in what a course teaches."""
        return self.is_confidence


class Evaluation(models.Model):
    """That an event's delegates are asked, from the closing of its registers until a moment.

    Events whose answers a workbook brought have none: theirs closed OPEN_FOR after they ended.
    """

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="evaluation")
    # The version that all of them are asked, whatever is published meanwhile.
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="evaluations")
    opened_at = models.DateTimeField(default=timezone.now)
    # A midnight: no answer is dated by it, not even the last one, which closes it where all have answered.
    closes_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["closes_at"], name="evaluation_by_close")]

    def __str__(self) -> str:
        return f"Evaluation of {self.event}"

    def is_open(self, now: datetime | None = None) -> bool:
        return self.closes_at > (now or timezone.now())


class Response(models.Model):
    """One delegate's answers to an anonymous form: no person, no time, no order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="responses")
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="responses")
    # By question code: {"before": 4, "now": 8, "rating": 5, "comment": "…"}; unanswered questions are left out, and
    # "not-relevant" is no number, so in no mean.
    answers = models.JSONField()

    def __str__(self) -> str:
        return str(self.id)


class ImportedSet(models.Model):
    """That an event's answers came from a workbook, as one set: the same set again changes nothing."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="imported_answers")
    # Keyed, so that it cannot be tried out against guessed addresses and answers.
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"Answers of {self.event}"

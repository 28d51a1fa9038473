"""Train the trainer: the steps that lead to delivering a course, and who has taken which."""

from django.db import models
from django.db.models import F, Q

from people.models import Person
from training.models.course import Course
from training.models.venue import Trainer

LONGEST = 200


class TrainingStep(models.Model):
    """A step towards delivering a course, as the partnership sees it; the same for all courses."""

    name = models.CharField(max_length=LONGEST, unique=True)
    position = models.PositiveSmallIntegerField()
    # Not asked of anybody any more; who took it keeps it.
    is_retired = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class StepTaken(models.Model):
    """That a trainer has taken a step towards a course: when, on what evidence, and who signed it."""

    trainer = models.ForeignKey(Trainer, on_delete=models.CASCADE, related_name="steps_taken")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    step = models.ForeignKey(TrainingStep, on_delete=models.PROTECT, related_name="taken")
    taken_on = models.DateField()
    evidence = models.CharField(max_length=LONGEST)
    signed_on = models.DateField()
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["step__position", "step"]
        constraints = [
            models.UniqueConstraint(fields=["trainer", "course", "step"], name="step_is_taken_once_for_a_course"),
            models.CheckConstraint(condition=Q(taken_on__lte=F("signed_on")), name="step_is_signed_when_it_was_taken"),
            models.CheckConstraint(condition=~Q(evidence=""), name="step_taken_says_how_it_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.trainer}, {self.course}: {self.step}"

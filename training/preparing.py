"""Train the trainer: the partnership's steps, signing them, and how far somebody is on the way to a course."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from django.utils import timezone

from people.models import Person
from training import refusals
from training.models import Course, StepTaken, Trainer, TrainingStep
from training.moments import full_date

# What partnerships commonly ask; a button makes these where there is none.
USUAL = (
    "Train the trainer course, or a teaching qualification",
    "Attended the course as a delegate",
    "Delivered it together with an experienced trainer",
    "Delivered it, observed by an experienced trainer",
)


@dataclass(frozen=True, slots=True)
class Stage:
    """A step on the way to a course; taken: None while it is not signed."""

    step: TrainingStep
    taken: StepTaken | None


def way(trainer: Trainer, course: Course) -> list[Stage]:
    """The steps in their order, with those that the trainer has taken. Two statements."""
    taken = {one.step_id: one for one in trainer.steps_taken.filter(course=course).select_related("signed_by")}
    return [
        Stage(step, taken.get(step.pk))
        for step in TrainingStep.objects.all()
        if not step.is_retired or step.pk in taken
    ]


def is_complete(stages: Iterable[Stage]) -> bool:
    """Whether every step that is asked is signed, and there is one."""
    stages = list(stages)
    return bool(stages) and all(stage.taken or stage.step.is_retired for stage in stages)


def in_words(stages: Iterable[Stage]) -> str:
    """What was signed, for the evidence of a clearance."""
    return "; ".join(f"{one.step}, {full_date(one.taken.taken_on)}" for one in stages if one.taken)


def begun(trainer: Trainer) -> QuerySet[Any]:
    """Courses towards which they have taken steps, each with taken, how many."""
    steps = StepTaken.objects.filter(trainer=trainer, course=OuterRef("pk")).order_by().values("course")
    return Course.objects.annotate(taken=Subquery(steps.annotate(n=Count("pk")).values("n"))).filter(taken__gt=0)


@transaction.atomic
def sign(
    *, trainer: Trainer, course: Course, step: TrainingStep, taken_on: date, evidence: str, by: Person
) -> StepTaken:
    """Sign that they have taken it; said again it replaces what was said. Raises Impossible, also for oneself."""
    today = timezone.localdate()
    if taken_on > today:
        raise refusals.Impossible("The day must be today or earlier.")
    if trainer.person_id == by.pk:
        raise refusals.Impossible("Nobody signs their own steps. Ask somebody else of the training team.")
    if step.is_retired:
        raise refusals.Impossible(f"“{step}” is not asked any more.")
    said = {"taken_on": taken_on, "evidence": evidence, "signed_on": today, "signed_by": by}
    found, _ = StepTaken.objects.update_or_create(trainer=trainer, course=course, step=step, defaults=said)
    return found


@transaction.atomic
def take_out(*, taken: StepTaken, by: Person) -> None:
    """It was signed by mistake."""
    taken.delete()


# --- the steps ------------------------------------------------------------------------------------------------------
@transaction.atomic
def begin_with_usual(*, by: Person) -> None:
    """Make the usual steps where there is none yet; else it changes nothing."""
    if not TrainingStep.objects.exists():
        TrainingStep.objects.bulk_create(TrainingStep(name=name, position=n) for n, name in enumerate(USUAL, 1))


@transaction.atomic
def add(*, name: str, by: Person) -> TrainingStep:
    """One more, at the end. Raises NameTaken."""
    _refuse_taken(name)
    last = TrainingStep.objects.aggregate(last=Max("position"))["last"] or 0
    return TrainingStep.objects.create(name=name, position=last + 1)


@transaction.atomic
def change(*, step: TrainingStep, name: str, position: int, is_retired: bool, by: Person) -> TrainingStep:
    """Call it otherwise, put it at another place among the steps, or ask it no more. Raises NameTaken."""
    _refuse_taken(name, but=step)
    others = list(TrainingStep.objects.exclude(pk=step.pk))
    step.name, step.is_retired = name, is_retired
    step.save(update_fields=["name", "is_retired"])
    others.insert(max(position, 1) - 1, step)
    for number, one in enumerate(others, 1):
        one.position = number
    TrainingStep.objects.bulk_update(others, ["position"])
    return step


def _refuse_taken(name: str, but: TrainingStep | None = None) -> None:
    if TrainingStep.objects.exclude(pk=but.pk if but else 0).filter(name__iexact=name).exists():
        raise refusals.NameTaken(f"There is a step called “{name}” already.")

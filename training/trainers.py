"""Trainers: who they are, what they may deliver and who says so, and on which days they cannot."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from people.models import Person
from training import refusals
from training.models import Absence, Clearance, Course, Trainer


@transaction.atomic
def add(*, name: str, person: Person | None, by: Person) -> Trainer:
    """Raises NameTaken."""
    _refuse_taken(name, person)
    return Trainer.objects.create(name=name, person=person)


@transaction.atomic
def correct(*, trainer: Trainer, name: str, person: Person | None, is_retired: bool, by: Person) -> Trainer:
    """person: whose account sees the registers of their sessions. Raises NameTaken."""
    _refuse_taken(name, person, but=trainer)
    trainer.name, trainer.person, trainer.is_retired = name, person, is_retired
    trainer.save()
    return trainer


@transaction.atomic
def clear(*, trainer: Trainer, course: Course, until: date | None, evidence: str, by: Person) -> Clearance:
    """Sign that they may deliver the course; said again it replaces what was said. Raises Impossible."""
    today = timezone.localdate()
    if until is not None and until < today:
        raise refusals.Impossible("The last day must be today or later.")
    signed = {"until": until, "evidence": evidence, "signed_on": today, "signed_by": by}
    found, _ = Clearance.objects.update_or_create(trainer=trainer, course=course, defaults=signed)
    return found


@transaction.atomic
def end_clearance(*, clearance: Clearance, by: Person) -> None:
    """They may not deliver it any more, or it was signed by mistake; sessions given stay."""
    clearance.delete()


@transaction.atomic
def be_away(*, trainer: Trainer, first_on: date, last_on: date, by: Person) -> Absence:
    """They cannot train on these days; what they have agreed to stays until a coordinator changes it.

    Raises Impossible.
    """
    if last_on < first_on:
        raise refusals.Impossible("The last day must not be before the first.")
    if last_on < timezone.localdate():
        raise refusals.Impossible("These days are past.")
    return Absence.objects.create(trainer=trainer, first_on=first_on, last_on=last_on)


@transaction.atomic
def be_back(*, absence: Absence, by: Person) -> None:
    """They can after all."""
    absence.delete()


def _refuse_taken(name: str, person: Person | None, but: Trainer | None = None) -> None:
    others = Trainer.objects.exclude(pk=but.pk if but else 0)
    if others.filter(name__iexact=name).exists():
        raise refusals.NameTaken(f"There is a trainer called {name} already.")
    if person is not None and (other := others.filter(person=person).first()):
        raise refusals.NameTaken(f"{person} is the trainer {other} already.")

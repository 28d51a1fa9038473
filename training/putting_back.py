"""Putting back what was taken out about a trainer a moment ago, as it was: with who signed it, and when."""

from typing import cast

from django.core import serializers
from django.db import IntegrityError, transaction

from people.models import Person
from training.models import Absence, Clearance, StepTaken, Trainer
from training.refusals import CannotChange

Row = Clearance | StepTaken | Absence


def noted(row: Row) -> str:
    """What to put it back by. Note it before it is taken out."""
    return str(serializers.serialize("json", [row]))


@transaction.atomic
def put_back(*, trainer: Trainer, was: str, by: Person) -> Row:
    """Raises CannotChange where it is there again, or is another trainer's."""
    row = cast("Row", next(iter(serializers.deserialize("json", was))).object)
    if row.trainer_id != trainer.pk:
        raise CannotChange("That is not about this trainer.")
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise CannotChange("It is there again already.") from error
    return row

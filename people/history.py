"""History written by the database: what a row said before it was changed or deleted, raw SQL included."""

from collections.abc import Callable
from typing import TypeVar

import pghistory
from django.db import models

Model = TypeVar("Model", bound=type[models.Model])


def tracked(*fields: str) -> Callable[[Model], Model]:
    """Keep the former values of these fields in an append-only table, by trigger.

    Each entry holds the values that were replaced or removed (pgh_label says which) and when; the row itself holds
    the present ones, so together they are the whole story. Name ids and states, never names or other personal data.
    """

    def decorate(model: Model) -> Model:
        track: Callable[[Model], Model] = pghistory.track(
            pghistory.UpdateEvent("changed", row="OLD"),
            pghistory.DeleteEvent("deleted"),
            fields=["id", *fields],
            append_only=True,
            # Who acted stands on the rows themselves.
            context_field=None,  # type: ignore[arg-type]  # None is allowed, and means no such column
            obj_field=pghistory.ObjForeignKey(related_name="history", db_constraint=False),
            model_name=f"{model.__name__}History",
        )
        return track(model)

    return decorate

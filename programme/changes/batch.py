"""Rows of one model to make, correct and delete, collected while planning and written set by set."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, Generic, TypeVar

from django.db import models
from django.utils import timezone

from programme.steps import NOBODY, Steps

Row = TypeVar("Row", bound=models.Model)
BATCH = 2_000


class Batch(Generic[Row]):
    """New and corrected rows of one model. Nothing is written before write()."""

    def __init__(self, model: type[Row]) -> None:
        self.model = model
        # Told of each row that is written.
        self.steps: Steps = NOBODY
        self.new: list[Row] = []
        self.deleted: list[Any] = []
        self._changed: dict[Any, Row] = {}
        self._fields: set[str] = set()
        self._references: list[tuple[Row, dict[str, models.Model | None]]] = []

    def add(self, row: Row, **references: models.Model | None) -> Row:
        """A new row; what it refers to is filled in when it is written, by when that has a key."""
        self.new.append(row)
        if references:
            self._references.append((row, references))
        return row

    def correct(self, row: Row, **values: Any) -> list[str]:
        """Set what differs; returns it in words ("places 22 → 24"). A row not saved yet is simply set."""
        differences = []
        for name, value in values.items():
            field = self.model._meta.get_field(name)
            if _is_same(row, field, value):
                continue
            before = getattr(row, name)
            setattr(row, name, value)
            if not row._state.adding:
                self.touch(row, name)
                differences.append(f"{_label(field)} {_shown(row, field, before)} → {_shown(row, field, value)}")
        return differences

    def touch(self, row: Row, *names: str) -> None:
        """Have these fields written as they are set now; what is not saved yet is written whole anyhow."""
        if not row._state.adding:
            self._changed[row.pk] = row
            self._fields.update(names)

    @property
    def to_write(self) -> int:
        """How many rows write() has to do with."""
        return len(self.new) + len(self._changed) + len(self.deleted)

    @property
    def changed(self) -> list[Row]:
        return list(self._changed.values())

    def delete(self, pk: Any) -> None:
        self.deleted.append(pk)

    def write(self) -> None:
        """Delete, correct, then make."""
        self.write_deletions()
        self.write_corrections()
        for row, references in self._references:
            for name, other in references.items():
                setattr(row, f"{name}_id", None if other is None else other.pk)
        for start in range(0, len(self.new), BATCH):
            rows = self.new[start : start + BATCH]
            self.model._default_manager.bulk_create(rows)
            self.steps.step(len(rows))

    def write_deletions(self) -> None:
        if self.deleted:
            self.model._default_manager.filter(pk__in=self.deleted).delete()
            self.steps.step(len(self.deleted))
            self.deleted = []

    def write_corrections(self, rows: Iterable[Row] | None = None) -> None:
        """Write all corrected rows, or only these of them; each once."""
        chosen = self.changed if rows is None else [row for row in rows if row.pk in self._changed]
        if chosen:
            self.model._default_manager.bulk_update(chosen, sorted(self._fields), batch_size=500)
            self.steps.step(len(chosen))
        for row in chosen:
            del self._changed[row.pk]


def _is_same(row: models.Model, field: Any, value: Any) -> bool:
    if not field.is_relation:
        return bool(getattr(row, field.attname) == value)
    # By key, so that what stands there is only fetched to be shown; a new row is never the one that stands there.
    key = None if value is None else value.pk
    return key == getattr(row, field.attname) and (value is None or key is not None)


def _label(field: Any) -> str:
    return str(getattr(field, "verbose_name", field.name))


def _shown(row: models.Model, field: Any, value: Any) -> str:
    """A value as people write it."""
    if value is None or value == "":
        return "nothing"
    if choices := getattr(field, "choices", None):
        value = dict(choices).get(value, value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        here = timezone.localtime(value)
        return f"{here:%d/%m/%Y}" if here.time() == time.min else f"{here:%d/%m/%Y %H:%M}"
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)

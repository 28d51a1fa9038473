"""Imports of programme workbooks: who brought which, what was found in it, and what came of it."""

import secrets
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from outbox.models import Job
from people.models import Person
from people.permissions import Right, may
from people.references import new_reference

FOLDER = "imports"
COMMAND_LINE = "the command line"


def random_name(_: "Import", __: str) -> str:
    """Where an uploaded file is kept: nothing of the name that it came with."""
    return f"{FOLDER}/{secrets.token_hex(16)}.xlsx"


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, person: Person) -> "ImportQuerySet":
        return self if may(person, Right.CHANGE_PROGRAMME) else self.none()

    def under_way(self) -> "ImportQuerySet":
        """Those from which something may still come."""
        return self.exclude(state__in=Import.ENDED)

    def given_up(self) -> "ImportQuerySet":
        """Those whose background work ended without a result."""
        return self.filter(state__in=Import.AT_WORK).exclude(job__state=Job.State.WAITING)


class Import(models.Model):
    """One workbook on its way in: checked, accepted by a person, written; or discarded.

    counts stay for ever and are numbers; details are lists that may name people, and go with time (keeping.py).
    """

    class State(models.TextChoices):
        CHECKING = "checking", "Being checked"
        FAULTY = "faulty", "Has problems"
        READY = "ready", "Waits to be accepted"
        WRITING = "writing", "Being written"
        WRITTEN = "written", "Imported"
        UNCHANGED = "unchanged", "Nothing to change"
        DISCARDED = "discarded", "Discarded"

    AT_WORK = (State.CHECKING, State.WRITING)
    ENDED = (State.WRITTEN, State.UNCHANGED, State.DISCARDED)

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.CHECKING)
    # The name that the file came with, to show; and the file itself, until the import has ended.
    file_name = models.CharField(max_length=200)
    size = models.PositiveIntegerField("size in bytes")
    file = models.FileField(upload_to=random_name, blank=True)
    uploaded_at = models.DateTimeField(default=timezone.now)
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # What brought it where no person did: COMMAND_LINE, which checks, accepts and writes in one act.
    via = models.CharField(max_length=40, blank=True)
    # The latest background work on it.
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    details = models.JSONField(default=dict, blank=True)
    # Of all that the check found, so that only that is ever written which somebody has seen.
    fingerprint = models.CharField(max_length=64, blank=True)
    # Why the latest attempt to write it wrote nothing.
    stopped_because = models.CharField(max_length=300, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    # Who discarded it; None where nobody had accepted it in time.
    discarded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ImportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-uploaded_at", "-id"], name="import_by_upload")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["checking", "faulty", "ready", "writing", "written", "unchanged", "discarded"]),
                name="import_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["writing", "written"], accepted_at__isnull=False)
                & (Q(accepted_by__isnull=False, via="") | Q(Q(accepted_by=None), ~Q(via="")))
                | (~Q(state__in=["writing", "written"]) & Q(accepted_at=None, accepted_by=None)),
                name="import_is_accepted_by_somebody_exactly_when_it_is_written",
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=False) | Q(state__in=["checking", "discarded"]),
                name="import_is_checked_before_anything_else",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["written", "unchanged", "discarded"], ended_at__isnull=False)
                | (~Q(state__in=["written", "unchanged", "discarded"]) & Q(ended_at=None)),
                name="import_has_ended_exactly_when_it_says_when",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False, file="") | (Q(ended_at=None) & ~Q(file="")),
                name="import_keeps_its_file_exactly_until_it_has_ended",
            ),
            models.CheckConstraint(
                condition=Q(discarded_by=None) | Q(state="discarded"), name="import_is_discarded_where_somebody_did_so"
            ),
            models.CheckConstraint(
                condition=Q(uploaded_by__isnull=False, via="") | Q(Q(uploaded_by=None, state="written"), ~Q(via="")),
                name="import_is_brought_by_a_person_or_written_at_once",
            ),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="writing"), name="import_one_is_written_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.reference})"

    @property
    def brought_by(self) -> str:
        """The person's name, or what it was; read uploaded_by with it."""
        return str(self.uploaded_by or self.via)

    @property
    def is_given_up(self) -> bool:
        """Whether its background work ended without a result; read job with it."""
        return self.state in self.AT_WORK and (self.job is None or self.job.state != Job.State.WAITING)

    @property
    def is_at_work(self) -> bool:
        """Whether its background work waits or goes on; read job with it."""
        return self.state in self.AT_WORK and not self.is_given_up

    @property
    def has_ended(self) -> bool:
        return self.state in self.ENDED

    @property
    def problems(self) -> list[dict[str, Any]]:
        """Those kept, of counts["problems"]: sheet, cell, row, column, what, todo each."""
        kept: list[dict[str, Any]] = self.details.get("problems", [])
        return kept

"""Work that waits in the database: messages to send and background jobs to run."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Work(models.Model):
    """A row that some worker will claim, do and mark as done; see claims.py for how."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Done"
        FAILED = "failed", "Given up"
        DROPPED = "dropped", "No longer needed"
        # Waited when a back-up was made that was restored since: it may have been done in the time that was lost.
        HELD = "held", "Held after a restore"

    # After so many failures it is given up.
    MOST_FAILURES: ClassVar[int] = 5

    # Message-ID and other outside names come from it, so that a repeat is recognised as one.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Says what caused the work ("booking-confirmed:K7QX2M"), so that it is never queued twice.
    key = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    due_at = models.DateTimeField(default=timezone.now)
    # The number of the latest claim: a worker whose lease ran out finds it has moved on, and may not mark the row.
    attempts = models.PositiveIntegerField(default=0)
    # How many of them went wrong by the row's own doing, or ended without a word: given up after some. A mail server
    # that is down counts against none.
    failures = models.PositiveIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    # Of the request that caused it, so that the log's lines about both can be found together.
    request_id = models.CharField(max_length=36, blank=True, db_default="", editable=False)

    class Meta:
        abstract = True
        indexes = [
            models.Index("due_at", condition=Q(state="waiting"), name="%(class)s_waiting"),
            # Few of very many, and asked for whenever a coordinator comes Home.
            models.Index("finished_at", condition=Q(state="failed"), name="%(class)s_failed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "held"], finished_at=None)
                | Q(state__in=["done", "failed", "dropped"], finished_at__isnull=False),
                name="%(class)s_is_finished_exactly_when_it_has_a_time",
            )
        ]

    def __str__(self) -> str:
        return self.key


class Message(Work):
    """One e-mail to one address; what it says is made when it is sent, from facts about the reference."""

    # With the pauses between them, about six hours: a full mailbox, a server that asks to come again.
    MOST_FAILURES = 12

    template = models.CharField(max_length=60)
    to = models.EmailField()
    # What the message is about, as text: the outbox knows no other app's models.
    reference = models.CharField(max_length=60)

    class Meta(Work.Meta):
        abstract = False
        indexes = [*Work.Meta.indexes, models.Index(fields=["to"], name="message_by_address")]


class SentText(models.Model):
    """What a message said when the mail server took it, without its links: see kept.py. It never changes."""

    message = models.OneToOneField(Message, on_delete=models.PROTECT, primary_key=True, related_name="sent_text")
    subject = models.TextField()
    body = models.TextField()

    def __str__(self) -> str:
        return self.subject


class Job(Work):
    """One piece of background work, with its progress."""

    kind = models.CharField(max_length=60)
    # Ids and plain values only, never names.
    arguments = models.JSONField(default=dict, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    problems = models.JSONField(default=list, blank=True)
    result = models.JSONField(default=dict, blank=True)
    asked_by = models.CharField("asked by (a person's reference)", max_length=12, blank=True)

    class Meta(Work.Meta):
        abstract = False


class TemplateText(models.Model):
    """A version of a template's text as somebody edited it. It never changes, so that all of them are the history."""

    name = models.CharField("template", max_length=60)
    # The latest is used. None: a draft that was sent to who wrote it, and never used.
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    # Both empty: back to the original, which is the text in the template's file.
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_by = models.CharField("changed by (a person's reference)", max_length=12)

    class Meta:
        ordering = ["name", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["name", "number"], name="template_text_is_one_version_of_its_template"),
            models.CheckConstraint(
                condition=Q(subject="", body="") | (~Q(subject="") & ~Q(body="")),
                name="template_text_has_a_subject_and_a_body",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}" if self.number else f"{self.name}, a draft"

    @property
    def is_original(self) -> bool:
        return not self.body

    @property
    def whole(self) -> str:
        """As a template's file has it."""
        return f"{self.subject}\n\n{self.body}"


class Heartbeat(models.Model):
    """When something that must go on all the time was last seen to, and when the last restore was: one row each."""

    name = models.CharField(max_length=20, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

"""What delegates have been told of an event's time and place, and who reads their calendar from here."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from people.models import Person
from training.models import Event


class EventChange(models.Model):
    """That sessions or the link of an event changed when people had places on it. Written by trigger, whoever changes
    them; all that is changed until it is told is one change."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="changes", db_index=False)
    # How it was before, as bookings_told_of(event) in migration 0004 has it.
    was = models.JSONField()
    # When the latest part of it was made.
    changed_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["event"], name="change_by_event")]
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=Q(told_at=None), name="event_has_one_change_that_is_not_told"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event}, changed {timezone.localtime(self.changed_at):%-d %B %Y %H:%M}"


class CalendarFeed(models.Model):
    """A person's private address that a calendar program reads. The address itself is not kept."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="calendar_feed")
    # SHA-256 of the secret in the address, in hex: it is 256 random bits, so nothing slower is needed.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_on = models.DateField(default=timezone.localdate, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(digest__regex="^[0-9a-f]{64}$"), name="calendar_feed_keeps_only_a_digest"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}"

"""What coordinators write to the people of an event in their own words."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from people.models import Person
from people.references import new_reference
from training.models import Event


class Announcement(models.Model):
    """One text to some people of an event. It never changes: its messages are made of it when they are sent."""

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="announcements")
    subject = models.CharField(max_length=150)
    words = models.TextField()
    # Sent to nobody but who wrote it.
    is_test = models.BooleanField(default=False)
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-sent_at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(subject="") & ~Q(words=""), name="announcement_has_words")]

    def __str__(self) -> str:
        return self.subject

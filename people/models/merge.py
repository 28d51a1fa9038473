"""Merges: two records found to be one person, and pairs that were looked at and are two."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from people.models.person import Person
from people.references import new_reference


class Merge(models.Model):
    """That one record became part of another. Holds ids and names of fields only; what was said stays in the two rows.

    It is only ever added to, and undone once (the database refuses other changes).
    """

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges")
    gone = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    # Ids of the rows that went from one to the other, by what names the person: "bookings.Booking.delegate".
    moved = models.JSONField(default=dict)
    # The fields whose values the two exchanged.
    exchanged = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    # Ids of their accounts before, and the day on which the one that went had left.
    before = models.JSONField(default=dict)
    # What other apps undo by, under their names: ids and states.
    others = models.JSONField(default=dict, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="merge_is_of_two_records"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="merge_undone_says_when_and_by_whom",
            ),
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at=None), name="record_is_merged_once"),
        ]

    def __str__(self) -> str:
        return self.reference


class Apart(models.Model):
    """That two records which look alike are two persons: somebody looked, and they are not proposed again."""

    # The two in the order of their ids.
    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="pair_is_kept_apart_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_is_in_the_order_of_its_ids"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}"

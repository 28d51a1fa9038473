"""Who wants to be told when a course has a date."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from people.models import Person
from people.references import new_reference
from training.models.course import Course
from training.models.event import Event


class InterestQuerySet(models.QuerySet["Interest"]):
    def waiting(self) -> "InterestQuerySet":
        """Of whom nobody has been told of a date yet."""
        return self.filter(told_at=None)


class Interest(models.Model):
    """A person's wish to be told once when a course has a date. Kept after that: it says what is asked for."""

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="interests")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="interests")
    registered_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True, blank=True)
    # Of which date they were told.
    told_of = models.ForeignKey(Event, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    objects = InterestQuerySet.as_manager()

    class Meta:
        ordering = ["registered_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "person"], condition=Q(told_at=None), name="interest_waits_once_for_each_course"
            ),
            models.CheckConstraint(
                condition=Q(told_at=None, told_of=None) | Q(told_at__isnull=False, told_of__isnull=False),
                name="interest_is_told_of_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.course}"

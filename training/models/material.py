"""What delegates are given to read or to use: links, of a course or of one event."""

from django.db import models
from django.db.models import Q

from training.models.course import Course
from training.models.event import Event


class MaterialQuerySet(models.QuerySet["Material"]):
    def of(self, event: Event) -> "MaterialQuerySet":
        """The event's own, and its course's, in the order in which they are given."""
        return self.filter(Q(event=event) | Q(course=event.course_id)).order_by("order", "pk")

    def given(self) -> "MaterialQuerySet":
        """Those that nobody took away."""
        return self.filter(taken_away_at=None)


class Material(models.Model):
    """A link, for all events of a course or for one."""

    class When(models.TextChoices):
        """From when, and to whom."""

        BEFORE = "before", "As soon as they have a place"
        DAY = "day", "From the morning of the event"
        AFTER = "after", "When their attendance is confirmed"

    course = models.ForeignKey(Course, on_delete=models.CASCADE, null=True, blank=True, related_name="materials")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, null=True, blank=True, related_name="materials")
    title = models.CharField(max_length=200)
    link = models.URLField(max_length=500)
    when = models.CharField(max_length=6, choices=When)
    # before, day, after: kept by the database, so that lists need no case of it.
    order = models.GeneratedField(
        expression=models.Case(
            models.When(when="before", then=models.Value(1)),
            models.When(when="day", then=models.Value(2)),
            default=models.Value(3),
        ),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )
    # It can be given again: nothing that delegates were shown is lost.
    taken_away_at = models.DateTimeField(null=True, blank=True)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(course=None, event__isnull=False) | Q(course__isnull=False, event=None),
                name="material_is_of_a_course_or_of_an_event",
            ),
            models.CheckConstraint(
                condition=Q(when__in=["before", "day", "after"]), name="material_says_when_it_is_given"
            ),
            models.CheckConstraint(
                condition=Q(link__regex=r"^https?://[^\s]+$"), name="material_link_is_a_web_address"
            ),
        ]

    def __str__(self) -> str:
        return self.title

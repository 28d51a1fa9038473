"""The catalogue: what is taught, to whom, at which level."""

from django.db import models

from people.models import StaffGroup


class Objective(models.Model):
    """An aim of the partnership's business plan that courses serve."""

    name = models.CharField(max_length=200, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Course(models.Model):
    """An entry in the catalogue."""

    class Delivery(models.TextChoices):
        FACE_TO_FACE = "face-to-face", "Face to face"
        VIRTUAL = "virtual", "Virtual"
        E_LEARNING = "e-learning", "E-learning"
        CONFERENCE = "conference", "Conference"

    class Duration(models.TextChoices):
        HALF_DAY = "half-day", "Half day"
        FULL_DAY = "full-day", "Full day"
        TWO_DAYS = "two-days", "Two days"
        BRIEFING = "briefing", "Briefing"

    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    # Partnerships name their levels differently ("Level 2", "Group B"), so it is their word.
    level = models.CharField(max_length=40, blank=True)
    delivery = models.CharField(max_length=20, choices=Delivery)
    duration = models.CharField(max_length=20, choices=Duration)
    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, null=True, blank=True, related_name="courses")
    # None: for all staff groups.
    staff_groups = models.ManyToManyField(StaffGroup, blank=True, related_name="courses")

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(delivery__in=["face-to-face", "virtual", "e-learning", "conference"]),
                name="course_delivery_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(duration__in=["half-day", "full-day", "two-days", "briefing"]),
                name="course_duration_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title

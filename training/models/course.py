"""The catalogue: what is taught, to whom, at which level, and what one needs for it."""

from django.db import models
from django.db.models import F, Q

from people.models import Agency, StaffGroup


class Objective(models.Model):
    """An aim of the partnership's business plan that courses serve."""

    name = models.CharField(max_length=200, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Topic(models.Model):
    """What courses are about, as people look for it: Exploitation, Domestic abuse, Early help."""

    name = models.CharField(max_length=100, unique=True)

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

    class OnMissing(models.TextChoices):
        """What happens to who books without a prerequisite, or belongs to none of the staff groups."""

        WARN = "warn", "Say so, and let them book"
        BLOCK = "block", "Do not let them book"

    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    # Partnerships name their levels differently ("Level 2", "Group B"), so it is their word.
    level = models.CharField(max_length=40, blank=True)
    delivery = models.CharField(max_length=20, choices=Delivery)
    duration = models.CharField(max_length=20, choices=Duration)
    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, null=True, blank=True, related_name="courses")
    # None: for all staff groups.
    staff_groups = models.ManyToManyField(StaffGroup, blank=True, related_name="courses")

    topics = models.ManyToManyField(Topic, blank=True, related_name="courses")
    # What people call it, with commas between: abbreviations, and what it was called before.
    other_names = models.CharField(max_length=300, blank=True)
    summary = models.TextField(blank=True)
    # For whom it is, in words; staff_groups says it for the computer.
    audience = models.TextField(blank=True)
    # One on each line.
    learning_aims = models.TextField(blank=True)

    # What confirmations and joining instructions of its events say beside: what to bring or to read before.
    added_to_messages = models.TextField(blank=True, db_default="")

    # Whether a line manager approves each booking, and whether a place is held until then.
    needs_approval = models.BooleanField(default=False)
    keeps_place_for_approval = models.BooleanField(default=False)
    on_missing = models.CharField(max_length=5, choices=OnMissing, default=OnMissing.WARN)

    # After how many months it needs refreshing, and for how many more it still counts. None: it never lapses.
    refresh_months = models.PositiveSmallIntegerField(null=True, blank=True)
    grace_months = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(delivery__in=["face-to-face", "virtual", "e-learning", "conference"]),
                name="course_delivery_is_known",
            ),
            models.CheckConstraint(
                condition=Q(duration__in=["half-day", "full-day", "two-days", "briefing"]),
                name="course_duration_is_known",
            ),
            models.CheckConstraint(condition=Q(on_missing__in=["warn", "block"]), name="course_on_missing_is_known"),
            models.CheckConstraint(
                condition=Q(keeps_place_for_approval=False) | Q(needs_approval=True),
                name="course_keeps_a_place_only_for_approval",
            ),
            models.CheckConstraint(
                condition=Q(refresh_months=None, grace_months=0)
                | Q(refresh_months__isnull=False, refresh_months__gt=0),
                name="course_has_grace_only_where_it_lapses",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Prerequisite(models.Model):
    """A course to have attended before. One of each group is enough; all groups must be met."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="prerequisites")
    group = models.PositiveSmallIntegerField(default=1)
    required = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="required_by")
    # How many months ago at most; None: whenever.
    valid_months = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["course", "group", "id"]
        constraints = [
            models.UniqueConstraint(fields=["course", "group", "required"], name="prerequisite_is_in_a_group_once"),
            models.CheckConstraint(condition=~Q(required=F("course")), name="prerequisite_is_another_course"),
            models.CheckConstraint(
                condition=Q(valid_months=None) | Q(valid_months__gt=0), name="prerequisite_is_valid_for_some_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.required} before {self.course}"


class CourseFee(models.Model):
    """What a place costs an agency of a type, without VAT; for the types that have none it is free."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="fees")
    agency_type = models.CharField(max_length=30, choices=Agency.Type)
    net_amount = models.DecimalField(max_digits=8, decimal_places=2)

    class Meta:
        ordering = ["course", "agency_type"]
        constraints = [
            models.UniqueConstraint(fields=["course", "agency_type"], name="course_has_one_fee_for_each_agency_type"),
            models.CheckConstraint(condition=Q(net_amount__gte=0), name="course_fee_is_not_negative"),
            models.CheckConstraint(
                condition=Q(
                    agency_type__in=[
                        "local-authority", "childrens-social-care", "police", "health-commissioner", "nhs-provider",
                        "probation", "education", "early-years", "voluntary", "private", "other",
                    ]
                ),
                name="course_fee_is_for_a_known_agency_type",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.course} for {self.get_agency_type_display()}"

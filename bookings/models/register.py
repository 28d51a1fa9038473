"""Registers: who was there, session by session."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from bookings.models.booking import Booking
from people.history import tracked
from people.models import Person
from people.permissions import Right, may
from training.models import Event, Session

MOST_MINUTES = 600


class RegisterQuerySet(models.QuerySet["Register"]):
    def visible_to(self, person: Person) -> "RegisterQuerySet":
        """All to who sees registers; else those of the events one trains."""
        if may(person, Right.SEE_REGISTERS):
            return self
        return self.filter(session__event__in=Event.objects.all().given_by(person).values("pk"))


@tracked(
    "session", "handed_in_at", "handed_in_by", "head_count", "closed_at", "closed_by", "closed_by_itself",
    "reopened_at", "reopened_by", "reopened_reason",
)  # fmt: skip
class Register(models.Model):
    """The list of one session: a trainer hands it in with a head count, a coordinator closes it."""

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="register")
    handed_in_at = models.DateTimeField(null=True, blank=True)
    handed_in_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # How many people were counted in the room.
    head_count = models.PositiveSmallIntegerField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Closed some working days after it was handed in, as nothing differed (bookings/closing.py).
    closed_by_itself = models.BooleanField(default=False, db_default=False)
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reopened_reason = models.CharField(max_length=200, blank=True)
    # Set where a workbook brought it, handed in and closed.
    imported_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = RegisterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(handed_in_at__isnull=False),
                name="register_is_handed_in_before_it_is_closed",
            ),
            models.CheckConstraint(
                condition=Q(handed_in_at=None, handed_in_by=None)
                | Q(handed_in_at__isnull=False) & (Q(handed_in_by__isnull=False) | Q(imported_at__isnull=False)),
                name="register_handed_in_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, closed_by_itself=False)
                | Q(closed_at__isnull=False, closed_by=None, closed_by_itself=True)
                | Q(closed_at__isnull=False, closed_by_itself=False)
                & (Q(closed_by__isnull=False) | Q(imported_at__isnull=False)),
                name="register_closed_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(reopened_at=None, reopened_by=None, reopened_reason="")
                | Q(reopened_at__isnull=False, reopened_by__isnull=False) & ~Q(reopened_reason=""),
                name="register_reopened_says_when_why_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"Register of {self.session}"


@tracked("booking", "session", "attendance", "minutes", "marked_at", "marked_by")
class Mark(models.Model):
    """One delegate's attendance at one session; without a row, nobody has marked it."""

    class Attendance(models.TextChoices):
        PRESENT = "present", "Present"
        LATE = "late", "Late"
        TURNED_AWAY = "turned-away", "Turned away"
        LEFT_EARLY = "left-early", "Left early"
        LEFT_WELLBEING = "left-wellbeing", "Left (wellbeing)"
        ABSENT = "absent", "Absent"
        # Not there, and said so before the start: without cancelling, which would give the place back.
        APOLOGIES = "apologies", "Apologies"

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="marks")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="marks")
    attendance = models.CharField(max_length=20, choices=Attendance)
    # How late, or how long before the end; empty where nobody noted it.
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    marked_at = models.DateTimeField(default=timezone.now)
    # Empty for marks from a workbook.
    marked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booking", "session"], name="mark_is_one_per_delegate_and_session"),
            models.CheckConstraint(
                condition=Q(
                    attendance__in=[
                        "present",
                        "late",
                        "turned-away",
                        "left-early",
                        "left-wellbeing",
                        "absent",
                        "apologies",
                    ]
                ),
                name="mark_attendance_is_known",
            ),
            models.CheckConstraint(
                condition=Q(minutes=None)
                | Q(attendance__in=["late", "left-early"], minutes__isnull=False, minutes__range=(1, MOST_MINUTES)),
                name="mark_has_minutes_only_for_late_and_left_early",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking}: {self.get_attendance_display()}"


class SentMark(models.Model):
    """That a device sent a mark: sent again, as when the answer was lost on the way, it is not made again."""

    nonce = models.UUIDField(primary_key=True)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+")
    taken_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.nonce}"

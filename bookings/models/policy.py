"""Charging policies: what was agreed, from a date on, about notice and what non-attendance costs.

They live with the bookings and not with the invoices, because a booking keeps the policy it was made under, and its
outcome (cancelled in time or late) follows from it; prices become charges in invoicing.
"""

from datetime import time

from django.db import models
from django.db.models import Q

from people.history import tracked
from people.models import Person
from training.models import Course


@tracked(
    "in_force_from", "answer_working_days", "office_closes_at", "minutes_to_reconsider", "office_opens_at",
    "offer_hours", "offers_stop_hours", "moves_are_free", "late_grace_minutes", "left_early_grace_minutes",
    "changed_at", "changed_by",
)  # fmt: skip
class ChargingPolicy(models.Model):
    """One version, in force from a date until the next one.

    Once a booking was made here under it, neither it nor a tariff of it changes: by trigger.
    """

    in_force_from = models.DateField(unique=True)
    # How long a delegate may answer a proposed charge; 0: no notice, as for imported years.
    answer_working_days = models.PositiveSmallIntegerField(default=0)
    # When the office closes, if cancellations after that hour count as received on the next working day.
    office_closes_at = models.TimeField(null=True, blank=True)
    # How long after taking a place cancelling is free, whatever the notice.
    minutes_to_reconsider = models.PositiveSmallIntegerField(default=60, db_default=60)
    # Offers to the waiting list (bookings/windows.py): for how many working hours they stand while there is time, and
    # how many hours before an event begins the last one ends.
    office_opens_at = models.TimeField(default=time(9), db_default=time(9))
    offer_hours = models.PositiveSmallIntegerField(default=16, db_default=16)
    offers_stop_hours = models.PositiveSmallIntegerField(default=24, db_default=24)
    # Whether moving to another date costs nothing when cancelling would.
    moves_are_free = models.BooleanField(default=False, db_default=False)
    # Who is later than this attended in part; empty: whoever came late attended (bookings/attendance.py).
    late_grace_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    # Who left no earlier than this before the end attended; empty: whoever left early attended in part.
    left_early_grace_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    # When it was last written on a page, and by whom; empty for what a workbook says.
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = "charging policies"
        ordering = ["in_force_from"]

    def __str__(self) -> str:
        return f"policy of {self.in_force_from:%-d %B %Y}"


@tracked("policy", "reason", "duration", "delivery", "notice", "notice_unit", "net_amount", "vat_treatment")
class Tariff(models.Model):
    """What one kind of non-attendance costs under a policy."""

    class Reason(models.TextChoices):
        DID_NOT_ATTEND = "did-not-attend", "Did not attend"
        CANCELLED_LATE = "cancelled-late", "Cancelled late"
        PART_ATTENDED = "part-attended", "Part attended"

    class NoticeUnit(models.TextChoices):
        WORKING_DAYS = "working-days", "Working days"
        WEEKDAYS = "weekdays", "Monday to Friday"
        CALENDAR_DAYS = "calendar-days", "Calendar days"
        HOURS = "hours", "Hours"

    class VatTreatment(models.TextChoices):
        OUTSIDE_SCOPE = "outside-scope", "Outside the scope"
        EXEMPT = "exempt", "Exempt"
        ZERO = "zero", "Zero"
        STANDARD = "standard", "Standard"

    policy = models.ForeignKey(ChargingPolicy, on_delete=models.PROTECT, related_name="tariffs")
    reason = models.CharField(max_length=20, choices=Reason)
    duration = models.CharField(max_length=20, choices=Course.Duration)
    delivery = models.CharField(max_length=20, choices=Course.Delivery)
    # Less notice than this is late; only for late cancellations, and there may be steps (under 28 days, under 14).
    notice = models.PositiveSmallIntegerField(null=True, blank=True)
    notice_unit = models.CharField(max_length=20, choices=NoticeUnit, blank=True)
    net_amount = models.DecimalField(max_digits=9, decimal_places=2)
    vat_treatment = models.CharField(max_length=20, choices=VatTreatment)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "reason", "duration", "delivery", "notice", "notice_unit"],
                nulls_distinct=False,
                name="tariff_is_stated_once",
            ),
            models.CheckConstraint(condition=Q(net_amount__gte=0), name="tariff_is_not_negative"),
            models.CheckConstraint(
                condition=Q(reason__in=["did-not-attend", "cancelled-late", "part-attended"]),
                name="tariff_reason_is_known",
            ),
            models.CheckConstraint(condition=Q(duration__in=Course.Duration.values), name="tariff_duration_is_known"),
            models.CheckConstraint(condition=Q(delivery__in=Course.Delivery.values), name="tariff_delivery_is_known"),
            models.CheckConstraint(
                condition=Q(notice_unit__in=["", "working-days", "weekdays", "calendar-days", "hours"]),
                name="tariff_notice_unit_is_known",
            ),
            models.CheckConstraint(
                condition=Q(vat_treatment__in=["outside-scope", "exempt", "zero", "standard"]),
                name="tariff_vat_treatment_is_known",
            ),
            models.CheckConstraint(
                # Said twice, as "null > 0" is neither true nor false, and so would pass.
                condition=Q(reason="cancelled-late", notice__isnull=False, notice__gt=0) & ~Q(notice_unit="")
                | ~Q(reason="cancelled-late") & Q(notice=None, notice_unit=""),
                name="tariff_has_notice_exactly_when_for_late_cancellation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}, {self.get_duration_display()}: £{self.net_amount}"


@tracked("name", "evidence", "working_days_to_tell", "is_retired")
class ExemptionReason(models.Model):
    """A reason for which non-attendance is not charged."""

    name = models.CharField(max_length=100, unique=True)
    # What has to be seen, in words; empty: one's word is enough.
    evidence = models.CharField(max_length=200, blank=True, db_default="")
    # How many working days after the event it may still be told; empty: at any time.
    working_days_to_tell = models.PositiveSmallIntegerField(null=True, blank=True)
    # Whether it is offered no more; what it exempted stays exempt.
    is_retired = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked("day", "name")
class ClosingDay(models.Model):
    """A day that is no working day: a bank holiday of the partnership's nation, or a day the office is shut."""

    day = models.DateField(unique=True)
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.name}, {self.day:%-d %B %Y}"

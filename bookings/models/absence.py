"""Why delegates did not come: perhaps about health, so apart from the booking, and in no history."""

from django.db import models
from django.db.models import Q

from bookings.models.booking import Booking
from bookings.models.policy import ExemptionReason
from people.models import Person


class AbsenceReasonQuerySet(models.QuerySet["AbsenceReason"]):
    def exempt(self) -> "AbsenceReasonQuerySet":
        """Those for which nothing is charged."""
        return self.filter(exemption__isnull=False, lacks="")


class AbsenceReason(models.Model):
    """Why a delegate did not come or cancelled: coordinators only."""

    class Lacks(models.TextChoices):
        TOLD_IN_TIME = "told-in-time", "It was told too late"
        EVIDENCE = "evidence", "What has to be seen was not seen"

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="absence_reason")
    # In words. Empty where an exemption says it all; from a workbook never, unless retention emptied it.
    reason = models.CharField(max_length=200, blank=True)
    # Set where the reason is one of the policy's exemptions.
    exemption = models.ForeignKey(ExemptionReason, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Why it is charged all the same, by what the exemption asked for when it was noted.
    lacks = models.CharField(max_length=20, choices=Lacks, blank=True, db_default="")
    # How it came here: empty where a workbook says it.
    told_on = models.DateField(null=True, blank=True)
    told_how = models.CharField(max_length=100, blank=True, db_default="")
    evidence_seen = models.BooleanField(default=False, db_default=False)
    noted_at = models.DateTimeField(null=True, blank=True)
    noted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = AbsenceReasonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lacks="") | Q(lacks__in=["told-in-time", "evidence"], exemption__isnull=False),
                name="absence_reason_lacks_only_what_an_exemption_asks",
            ),
            models.CheckConstraint(
                condition=Q(noted_at=None, noted_by=None, told_on=None, told_how="", evidence_seen=False, lacks="")
                | Q(noted_at__isnull=False, noted_by__isnull=False, told_on__isnull=False),
                name="absence_reason_noted_says_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking}"

    @property
    def says_something(self) -> bool:
        """Not so where it was taken out, or retention emptied it."""
        return bool(self.reason or self.exemption_id)

    @property
    def is_exempt(self) -> bool:
        """As exempt() on the queryset."""
        return self.exemption_id is not None and not self.lacks

"""Approvals: bookings that somebody else decides about, and the deputies of who decides."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from bookings.models.booking import Booking
from people.models import Person
from people.permissions import Right, may
from people.references import new_reference

# Who is asked when neither somebody nor an address is.
NOBODY_BY_NAME = "the agency’s training lead or the training team"


class DeputyQuerySet(models.QuerySet["Deputy"]):
    def standing(self) -> "DeputyQuerySet":
        """Not taken back, and not over: today's, and those to come."""
        return self.filter(revoked_at=None, ends_on__gte=timezone.localdate())

    def in_force(self) -> "DeputyQuerySet":
        """Who decides today in somebody's place, while both work for the same agency."""
        return self.standing().filter(
            starts_on__lte=timezone.localdate(),
            deputy__left_on=None,
            manager__left_on=None,
            deputy__agency=F("manager__agency"),
        )


class Deputy(models.Model):
    """Somebody who decides about requests in a line manager's place between two days. It ends by itself."""

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    manager = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="deputies")
    deputy = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="deputises")
    starts_on = models.DateField()
    ends_on = models.DateField()
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = DeputyQuerySet.as_manager()

    class Meta:
        # That a manager has one at a time is in migration 0011: Django knows no such constraint without an extension.
        constraints = [
            models.CheckConstraint(condition=~Q(deputy=F("manager")), name="deputy_is_somebody_else"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="deputy_ends_after_the_start"),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} for {self.manager}"


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def undecided(self) -> "ApprovalQuerySet":
        """Those past their end among them: of these only the job may make something."""
        return self.filter(decided_at=None)

    def to_lapse(self, now: datetime) -> "ApprovalQuerySet":
        return self.undecided().filter(ends_at__lte=now)

    def stuck(self, now: datetime) -> "ApprovalQuerySet":
        """Asked so long ago that somebody was reminded, and still not decided."""
        return self.undecided().filter(remind_at__lte=now)

    def to_remind(self, now: datetime) -> "ApprovalQuerySet":
        """Those for which one of the two moments has come since somebody was last reminded."""
        due = Q(remind_at__lte=now) & (Q(reminded_at=None) | Q(reminded_at__lt=F("remind_at")))
        again = Q(remind_again_at__lte=now) & (Q(reminded_at=None) | Q(reminded_at__lt=F("remind_again_at")))
        return self.undecided().filter(due | again, ends_at__gt=now)

    def visible_to(self, person: Person) -> "ApprovalQuerySet":
        """Those that the person may decide about; nobody decides about their own.

        All to a coordinator; else those of one's staff, those that were sent to one, both also as a deputy today, and
        those of the agencies that one leads.
        """
        others = self.exclude(booking__delegate=person)
        if may(person, Right.CHANGE_BOOKINGS):
            return others
        managers = Deputy.objects.in_force().filter(deputy=person).values("manager")
        return others.filter(
            Q(asked=person)
            | Q(booking__delegate__line_manager=person)
            | Q(asked__in=managers)
            | Q(booking__delegate__line_manager__in=managers)
            | Q(booking__agency__in=person.led_agencies)
        )


class Approval(models.Model):
    """A request for a place that somebody decides about until a moment. What is decided stays as it is.

    A booking is "requested" exactly while it has one that is undecided; a trigger ends it with its booking's state.
    """

    class Decision(models.TextChoices):
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"
        LAPSED = "lapsed", "Not answered in time"
        WITHDRAWN = "withdrawn", "Withdrawn"

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="approvals")
    # Whom it was sent to: somebody, or an address whose owner is not known here. Neither: the agency's training leads,
    # and where it has none the coordinators.
    asked = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    email = models.EmailField(blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    # When who was asked is reminded by the job, and when once more.
    remind_at = models.DateTimeField()
    remind_again_at = models.DateTimeField(null=True, blank=True)
    # When they were last reminded, by the job or by the delegate.
    reminded_at = models.DateTimeField(null=True, blank=True)

    decided_at = models.DateTimeField(null=True, blank=True)
    # Null also where whoever reads an address decided by the link that was sent there.
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Null, not an empty word, while it is undecided.
    decision = models.CharField(max_length=10, choices=Decision, null=True, blank=True)  # noqa: DJ001
    # In the words of who declined: the delegate is told them.
    reason = models.CharField(max_length=500, blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["ends_at"], condition=Q(decided_at=None), name="approval_to_lapse")]
        constraints = [
            models.UniqueConstraint(
                fields=["booking"], condition=Q(decided_at=None), name="approval_is_one_undecided_a_booking"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decision=None, decided_by=None, reason="")
                # Said twice, as "null in (…)" is neither true nor false, and so would pass.
                | Q(decided_at__isnull=False, decision__isnull=False)
                & Q(decision__in=["approved", "declined", "lapsed", "withdrawn"]),
                name="approval_decided_says_how",
            ),
            models.CheckConstraint(
                condition=Q(decision=None)
                | Q(decision__in=["lapsed", "withdrawn"])
                | Q(decided_by__isnull=False)
                | ~Q(email=""),
                name="approval_says_who_decided",
            ),
            models.CheckConstraint(
                condition=Q(reason="") | Q(decision__isnull=False, decision="declined"),
                name="approval_has_a_reason_only_when_declined",
            ),
            models.CheckConstraint(
                condition=Q(asked=None) | Q(email=""), name="approval_is_asked_of_a_person_or_an_address"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("asked_at")), name="approval_ends_after_it_is_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.booking}: {self.get_decision_display() or 'undecided'}"

    @property
    def whom(self) -> str:
        """Who is asked, in words; reads them."""
        if self.asked:
            return self.asked.name
        return self.email or NOBODY_BY_NAME

"""Joining: whose addresses end how, who asked to be let in and what came of it, and whom agencies invited."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from people.models.account import Account
from people.models.agency import Agency
from people.models.person import Person, StaffGroup
from people.references import new_reference

if TYPE_CHECKING:
    from datetime import datetime


class AgencyDomain(models.Model):
    """What the addresses of an agency's people end in. Several agencies may share one (people/domains.py)."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=253)

    class Meta:
        ordering = ["domain"]
        constraints = [
            models.UniqueConstraint(fields=["domain", "agency"], name="agency_domain_is_said_once"),
            models.CheckConstraint(condition=Q(domain=Lower("domain")), name="agency_domain_is_in_lower_case"),
        ]

    def __str__(self) -> str:
        return self.domain


class JoiningQuerySet(models.QuerySet["Joining"]):
    def waiting(self) -> "JoiningQuerySet":
        return self.filter(decided_at=None)

    def visible_to(self, person: "Person") -> "JoiningQuerySet":
        """All to who keeps the list of people; to others none."""
        from people.permissions import Right, may  # which is about persons, and so imports this

        return self if may(person, Right.CHANGE_PEOPLE) else self.none()


class Joining(models.Model):
    """What somebody said who joined, or asks to: their address has been shown to be theirs, and nothing else has."""

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="joinings")
    name = models.CharField(max_length=200)
    staff_group = models.ForeignKey(StaffGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # One of ours, or what they call it.
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agency_name = models.CharField(max_length=200, blank=True)
    line_manager_email = models.EmailField(blank=True)
    # The page they came for: the message that says that they are in leads there.
    wanted = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    # Empty where their address or an invitation decided.
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Whom they became.
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="joinings")
    # Why not, in the words that they were told.
    reason = models.CharField(max_length=500, blank=True)

    objects = JoiningQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agency__isnull=False) | ~Q(agency_name=""), name="joining_names_an_agency"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, person=None, reason="")
                | Q(decided_at__isnull=False, person__isnull=False, reason="")
                | Q(decided_at__isnull=False, person=None, decided_by__isnull=False) & ~Q(reason=""),
                name="joining_waits_or_made_a_person_or_was_declined_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(line_manager_email=Lower("line_manager_email")),
                name="joining_line_manager_email_is_in_lower_case",
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(decided_at=None), name="joining_waits_once_an_account"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_waiting(self) -> bool:
        return self.decided_at is None


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def unanswered(self) -> "InvitationQuerySet":
        """Neither accepted nor withdrawn; some may have ended."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def open(self) -> "InvitationQuerySet":
        """Those that can be accepted now."""
        return self.unanswered().filter(ends_at__gt=timezone.now())

    def visible_to(self, person: "Person") -> "InvitationQuerySet":
        """All to who keeps the list of people; to an agency lead their agency's; to others none."""
        from people.permissions import Right, may  # which is about persons, and so imports this

        return self if may(person, Right.CHANGE_PEOPLE) else self.filter(agency__in=person.led_agencies)


class Invitation(models.Model):
    """An agency's word that whoever reads this address belongs to it."""

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="invitations")
    name = models.CharField(max_length=200)
    email = models.EmailField()
    staff_group = models.ForeignKey(StaffGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now, editable=False)
    sent = models.PositiveSmallIntegerField("times sent", default=1)
    ends_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")) & ~Q(email=""), name="invitation_has_an_address_in_lower_case"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("invited_at")), name="invitation_ends_after_it_is_made"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, person=None)
                | Q(accepted_at__isnull=False, person__isnull=False, withdrawn_at=None),
                name="invitation_is_accepted_by_a_person_and_not_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="invitation_is_withdrawn_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["agency", "email", "name"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_is_made_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open(self, now: "datetime") -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and self.ends_at > now

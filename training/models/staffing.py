"""Who gives an event: trainers who are asked whether they can, and those who offer to."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from people.models import Person
from people.references import new_reference
from training.models.event import Event
from training.models.venue import Trainer

LONGEST = 200


class TrainerInvitationQuerySet(models.QuerySet["TrainerInvitation"]):
    def unanswered(self) -> "TrainerInvitationQuerySet":
        """Those that wait for the trainer, of events that are to come."""
        coming = ~Q(event__state__in=[Event.State.CANCELLED, Event.State.ABANDONED])
        return self.filter(coming, state=TrainerInvitation.State.ASKED, event__starts_at__gt=timezone.now())


class TrainerInvitation(models.Model):
    """A trainer of an event who was asked whether they can. Who is on it and never was has agreed by word of mouth."""

    class State(models.TextChoices):
        ASKED = "asked", "Asked"
        ACCEPTED = "accepted", "Agreed"
        DECLINED = "declined", "Declined"
        # They were taken off, by trigger, whoever did it.
        WITHDRAWN = "withdrawn", "Not needed any more"

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="trainer_invitations")
    trainer = models.ForeignKey(Trainer, on_delete=models.PROTECT, related_name="invitations")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reminded_at = models.DateTimeField(null=True, blank=True)
    # When it ended, and who said so: the trainer, or a coordinator whom they told. Nobody where it was withdrawn.
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=LONGEST, blank=True, db_default="")

    objects = TrainerInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "trainer"],
                condition=Q(state__in=["asked", "accepted"]),
                name="trainer_is_invited_once_to_an_event",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "accepted", "declined", "withdrawn"]),
                name="trainer_invitation_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at=None, answered_by=None)
                | Q(state__in=["accepted", "declined"], answered_at__isnull=False, answered_by__isnull=False)
                | Q(state="withdrawn", answered_at__isnull=False),
                name="trainer_invitation_says_who_answered_and_when",
            ),
            models.CheckConstraint(
                condition=Q(reason="") | Q(state="declined"), name="trainer_invitation_has_a_reason_only_when_declined"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trainer} for {self.event}"


class VolunteerQuerySet(models.QuerySet["Volunteer"]):
    def open(self) -> "VolunteerQuerySet":
        """Those whom nobody has answered yet, for events that are to come."""
        coming = ~Q(event__state__in=[Event.State.CANCELLED, Event.State.ABANDONED])
        return self.filter(coming, state=Volunteer.State.OPEN, event__starts_at__gt=timezone.now())


class Volunteer(models.Model):
    """A trainer who offers to give an event that needs one."""

    class State(models.TextChoices):
        OPEN = "open", "Offers to give it"
        TAKEN = "taken", "Taken"
        THANKED = "thanked", "Thanked, not needed"
        WITHDRAWN = "withdrawn", "Taken back"

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="volunteers")
    trainer = models.ForeignKey(Trainer, on_delete=models.PROTECT, related_name="offers")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    offered_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        ordering = ["offered_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "trainer"], condition=Q(state="open"), name="trainer_volunteers_once_for_an_event"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "taken", "thanked", "withdrawn"]), name="volunteer_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None, answered_by=None)
                | (~Q(state="open") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="volunteer_says_who_answered_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trainer} for {self.event}"


class TrainerChange(models.Model):
    """That what a trainer gives of an event changed. Written by trigger, whoever changes it; all that is changed until
    it is told is one change."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="trainer_changes")
    trainer = models.ForeignKey(Trainer, on_delete=models.CASCADE, related_name="changes")
    # The sessions that they gave before, as training_given_by(event, trainer) in migration 0014 has them.
    was = models.JSONField()
    # When the latest part of it was made.
    changed_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "trainer"],
                condition=Q(told_at=None),
                name="trainer_has_one_change_of_an_event_that_is_not_told",
            )
        ]

    def __str__(self) -> str:
        return f"{self.trainer} for {self.event}, changed {timezone.localtime(self.changed_at):%-d %B %Y %H:%M}"

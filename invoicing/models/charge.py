"""Charges: sums proposed under a policy for bookings that were not used."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from bookings.models import Booking, Tariff
from people.history import tracked
from people.models import Person
from people.permissions import Right, may
from people.references import new_reference
from training.models import Event


class ChargeQuerySet(models.QuerySet["Charge"]):
    def visible_to(self, person: Person) -> "ChargeQuerySet":
        """All to finance and coordinators; else one's own, one's staff's, and one's agency's as its lead."""
        if may(person, Right.SEE_CHARGES):
            return self
        return self.filter(
            Q(booking__delegate=person)
            | Q(booking__delegate__line_manager=person)
            | Q(booking__agency__in=person.led_agencies)
        )

    def to_decide(self) -> "ChargeQuerySet":
        """Proposed or disputed: finance has yet to confirm or waive them."""
        return self.filter(state__in=[Charge.State.PROPOSED, Charge.State.DISPUTED])

    def to_invoice_or_decide(self) -> "ChargeQuerySet":
        """Those to decide and the confirmed ones: neither invoiced nor waived."""
        return self.filter(state__in=Charge.OPEN)

    def owed(self) -> "ChargeQuerySet":
        """Whose booking still has the outcome that is charged: not so while its register is open again."""
        return self.filter(booking__outcome=F("reason"), booking__event__state=Event.State.PUBLISHED)

    def settled(self) -> "ChargeQuerySet":
        """Invoiced, waived by a person, or credited though owed: no job proposes them any more.

        One that was credited since the registers said otherwise is proposed anew should they say it again.
        """
        waived = Q(state=Charge.State.WAIVED, decided_by__isnull=False)
        let_off = Q(state=Charge.State.CREDITED) & ~Q(line__credit_note__ground=Charge.Waiver.MISTAKE)
        return self.filter(Q(state=Charge.State.INVOICED) | waived | let_off)

    def unsettled(self) -> "ChargeQuerySet":
        """What follows the registers until it is invoiced, or a person waives it."""
        waived_by_a_job = Q(state=Charge.State.WAIVED, decided_by=None)
        return self.filter(Q(state__in=Charge.OPEN) | waived_by_a_job)


@tracked(
    "booking",
    "reason",
    "tariff",
    "net_amount",
    "vat_amount",
    "state",
    "waiver",
    "answer_by",
    "dispute",
    "disputed_by",
    "decided_at",
    "decided_by",
)
class Charge(models.Model):
    """One sum for one booking: proposed, then confirmed, waived or disputed, then invoiced."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        DISPUTED = "disputed", "Disputed"
        CONFIRMED = "confirmed", "Confirmed"
        WAIVED = "waived", "Waived"
        INVOICED = "invoiced", "Invoiced"
        CREDITED = "credited", "Credited"

    OPEN = (State.PROPOSED, State.DISPUTED, State.CONFIRMED)

    class Waiver(models.TextChoices):
        EXEMPT = "exempt", "Exempt reason"
        DISCRETION = "discretion", "At discretion"
        MISTAKE = "mistake", "Recorded in error"

    class Dispute(models.TextChoices):
        WAS_THERE = "was-there", "Was there"
        SUBSTITUTE_CAME = "substitute-came", "A colleague came instead"
        EXEMPT_REASON = "exempt-reason", "Has an exempt reason"
        OTHER = "other", "Something else"

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="charges")
    reason = models.CharField(max_length=20, choices=Tariff.Reason)
    tariff = models.ForeignKey(Tariff, on_delete=models.PROTECT, related_name="charges")
    net_amount = models.DecimalField(max_digits=9, decimal_places=2)
    vat_amount = models.DecimalField(max_digits=9, decimal_places=2, default=0)
    # In words: "Cancelled 1 working day before the event (policy of 1 April 2018 asks for 5): £75."
    explanation = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    # The last day on which the delegate may answer; empty where the policy gives no notice.
    answer_by = models.DateField(null=True, blank=True)
    # What was answered and by whom; kept after the decision. What is wrong in detail is said to the coordinator.
    dispute = models.CharField(max_length=20, choices=Dispute, blank=True)
    disputed_at = models.DateTimeField(null=True, blank=True)
    disputed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Who decided where no person did: "command line", "policy", "register reopened", "record corrected".
    decided_via = models.CharField(max_length=40, blank=True)
    waiver = models.CharField(max_length=20, choices=Waiver, blank=True)
    waiver_note = models.CharField(max_length=300, blank=True)

    objects = ChargeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="charge_by_state")]
        constraints = [
            models.UniqueConstraint(
                # One that was credited may be owed again: a register is opened a second time.
                fields=["booking", "reason"],
                condition=~Q(state="credited"),
                name="charge_is_proposed_once_per_booking_and_reason",
            ),
            models.CheckConstraint(condition=Q(net_amount__gte=0, vat_amount__gte=0), name="charge_is_not_negative"),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "disputed", "confirmed", "waived", "invoiced", "credited"]),
                name="charge_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "disputed"], decided_at=None)
                | ~Q(state__in=["proposed", "disputed"])
                & Q(decided_at__isnull=False)
                & (Q(decided_by__isnull=False) | ~Q(decided_via="")),
                name="charge_decided_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["did-not-attend", "cancelled-late", "part-attended"]),
                name="charge_reason_is_known",
            ),
            models.CheckConstraint(
                condition=Q(waiver__in=["", "exempt", "discretion", "mistake"]), name="charge_waiver_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="waived") & ~Q(waiver="") | ~Q(state="waived") & Q(waiver=""),
                name="charge_waived_says_why",
            ),
            models.CheckConstraint(
                condition=Q(dispute="", disputed_at=None, disputed_by=None) & ~Q(state="disputed")
                | Q(dispute__in=["was-there", "substitute-came", "exempt-reason", "other"])
                & Q(disputed_at__isnull=False, disputed_by__isnull=False),
                name="charge_disputed_says_what_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def is_owed(self) -> bool:
        """As owed() on the queryset; reads the booking and its event."""
        return self.booking.outcome == self.reason and self.booking.event.state == Event.State.PUBLISHED

    def is_awaiting_answer(self, today: date) -> bool:
        """Whether it is proposed and the delegate may still answer."""
        return self.state == Charge.State.PROPOSED and self.answer_by is not None and self.answer_by >= today

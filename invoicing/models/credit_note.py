"""Credit notes: documents that take back one line of an issued invoice, which stays as it was."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import timezone

from invoicing.models.charge import Charge
from invoicing.models.invoice import Invoice, InvoiceLine
from people.models import Person


class CreditNoteQuerySet(models.QuerySet["CreditNote"]):
    def visible_to(self, person: Person) -> "CreditNoteQuerySet":
        """Whose invoice the person may see."""
        return self.filter(line__invoice__in=Invoice.objects.visible_to(person))


class CreditNote(models.Model):
    """Takes a line back as a whole; numbered without gaps in a series of its own, and never changed.

    Its sums and parties are those of the line and its invoice, which never change either.
    """

    line = models.OneToOneField(InvoiceLine, on_delete=models.PROTECT, related_name="credit_note")
    # As for a charge that is waived; "mistake" where the registers say that nothing was owed.
    ground = models.CharField(max_length=20, choices=Charge.Waiver)
    # Said on the document, which is kept for six years: nothing about anybody's health, and no names.
    reason = models.CharField(max_length=300)
    series = models.CharField(max_length=10)
    financial_year = models.CharField("financial year of issue", max_length=7)
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=30, unique=True)
    issued_at = models.DateTimeField(default=timezone.now)
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = CreditNoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "financial_year", "number"], name="credit_note_number_is_used_once"
            ),
            models.CheckConstraint(
                condition=Q(ground__in=["exempt", "discretion", "mistake"]), name="credit_note_ground_is_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="credit_note_says_why"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def gross_amount(self) -> Decimal:
        """Reads the line."""
        return self.line.gross_amount

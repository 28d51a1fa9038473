"""Invoices: legal documents with gapless numbers, never changed once issued (the database refuses)."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from bookings.models import Tariff
from invoicing.models.charge import Charge
from people.models import Agency, Person
from people.permissions import Right, may


class NumberSeries(models.Model):
    """The last number used, per series and financial year. Its row is locked last, by whoever issues."""

    series = models.CharField(max_length=10)
    financial_year = models.CharField(max_length=7)
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "number series"
        constraints = [models.UniqueConstraint(fields=["series", "financial_year"], name="number_series_is_kept_once")]

    def __str__(self) -> str:
        return f"{self.series} {self.financial_year}: {self.last_number}"


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def issued(self) -> "InvoiceQuerySet":
        return self.filter(state=Invoice.State.ISSUED)

    def visible_to(self, person: Person) -> "InvoiceQuerySet":
        """All to finance and coordinators; else the issued ones to one's agency as its lead."""
        if may(person, Right.SEE_INVOICES):
            return self
        return self.filter(state=Invoice.State.ISSUED, payer__in=person.led_agencies)


class Invoice(models.Model):
    """One or more charges to one payer, for the events of one month."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        ISSUED = "issued", "Issued"

    payer = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="invoices")
    # First day of the month in which the events' last sessions were.
    month = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)

    # Fixed at issue:
    series = models.CharField(max_length=10, default="INV")
    financial_year = models.CharField("financial year of issue", max_length=7, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    reference = models.CharField(max_length=30, unique=True, null=True, blank=True)  # drafts have none
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Who issued where no person did: "command line".
    issued_via = models.CharField(max_length=40, blank=True)
    due_on = models.DateField(null=True, blank=True)
    net_amount = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    vat_amount = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    # The parties as they were: {"seller": {...}, "payer": {...}, "purchase_order": "..."}.
    parties = models.JSONField(default=dict, blank=True)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["payer", "month"], name="invoice_by_payer_and_month")]
        constraints = [
            models.UniqueConstraint(fields=["series", "financial_year", "number"], name="invoice_number_is_used_once"),
            models.UniqueConstraint(
                fields=["payer", "month"], condition=Q(state="draft"), name="invoice_draft_is_one_per_payer_and_month"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", number=None, reference=None, issued_at=None)
                | Q(state="issued", number__isnull=False, number__gt=0)  # > 0 alone lets no number pass
                & Q(reference__isnull=False, issued_at__isnull=False, due_on__isnull=False)
                & (Q(issued_by__isnull=False) | ~Q(issued_via="")),
                name="invoice_is_numbered_exactly_when_issued",
            ),
            models.CheckConstraint(condition=Q(net_amount__gte=0, vat_amount__gte=0), name="invoice_is_not_negative"),
            models.CheckConstraint(condition=Q(month__day=1), name="invoice_month_is_a_first_day"),
        ]

    def __str__(self) -> str:
        return self.reference or f"Draft to {self.payer}, {self.month:%B %Y}"

    @property
    def gross_amount(self) -> Decimal:
        return self.net_amount + self.vat_amount


class InvoiceLine(models.Model):
    """One charge on an invoice, described without the delegate's name so that a person can be erased and this kept."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    charge = models.OneToOneField(Charge, on_delete=models.PROTECT, related_name="line")
    booking_reference = models.CharField(max_length=12)
    course = models.CharField(max_length=200)
    event_reference = models.CharField(max_length=20)
    event_on = models.DateField()
    reason = models.CharField(max_length=300)
    net_amount = models.DecimalField(max_digits=9, decimal_places=2)
    vat_treatment = models.CharField(max_length=20, choices=Tariff.VatTreatment)
    vat_rate = models.DecimalField("VAT rate in per cent", max_digits=5, decimal_places=2, default=0)
    vat_amount = models.DecimalField(max_digits=9, decimal_places=2, default=0)

    class Meta:
        ordering = ["event_on", "booking_reference"]
        constraints = [
            models.CheckConstraint(
                condition=Q(net_amount__gte=0, vat_amount__gte=0), name="invoice_line_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(vat_treatment__in=["outside-scope", "exempt", "zero"], vat_rate=0, vat_amount=0)
                | Q(vat_treatment="standard", vat_rate__gt=0),
                name="invoice_line_carries_vat_exactly_when_standard",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course}, {self.event_on:%-d %B %Y}: {self.reason}"

    @property
    def gross_amount(self) -> Decimal:
        return self.net_amount + self.vat_amount

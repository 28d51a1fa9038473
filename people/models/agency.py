"""Agencies: the organisations that make up the partnership or send delegates."""

from django.db import models
from django.db.models import Q

from people.names import match_key
from people.references import new_reference


class Agency(models.Model):
    """An organisation that sends delegates; charges go to its payer."""

    class Type(models.TextChoices):
        LOCAL_AUTHORITY = "local-authority", "Local authority"
        CHILDRENS_SOCIAL_CARE = "childrens-social-care", "Children's social care"
        POLICE = "police", "Police"
        HEALTH_COMMISSIONER = "health-commissioner", "Health commissioner"
        NHS_PROVIDER = "nhs-provider", "NHS provider"
        PROBATION = "probation", "Probation"
        EDUCATION = "education", "Education"
        EARLY_YEARS = "early-years", "Early years"
        VOLUNTARY = "voluntary", "Voluntary and community"
        PRIVATE = "private", "Private"
        OTHER = "other", "Other"

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    name = models.CharField(max_length=200, unique=True)
    short_name = models.CharField(max_length=40, blank=True)
    type = models.CharField(max_length=30, choices=Type)
    is_statutory_partner = models.BooleanField(default=False)
    # Who pays its charges: itself, a parent or successor, or (empty) nobody, and then the invoice run asks.
    payer = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="pays_for")
    invoice_email = models.EmailField(blank=True)
    invoice_address = models.TextField(blank=True)
    needs_purchase_order = models.BooleanField(default=False)
    purchase_order = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name_plural = "agencies"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    type__in=[
                        "local-authority", "childrens-social-care", "police", "health-commissioner", "nhs-provider",
                        "probation", "education", "early-years", "voluntary", "private", "other",
                    ]
                ),
                name="agency_type_is_known",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class AgencyName(models.Model):
    """A name under which an agency is known in workbooks and on forms: its own, its short one, and the others."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    # names.match_key(name): two agencies never share a name, whatever its case or punctuation.
    key = models.CharField(max_length=200, unique=True, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="agency_name_has_letters_or_digits")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:  # type: ignore[no-untyped-def]  # Django's own signature
        self.key = match_key(self.name)
        super().save(*args, **kwargs)

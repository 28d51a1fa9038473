"""The partnership that runs this training desk: one row."""

from django.db import models


class Partnership(models.Model):
    """Who issues the invoices and whose name stands on the pages. There is one row, with id 1."""

    class Nation(models.TextChoices):
        ENGLAND_AND_WALES = "england-and-wales", "England and Wales"
        SCOTLAND = "scotland", "Scotland"
        NORTHERN_IRELAND = "northern-ireland", "Northern Ireland"

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=40, blank=True)
    # Whose bank holidays are no working days.
    nation = models.CharField(max_length=20, choices=Nation, default=Nation.ENGLAND_AND_WALES)
    invoice_address = models.TextField(blank=True)
    training_email = models.EmailField(blank=True)
    vat_number = models.CharField(max_length=20, blank=True)
    # Printed on invoices: the bank account, or whom to ask.
    payment_details = models.TextField("how to pay", blank=True)
    payment_terms_days = models.PositiveSmallIntegerField(default=30)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="there_is_one_partnership"),
            models.CheckConstraint(
                condition=models.Q(nation__in=["england-and-wales", "scotland", "northern-ireland"]),
                name="partnership_nation_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

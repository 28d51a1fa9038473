"""Exports: the record of each file that somebody took out of the program, and the large ones while they are kept."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from people.models.person import Person


class Format(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"
    JSON = "json", "JSON"
    PDF = "pdf", "PDF"


class Export(models.Model):
    """Who took which list out, cut by what, when. It is only ever added to (the database refuses changes)."""

    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="exports")
    at = models.DateTimeField(default=timezone.now, editable=False)
    # The list's name, such as "charges", and the file's format.
    what = models.CharField(max_length=100)
    file_format = models.CharField("format", max_length=4, choices=Format)
    # The list's address with its filter. What was typed to search by may be a name: it is left out.
    asked = models.CharField(max_length=500)
    rows = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["-at", "-id"], name="export_by_time")]
        constraints = [
            models.CheckConstraint(condition=Q(file_format__in=Format.values), name="export_format_is_known")
        ]

    def __str__(self) -> str:
        return f"{self.what} ({self.file_format}), {self.rows} rows"


class ExportFile(models.Model):
    """A file that is made in the background for the one who asked, and deleted after some days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    what = models.CharField(max_length=100)
    file_format = models.CharField("format", max_length=4, choices=[(Format.CSV, "CSV"), (Format.XLSX, "XLSX")])
    # The download's whole address: the job asks it again. It goes with the row.
    address = models.TextField()
    # What the person might do when they asked: a file is not handed out to who may no longer see what is in it.
    standing = models.TextField()
    # In the storage; empty until it is made.
    name = models.CharField(max_length=200, blank=True)
    rows = models.PositiveIntegerField(null=True)
    size = models.PositiveBigIntegerField("bytes", null=True)
    made_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(name="", made_at=None) | ~Q(name="") & Q(made_at__isnull=False),
                name="export_file_is_there_exactly_when_made",
            )
        ]

    def __str__(self) -> str:
        return f"{self.what}.{self.file_format}"

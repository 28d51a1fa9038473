"""Reports as they were published: the one thing that reporting writes."""

from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KT
from django.utils import timezone

from people.models import Person
from training.financial_year import FinancialYear

_WHOLE = "figures__this__whole__figures__"


class PublishedReportQuerySet(models.QuerySet["PublishedReport"]):
    def listed(self) -> "PublishedReportQuerySet":
        """The latest year and revision first, each with two of its figures and its publisher, without the others."""
        found = self.annotate(
            delegates=KT(f"{_WHOLE}delegates_attended"),
            utilisation=KT(f"{_WHOLE}utilisation"),
        )
        return found.select_related("published_by").defer("figures", "definitions").order_by("-financial_year", "-pk")

    def last_of(self, *years: FinancialYear) -> "dict[FinancialYear, PublishedReport]":
        """The last revision of each of the years that is published at all; one query."""
        found = self.filter(financial_year__in=[year.code for year in years]).select_related("published_by")
        last = found.order_by("financial_year", F("revision").desc()).distinct("financial_year")
        return {one.year: one for one in last}


class PublishedReport(models.Model):
    """The utilisation report of a financial year as it was on one day. It never changes: docs/decisions/0042.

    freezing.thawed() makes a report of it again. Published once more, it is the next revision, and the former stays.
    """

    financial_year = models.CharField(max_length=7)  # 2018-19
    revision = models.PositiveSmallIntegerField()
    # Why again, read by all who see the report: no names. Of a first one there is nothing to say.
    reason = models.CharField(max_length=300, blank=True)
    counted_at = models.DateTimeField()
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # What freezing.frozen() makes: every figure of every cut. Numbers with decimals are strings: none is rounded.
    figures = models.JSONField()
    # The words of definitions.py at the time, and what tells them from others.
    definitions = models.JSONField()
    definitions_version = models.CharField(max_length=12)

    objects = PublishedReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["financial_year", "revision"], name="report_revision_is_published_once"),
            models.CheckConstraint(
                condition=Q(revision=1, reason="") | (Q(revision__gt=1) & ~Q(reason="")),
                name="report_published_again_says_why",
            ),
            models.CheckConstraint(
                condition=Q(published_at__gte=F("counted_at")), name="report_is_counted_before_it_is_published"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year.label}, revision {self.revision}" if self.revision > 1 else self.year.label

    @property
    def year(self) -> FinancialYear:
        return FinancialYear.parse(self.financial_year)

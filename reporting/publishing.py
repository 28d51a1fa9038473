"""Publishing the report of a financial year: what is checked before, and the row that keeps it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from people.models import Person
from reporting import freezing, truths, utilisation
from reporting.formats import defined
from reporting.models import PublishedReport
from reporting.refusals import DoesNotReconcile, FiguresMoved, NothingDelivered, NothingDiffers, PublishingRefused
from reporting.truths import Finding
from reporting.truths_sql import OF_THE_REPORT
from reporting.utilisation import Report
from training.financial_year import FinancialYear

_AGAIN = "The figures changed while you looked at them, or somebody else published them. Nothing is published yet."


@dataclass(frozen=True, slots=True)
class Prepared:
    """What would be published now, the last one that was, and what does not reconcile."""

    report: Report
    figures: dict[str, Any]
    last: PublishedReport | None
    broken: list[Finding]

    @property
    def seen(self) -> str:
        """Stands for all of it, so that what somebody looked at is told from what has moved since."""
        words = json.dumps(
            [freezing.saying_something(self.figures), freezing.version(), self.last and self.last.pk], sort_keys=True
        )
        return hashlib.sha256(words.encode()).hexdigest()

    @property
    def refusal(self) -> PublishingRefused | None:
        """Why it cannot be published, if so."""
        this, before = self.report.this, self.report.before
        if not any(cut["events_delivered"] for cut in (this.whole, this.conferences, this.e_learning)):
            return NothingDelivered(f"No training was delivered in {this.year} yet, so there is nothing to publish.")
        if self.broken or not (this.adds_up and before.adds_up):
            return DoesNotReconcile(
                "The figures do not reconcile, and what is published stays for good. Have the records put right first."
            )
        if self.last and self._says_the_same(self.last):
            return NothingDiffers(f"Every figure is as in the report that was published last: {self.last}.")
        return None

    def _says_the_same(self, last: PublishedReport) -> bool:
        was, now = freezing.saying_something(last.figures), freezing.saying_something(self.figures)
        return was == now and last.definitions_version == freezing.version()


def prepare(year: FinancialYear, *, now: datetime | None = None) -> Prepared:
    """Count everything, and look for what does not reconcile; five statements."""
    report = utilisation.report(year, now=now)
    last = PublishedReport.objects.last_of(year).get(year)
    return Prepared(report, freezing.frozen(report), last, truths.broken(OF_THE_REPORT))


@transaction.atomic
def publish(*, year: FinancialYear, seen: str, by: Person, reason: str = "") -> PublishedReport:
    """Keep the report of the year as it is now. seen: of what was prepared when by looked; reason: why again.

    Raises PublishingRefused; FiguresMoved where anything is not as it was seen.
    """
    prepared = prepare(year)
    if prepared.refusal:
        raise prepared.refusal
    if prepared.seen != seen:
        raise FiguresMoved(_AGAIN)
    try:
        with transaction.atomic():
            return PublishedReport.objects.create(
                financial_year=year.code,
                revision=prepared.last.revision + 1 if prepared.last else 1,
                reason=reason if prepared.last else "",
                counted_at=prepared.report.counted_at,
                published_by=by,
                figures=prepared.figures,
                definitions=defined(),
                definitions_version=freezing.version(),
            )
    except IntegrityError as error:  # two at once: the revision is the other's
        raise FiguresMoved(_AGAIN) from error

"""Reports that were published."""

from reporting import publishing
from reporting.models import PublishedReport
from tests.factories import PersonFactory
from training.financial_year import FinancialYear


def published(year: str = "2018-19", *, reason: str = "A register was put right.", **facts) -> PublishedReport:
    """The report of the year as it is now, published; again where it was before."""
    wanted = FinancialYear.parse(year)
    seen = publishing.prepare(wanted).seen
    return publishing.publish(year=wanted, seen=seen, by=PersonFactory(), reason=reason, **facts)

"""Which events a set of figures is about: a year, up to a moment, and the whole, a course or an agency of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q

from reporting import release
from reporting.definitions import CutKind
from training.financial_year import FinancialYear
from training.models import Course, Event

APART = (Course.Delivery.CONFERENCE, Course.Delivery.E_LEARNING)
CALLED_OFF = (Event.State.CANCELLED, Event.State.ABANDONED)


@dataclass(frozen=True, slots=True)
class Scope:
    """code: a course's code or an agency's reference. Say when the report was counted, or the rows may be newer."""

    year: FinancialYear
    counted_at: datetime
    kind: CutKind = CutKind.ALL
    code: str = ""

    @property
    def whole(self) -> "Scope":
        return replace(self, kind=CutKind.ALL, code="")

    @property
    def until(self) -> datetime:
        return min(self.year.ends_at, self.counted_at)

    def events(self, path: str = "") -> Q:
        """Condition for the year's events; from a booking path is "event__"."""
        return (
            Q((f"{path}ends_at__gte", self.year.starts_at), (f"{path}ends_at__lt", self.until))
            & ~Q((f"{path}state", Event.State.DRAFT))
            & self._courses(f"{path}course__")
        )

    def bookings(self, path: str = "") -> Q:
        """Condition for their bookings; from a charge path is "booking__"."""
        condition = self.events(f"{path}event__")
        return condition & Q((f"{path}agency__reference", self.code)) if self.kind is CutKind.AGENCY else condition

    def delivered(self, path: str = "") -> Q:
        return Q((f"{path}state", Event.State.PUBLISHED))

    def called_off(self, path: str = "") -> Q:
        return Q((f"{path}state__in", CALLED_OFF))

    def evaluated(self, path: str = "") -> Q:
        """Whose evaluation is closed."""
        return release.closed(self.counted_at, path)

    def _courses(self, path: str) -> Q:
        if self.kind is CutKind.CONFERENCES:
            return Q((f"{path}delivery", Course.Delivery.CONFERENCE))
        if self.kind is CutKind.E_LEARNING:
            return Q((f"{path}delivery", Course.Delivery.E_LEARNING))
        training = ~Q((f"{path}delivery__in", APART))
        return training & Q((f"{path}code", self.code)) if self.kind is CutKind.COURSE else training

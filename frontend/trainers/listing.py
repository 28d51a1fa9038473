"""Trainers as rows, their dates, and how much of their time each agency gives."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from training.financial_year import FinancialYear
from training.models import Absence, Event, SessionTrainer, Trainer


def trainers(now: datetime) -> QuerySet[Any]:
    """Each with the person, how many courses they may deliver, and their next date; those last who have ended."""
    coming = SessionTrainer.objects.filter(
        trainer=OuterRef("pk"), is_cancelled=False, starts_at__gt=now, session__event__state=Event.State.PUBLISHED
    )
    return (
        Trainer.objects.select_related("person__agency")
        .annotate(
            courses=Count("clearances"),
            next_at=Subquery(coming.order_by().values("trainer").annotate(first=Min("starts_at")).values("first")),
        )
        .order_by("is_retired", "name")
    )


def dates(trainer: Trainer) -> QuerySet[SessionTrainer]:
    """What they give and gave, with session and event."""
    return (
        SessionTrainer.objects.filter(trainer=trainer, is_cancelled=False)
        .select_related("session__event__course", "session__room__venue")
        .order_by("starts_at", "pk")
    )


def away(trainer: Trainer) -> QuerySet[Absence]:
    """Days to come on which they cannot train."""
    return trainer.absences.filter(last_on__gte=timezone.localdate())


@dataclass(frozen=True, slots=True)
class Given:
    """What an agency gave of its people's time."""

    agency: str
    trainers: int
    sessions: int
    time: timedelta

    @property
    def hours(self) -> float:
        return self.time / timedelta(hours=1)


def given(year: FinancialYear, now: datetime) -> Iterator[Given]:
    """Trainer time by agency, of sessions that were held. The agency of who is no person here is not known."""
    rows = (
        SessionTrainer.objects.filter(
            year.holds("session__event__ends_at"),
            is_cancelled=False,
            ends_at__lte=now,
            session__event__state=Event.State.PUBLISHED,
        )
        .values(agency=Coalesce(F("trainer__person__agency__name"), Value("")))
        .annotate(
            trainers=Count("trainer", distinct=True),
            sessions=Count("pk"),
            time=Sum(F("ends_at") - F("starts_at")),
        )
        .order_by("-time", "agency")
    )
    for row in rows:
        yield Given(**row)

"""Trainers as rows, their dates, what they are asked, and what they could give."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Subquery
from django.utils import timezone

from training import answer_links, staffing, venues
from training.models import Absence, Event, SessionTrainer, Trainer, TrainerInvitation, Volunteer


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


@dataclass(frozen=True, slots=True)
class Asked:
    """What a trainer is asked to give, and the link by which they answer."""

    event: Event
    link: str


def asked(trainer: Trainer) -> list[Asked]:
    """What waits for their answer, the next date first."""
    found = TrainerInvitation.objects.unanswered().filter(trainer=trainer).order_by("event__starts_at")
    rows = found.select_related("event__course", "trainer__person")
    return [Asked(one.event, answer_links.path(one)) for one in rows]


def wanted(trainer: Trainer) -> QuerySet[Any]:
    """Dates that need a trainer, which they could give; with is_offered, whether they have offered to, and where."""
    offered = Volunteer.objects.open().filter(event=OuterRef("pk"), trainer=trainer)
    return (
        staffing.open_to(trainer)
        .select_related("course")
        .annotate(is_offered=Exists(offered), venue=venues.name_of("pk"))
        .order_by("starts_at")
    )


def away(trainer: Trainer) -> QuerySet[Absence]:
    """Days to come on which they cannot train."""
    return trainer.absences.filter(last_on__gte=timezone.localdate())

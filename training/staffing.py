"""Who gives an event: putting trainers on it and taking them off, and who could give it.

Whom nothing is entered of may deliver anything, as in training/clashes.py: nobody has begun to keep it for them.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from people.models import Person
from training import planning, refusals, sessions
from training.models import Absence, Clearance, Event, Session, SessionTrainer, Trainer, TrainerInvitation, Volunteer
from training.planning import Facts


@transaction.atomic
def put_on(*, event: Event, trainer: Trainer, by: Person) -> Event:
    """Have the trainer give all that has not begun. Raises ProgrammeRefused, also where they are elsewhere."""
    return _change(event, by, lambda there: there if trainer in there else (*there, trainer))


@transaction.atomic
def take_off(*, event: Event, trainer: Trainer, by: Person) -> Event:
    """Have somebody else give what has not begun; what was asked of the trainer ends. Raises ProgrammeRefused."""
    return _change(event, by, lambda there: tuple(one for one in there if one != trainer))


def _change(event: Event, by: Person, trainers: Callable[[tuple[Trainer, ...]], tuple[Trainer, ...]]) -> Event:
    now = timezone.now()
    if event.is_over(now):
        raise refusals.CannotChange(f"{event} is over: who gave it stays.")
    sittings = [
        replace(one, trainers=trainers(one.trainers)) if one.starts_at > now else one
        for one in sessions.sittings(sessions.stored(event))
    ]
    return planning.change(event=event, sittings=sittings, facts=Facts.of(event), by=by)


# --- who, and what --------------------------------------------------------------------------------------------------
def on_it(event: Event) -> QuerySet[Trainer]:
    """The trainers of an event's sessions, each once."""
    return Trainer.objects.filter(pk__in=SessionTrainer.objects.filter(session__event=event).values("trainer"))


def short() -> QuerySet[Event]:
    """Events to come that need more trainers than are on them."""
    parts = SessionTrainer.objects.filter(session__event=OuterRef("pk")).order_by().values("session__event")
    there: QuerySet[Any] = Event.objects.filter(
        state__in=[Event.State.DRAFT, Event.State.PUBLISHED], starts_at__gt=timezone.now(), trainers_wanted__gt=0
    ).annotate(trainers_there=Subquery(parts.annotate(n=Count("trainer", distinct=True)).values("n")))
    return there.filter(Q(trainers_there=None) | Q(trainers_there__lt=F("trainers_wanted")))


def with_standing(events: Any) -> Any:
    """Each event with is_short, unanswered and offers: what a coordinator has to see to about its trainers."""
    asked = TrainerInvitation.objects.unanswered().filter(event=OuterRef("pk")).order_by().values("event")
    offers = Volunteer.objects.open().filter(event=OuterRef("pk")).order_by().values("event")
    return events.annotate(
        is_short=Exists(short().filter(pk=OuterRef("pk"))),
        unanswered=Coalesce(Subquery(asked.annotate(n=Count("pk")).values("n")), 0),
        offers=Coalesce(Subquery(offers.annotate(n=Count("pk")).values("n")), 0),
    )


def open_to(trainer: Trainer) -> QuerySet[Event]:
    """Events that need a trainer and that this one may deliver, is free for and is not on."""
    if trainer.is_retired:
        return Event.objects.none()
    cleared = Clearance.objects.filter(trainer=trainer)
    may = cleared.filter(Q(until=None) | Q(until__gte=OuterRef("ends_at__date")), course=OuterRef("course"))
    elsewhere = SessionTrainer.objects.filter(
        trainer=trainer, is_cancelled=False, starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at")
    )
    away = Absence.objects.filter(
        trainer=trainer, first_on__lte=OuterRef("ends_at__date"), last_on__gte=OuterRef("starts_at__date")
    )
    here = Session.objects.filter(event=OuterRef("pk"))
    return (
        short()
        .filter(Exists(may) | ~Exists(cleared))
        .exclude(Exists(SessionTrainer.objects.filter(session__event=OuterRef("pk"), trainer=trainer)))
        .exclude(Exists(here.filter(Exists(elsewhere) | Exists(away))))
    )


def free_for(event: Event) -> QuerySet[Any]:
    """Trainers who may deliver the event, are free for it and are not on it; with is_cleared, who may by name first."""
    elsewhere = SessionTrainer.objects.filter(trainer=OuterRef("pk"), is_cancelled=False)
    here = event.sessions.filter(starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at"))
    days = event.sessions.filter(starts_at__date__lte=OuterRef("last_on"), ends_at__date__gte=OuterRef("first_on"))
    cleared = Clearance.objects.filter(trainer=OuterRef("pk"))
    ends_on = timezone.localdate(event.ends_at) if event.ends_at else timezone.localdate()
    may = cleared.filter(Q(until=None) | Q(until__gte=ends_on), course=event.course_id)
    return (
        Trainer.objects.filter(is_retired=False)
        .annotate(is_cleared=Exists(may))
        .filter(Q(is_cleared=True) | ~Exists(cleared))
        .exclude(Exists(elsewhere.filter(Exists(here))))
        .exclude(Exists(Absence.objects.filter(Exists(days), trainer=OuterRef("pk"))))
        .exclude(pk__in=on_it(event).values("pk"))
        .order_by("-is_cleared", "name")
    )

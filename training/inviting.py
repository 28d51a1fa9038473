"""Asking trainers whether they give an event, reminding them once, and their answers.

A trainer is put on an event first, so that nobody else plans them meanwhile, and is then asked. Who declines is taken
off; the event then needs one trainer more, which is how it comes back to the coordinator.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from outbox import messages
from people import persons
from people.models import Person
from training import refusals, staffing
from training.models import Event, SessionTrainer, Trainer, TrainerInvitation
from training.models.staffing import LONGEST
from training.moments import full_date

log = logging.getLogger(__name__)
State = TrainerInvitation.State
ASKED, REMINDED = "trainer_asked", "trainer_reminded"
REMIND_AFTER = timedelta(days=5)


@transaction.atomic
def ask(*, event: Event, trainer: Trainer, by: Person) -> TrainerInvitation:
    """Ask a trainer of the event by email whether they can. Raises CannotAsk."""
    event = _lock(event)
    if event.cancelled_at or event.has_begun():
        raise refusals.CannotAsk(f"{event} is off or has begun: nobody is asked any more.")
    if trainer.person is None or not (address := persons.mailbox_of(trainer.person)):
        raise refusals.CannotAsk(
            f"{trainer} has no address here. Say on their page who they are, or ask them yourself and enter the answer."
        )
    if not staffing.on_it(event).filter(pk=trainer.pk).exists():
        raise refusals.CannotAsk(f"{trainer} is not on {event} any more. Look at it again.")
    if live := _live(event, trainer):
        done = "has agreed" if live.state == State.ACCEPTED else f"was asked on {full_date(live.asked_at)}"
        raise refusals.CannotAsk(f"{trainer} {done} already.")
    made = TrainerInvitation.objects.create(event=event, trainer=trainer, asked_by=by)
    _post(made, ASKED, address)
    return made


def ask_each(*, event: Event, trainers: Iterable[Trainer], by: Person) -> tuple[list[Trainer], list[Trainer]]:
    """Those who are asked now, and those who cannot be: they have no address, or need not be asked."""
    asked: list[Trainer] = []
    others: list[Trainer] = []
    for trainer in trainers:
        try:
            ask(event=event, trainer=trainer, by=by)
        except refusals.CannotAsk:
            others.append(trainer)
        else:
            asked.append(trainer)
    return asked, others


@transaction.atomic
def accept(*, invitation: TrainerInvitation, by: Person) -> TrainerInvitation:
    """Agree; by: the trainer, or a coordinator whom they told. Raises Answered, which says what is so."""
    found = _unanswered(invitation)
    _answer(found, State.ACCEPTED, by)
    return found


@transaction.atomic
def decline(*, invitation: TrainerInvitation, by: Person, reason: str = "") -> TrainerInvitation:
    """Say no: the trainer is off what has not begun, and the event needs as many as it had. Raises Answered."""
    found = _unanswered(invitation)
    event, trainer = found.event, found.trainer
    wanted = max(event.trainers_wanted or 0, staffing.on_it(event).count())
    Event.objects.filter(pk=event.pk).update(trainers_wanted=wanted)
    _answer(found, State.DECLINED, by, " ".join(reason.split())[:LONGEST])
    SessionTrainer.objects.filter(session__event=event, trainer=trainer, starts_at__gt=timezone.now()).delete()
    return found


def over(invitation: TrainerInvitation) -> str:
    """Why it cannot be answered any more, in a sentence; empty while it can."""
    event = invitation.event
    match invitation.state:
        case State.ACCEPTED:
            return f"{invitation.trainer} has agreed to give it."
        case State.DECLINED:
            return f"{invitation.trainer} has declined."
        case State.WITHDRAWN:
            return f"{invitation.trainer} is not needed for it any more."
    if event.cancelled_at:
        return f"{event} does not take place."
    return f"{event} has begun." if event.has_begun() else ""


def remind_due(now: datetime | None = None) -> int:
    """Remind, once, those who were asked days ago and have not answered; how many. Safe twice."""
    due = TrainerInvitation.objects.unanswered().filter(
        reminded_at=None, asked_at__lte=(now or timezone.now()) - REMIND_AFTER
    )
    return sum(_remind(one) for one in due.order_by("pk"))


@transaction.atomic
def _remind(invitation: TrainerInvitation) -> bool:
    found = (
        TrainerInvitation.objects.unanswered()
        .filter(Q(reminded_at=None), pk=invitation.pk)
        .select_related("trainer__person")
        .select_for_update(of=["self"], no_key=True)
        .first()
    )
    if found is None:
        return False
    found.reminded_at = timezone.now()
    found.save(update_fields=["reminded_at"])
    person = found.trainer.person
    if person is not None and (address := persons.mailbox_of(person)):
        _post(found, REMINDED, address)
    return True


def _post(invitation: TrainerInvitation, template: str, address: str) -> None:
    key = f"{template.replace('_', '-')}:{invitation.reference}"
    messages.post(key=key, template=template, to=address, reference=invitation.reference)


def _lock(event: Event) -> Event:
    return Event.objects.select_for_update(no_key=True, of=["self"]).select_related("course").get(pk=event.pk)


def _live(event: Event, trainer: Trainer) -> TrainerInvitation | None:
    return event.trainer_invitations.filter(trainer=trainer, state__in=[State.ASKED, State.ACCEPTED]).first()


def _unanswered(invitation: TrainerInvitation) -> TrainerInvitation:
    event = _lock(invitation.event)
    found = TrainerInvitation.objects.select_related("trainer__person").select_for_update(of=["self"], no_key=True)
    one = found.get(pk=invitation.pk)
    one.event = event
    if said := over(one):
        raise refusals.Answered(said)
    return one


def _answer(invitation: TrainerInvitation, state: State, by: Person, reason: str = "") -> None:
    invitation.state, invitation.answered_at, invitation.answered_by = state, timezone.now(), by
    invitation.reason = reason
    invitation.save(update_fields=["state", "answered_at", "answered_by", "reason"])
    log.info("Invitation %s is %s by %s.", invitation.reference, state, by.reference)

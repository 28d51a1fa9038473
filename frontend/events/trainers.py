"""Who gives an event: who is on it and has agreed, who was asked, who said no, who offers to, and who else could."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from frontend import returning
from frontend.access import SignedInRequest, require, signed_in
from people.models import Person
from training import inviting, staffing, telling, volunteering
from training.models import Event, Session, SessionTrainer, Trainer, TrainerInvitation, Volunteer
from training.permissions import may_change_programme
from training.refusals import ProgrammeRefused

Asked = TrainerInvitation.State


@dataclass
class Row:
    """A trainer who is on the event."""

    trainer: Trainer
    invitation: TrainerInvitation | None
    sessions: list[Session] = field(default_factory=list)

    @property
    def standing(self) -> tuple[str, str]:
        """The word and the colour of a tag."""
        if self.invitation is None or self.invitation.state == Asked.ACCEPTED:
            return "Agreed", "green"
        return ("Reminded, no answer", "orange") if self.invitation.reminded_at else ("Asked, no answer yet", "blue")


@require_http_methods(["GET", "POST"])
@signed_in
def trainers(request: SignedInRequest, reference: str) -> HttpResponse:
    """The page, and each of its buttons: what is sent says what to do and with whom, as "ask:12"."""
    event = get_object_or_404(Event.objects.visible_to(request.person).select_related("course"), reference=reference)
    require(may_change_programme(request.person), who="A coordinator")
    if request.method == "POST":
        act, _, number = request.POST.get("do", "").partition(":")
        if act not in ACTS or not number.isdecimal():
            raise Http404
        trainer = get_object_or_404(Trainer.objects.select_related("person"), pk=number)
        try:
            messages.success(request, ACTS[act](event, trainer, request.person))
        except ProgrammeRefused as refusal:
            messages.error(request, str(refusal))
        return returning.to(request, "events:trainers", reference)
    return render(request, "events/trainers.html", _context(event))


def _context(event: Event) -> dict[str, object]:
    asked = list(event.trainer_invitations.select_related("trainer").order_by("answered_at", "pk"))
    rows = _rows(event, {one.trainer_id: one for one in asked if one.state in (Asked.ASKED, Asked.ACCEPTED)})
    there = {row.trainer.pk for row in rows}
    is_open = not event.cancelled_at and event.starts_at is not None and not event.is_over()
    return {
        "event": event,
        "rows": rows,
        "declined": [one for one in asked if one.state == Asked.DECLINED and one.trainer_id not in there],
        "volunteers": Volunteer.objects.open().filter(event=event).select_related("trainer__person__agency"),
        "free": staffing.free_for(event).select_related("person__agency") if is_open else [],
        "missing": max((event.trainers_wanted or 0) - len(rows), 0),
        "is_open": is_open,
    }


def _rows(event: Event, live: dict[int, TrainerInvitation]) -> list[Row]:
    parts = SessionTrainer.objects.filter(session__event=event).select_related("trainer__person__agency", "session")
    of: defaultdict[int, list[SessionTrainer]] = defaultdict(list)
    for part in parts.order_by("trainer__name", "starts_at"):
        of[part.trainer_id].append(part)
    return [Row(found[0].trainer, live.get(key), [one.session for one in found]) for key, found in of.items()]


# --- what the buttons do --------------------------------------------------------------------------------------------
def _ask(event: Event, trainer: Trainer, by: Person) -> str:
    inviting.ask(event=event, trainer=trainer, by=by)
    return f"{trainer} is asked by email, and reminded once if they do not answer."


def _agreed(event: Event, trainer: Trainer, by: Person) -> str:
    inviting.accept(invitation=_unanswered(event, trainer), by=by)
    return f"{trainer} is down as having agreed."


def _declined(event: Event, trainer: Trainer, by: Person) -> str:
    inviting.decline(invitation=_unanswered(event, trainer), by=by)
    return f"{trainer} is off the event. It needs somebody else."


def _off(event: Event, trainer: Trainer, by: Person) -> str:
    is_told = telling.to_tell(event).filter(pk=trainer.pk).exists()
    staffing.take_off(event=event, trainer=trainer, by=by)
    told = "They are told by email in five minutes" if is_told else "We do not write to them, so tell them"
    return f"{trainer} is off the sessions to come. {told}."


def _put_on(event: Event, trainer: Trainer, by: Person) -> str:
    staffing.put_on(event=event, trainer=trainer, by=by)
    return f"{trainer} is down to give it, as agreed with you."


@transaction.atomic  # who cannot be asked is not put on
def _put_on_and_ask(event: Event, trainer: Trainer, by: Person) -> str:
    staffing.put_on(event=event, trainer=trainer, by=by)
    return _ask(event, trainer, by)


def _take(event: Event, trainer: Trainer, by: Person) -> str:
    volunteering.take(volunteer=_offer(event, trainer), by=by)
    return f"{trainer} gives it, and is told so by email."


def _thank(event: Event, trainer: Trainer, by: Person) -> str:
    volunteering.thank(volunteer=_offer(event, trainer), by=by)
    return f"{trainer} is thanked by email, and told that somebody else gives it."


ACTS: dict[str, Callable[[Event, Trainer, Person], str]] = {
    "ask": _ask,
    "agreed": _agreed,
    "declined": _declined,
    "off": _off,
    "put-on": _put_on,
    "put-on-and-ask": _put_on_and_ask,
    "take": _take,
    "thank": _thank,
}


def _unanswered(event: Event, trainer: Trainer) -> TrainerInvitation:
    return get_object_or_404(event.trainer_invitations.select_related("event"), trainer=trainer, state=Asked.ASKED)


def _offer(event: Event, trainer: Trainer) -> Volunteer:
    return get_object_or_404(event.volunteers.select_related("event"), trainer=trainer, state=Volunteer.State.OPEN)

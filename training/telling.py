"""Telling trainers that what they give changed, is cancelled, or that they need not come: one message a change.

The database notes the change by trigger. It is told when nothing more was changed for some minutes, as delegates are
(bookings/changes.py). Who is put on has agreed or is asked, and who declined knows: neither is told.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, Func, JSONField, OuterRef, Q, QuerySet
from django.utils import timezone

from outbox import messages
from people import persons
from training.models import Event, SessionTrainer, Trainer, TrainerChange, TrainerInvitation

CHANGED, OFF, CANCELLED = "trainer_changed", "trainer_off", "trainer_cancelled"
SETTLED_AFTER = timedelta(minutes=5)
# An answer bears the web server's time, and the change that it makes the database's.
CLOCKS_DIFFER_BY = timedelta(minutes=1)


@transaction.atomic
def tell(now: datetime | None = None) -> dict[str, int]:
    """Post a message to each trainer whom a settled change concerns. Safe twice. Returns how many of each."""
    now = now or timezone.now()
    settled = TrainerChange.objects.filter(told_at=None, changed_at__lte=now - SETTLED_AFTER)
    rows = list(_with_what_is_now(settled.select_for_update(skip_locked=True, of=["self"])))
    what = {one.pk: what_changed(one) for one in rows}
    TrainerChange.objects.filter(pk__in=[key for key, template in what.items() if not template]).delete()
    real = [one for one in rows if what[one.pk]]
    TrainerChange.objects.filter(pk__in=[one.pk for one in real]).update(told_at=now)
    told = [one for one in real if one.mailbox]
    for template in (CHANGED, OFF, CANCELLED):
        theirs = [one for one in told if what[one.pk] == template]
        messages.post_each(
            template=template,
            messages=[(f"{template.replace('_', '-')}:{one.pk}", one.mailbox, str(one.pk)) for one in theirs],
        )
    return {"changes": len(real), "told": len(told)}


def what_changed(change: Any) -> str:
    """The template that says it; empty where there is nothing to tell. Needs given and has_declined."""
    was, given = (coming(change, parts) for parts in (change.was, change.given))
    if not was or was == given or change.has_declined:
        return ""
    if change.event.state in (Event.State.CANCELLED, Event.State.ABANDONED):
        return CANCELLED
    return CHANGED if given else OFF


def coming(change: TrainerChange, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that had not begun at the change: who gave the others was there."""
    return [one for one in parts if moment(one["starts_at"]) > change.changed_at]


def moment(text: str) -> datetime:
    """As training_given_by() writes it."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def to_tell(event: Event) -> QuerySet[Trainer]:
    """The trainers who would be told if all of the event's sessions that are to come changed now."""
    parts = SessionTrainer.objects.filter(session__event=event, starts_at__gt=timezone.now(), is_cancelled=False)
    if event.state == Event.State.DRAFT:
        asked = event.trainer_invitations.filter(state__in=["asked", "accepted"])
        parts = parts.filter(trainer__in=asked.values("trainer"))
    reached = parts.annotate(mailbox=persons.mailbox("trainer__person")).exclude(mailbox="")
    return Trainer.objects.filter(pk__in=reached.values("trainer"))


def _with_what_is_now(changes: Any) -> Any:
    # Since: the same act took them off.
    declined = TrainerInvitation.objects.filter(
        Q(answered_at__gte=OuterRef("changed_at") - CLOCKS_DIFFER_BY),
        event=OuterRef("event"),
        trainer=OuterRef("trainer"),
        state=TrainerInvitation.State.DECLINED,
    )
    given = Func(F("event_id"), F("trainer_id"), function="training_given_by", output_field=JSONField())
    return changes.select_related("event").annotate(
        given=given, has_declined=Exists(declined), mailbox=persons.mailbox("trainer__person")
    )

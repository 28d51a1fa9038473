"""Asking the delegates of an event how it was, once its registers are closed; and reminding those who do not answer."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from bookings.models import Booking, Register
from bookings.models.booking import ATTENDED
from evaluations import questionnaires
from evaluations.models import OPEN_FOR, Evaluation
from outbox import messages
from outbox.models import Message
from training.models import Event, Session

INVITATION, REMINDER, LAST_REMINDER = "evaluate", "evaluate_reminder", "evaluate_last_reminder"

# A register closed late still leaves this long to answer; one closed later than that is asked about by nobody, since
# nobody would remember.
LEAST_OPEN = timedelta(days=7)
ASKED_WITHIN = timedelta(days=28)
# With the usual close, 7 and 14 days after the event.
REMINDED_BEFORE = timedelta(days=7)
# Nobody is reminded of a message that came the day before, nor at night.
PAUSE = timedelta(days=2)
REMINDED_FROM = time(8)


@transaction.atomic
def ask(now: datetime | None = None) -> dict[str, int]:
    """Open the evaluation of each event whose registers are all closed, and post what is due about the open ones.

    Safe twice: a message's key is its booking's. Returns how many of each were new.
    """
    now = now or timezone.now()
    events = list(to_ask_about(now))
    if events:
        questionnaire = questionnaires.after()
        Evaluation.objects.bulk_create(
            [
                Evaluation(event=event, questionnaire=questionnaire, opened_at=now, closes_at=closing(event, now))
                for event in events
            ],
            ignore_conflicts=True,  # another worker was here
        )
    last_day = timezone.localdate(now) + timedelta(days=1)
    is_day = timezone.localtime(now).time() >= REMINDED_FROM
    reminded = (
        unanswered(now).filter(_has(INVITATION, created_at__lte=now - PAUSE)) if is_day else Booking.objects.none()
    )
    ends_today = Q(event__evaluation__closes_at__lte=_midnight(last_day))
    ends_in_a_week = Q(event__evaluation__closes_at__lte=_midnight(last_day + REMINDED_BEFORE))
    return {
        "opened": len(events),
        "invited": _post(INVITATION, unanswered(now)),
        "reminded": _post(REMINDER, reminded.filter(ends_in_a_week & ~ends_today)),
        "reminded_last": _post(LAST_REMINDER, reminded.filter(ends_today)),
    }


def to_ask_about(now: datetime) -> QuerySet[Event]:
    """Delivered events whose registers are all closed and which nobody has been asked about. Imported ones are silent,
    and where a workbook brought the answers there is nothing to ask."""
    sessions = Session.objects.filter(event=OuterRef("pk"))
    closed = Register.objects.filter(session=OuterRef("pk"), closed_at__isnull=False)
    return (
        Event.objects.delivered(now)
        .filter(Q(imported_at=None) | Q(imported_at__lt=F("ends_at")), ends_at__gt=now - ASKED_WITHIN)
        .filter(Exists(sessions), ~Exists(sessions.filter(~Exists(closed))))
        .filter(evaluation=None, imported_answers=None)
    )


def closing(event: Event, now: datetime) -> datetime:
    """The end of the last day to answer, as a midnight."""
    ended = timezone.localdate(event.ends_at)
    return _midnight(max(ended + OPEN_FOR, timezone.localdate(now) + LEAST_OPEN) + timedelta(days=1))


def unanswered(now: datetime) -> QuerySet[Booking]:
    """Whom to ask: who came, has not answered, still can, and has not left."""
    return Booking.objects.filter(
        state=Booking.State.CONFIRMED,
        outcome__in=ATTENDED,
        evaluated_on=None,
        event__evaluation__closes_at__gt=now,
        delegate__left_on=None,
    )


def _post(template: str, bookings: QuerySet[Booking]) -> int:
    # Only to oneself: an answer that somebody else gives or sees, as a training lead would, is not an anonymous one.
    new = bookings.exclude(_has(template)).exclude(delegate__email="").values_list("reference", "delegate__email")
    found = [(f"{template}:{reference}", email, reference) for reference, email in new]
    messages.post_each(template=template, messages=found)
    return len(found)


def _has(template: str, **more: datetime) -> Exists:
    """Whether the booking's message of this kind is there."""
    return Exists(Message.objects.filter(key=Concat(Value(f"{template}:"), OuterRef("reference")), **more))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))

"""Reasons for which non-attendance is not charged: what has to be seen for each, and until when it is told."""

from datetime import date, timedelta

from django.db import transaction

from bookings import working_days
from bookings.models import ExemptionReason
from bookings.refusals import PolicyRefused
from outbox import turns
from people.models import Person


@transaction.atomic
def add(*, name: str, evidence: str, working_days_to_tell: int | None, by: Person) -> ExemptionReason:
    """Raises PolicyRefused for a name that is there."""
    _refuse_name(name)
    return ExemptionReason.objects.create(name=name, evidence=evidence, working_days_to_tell=working_days_to_tell)


@transaction.atomic
def correct(
    *,
    exemption: ExemptionReason,
    name: str,
    evidence: str,
    working_days_to_tell: int | None,
    is_retired: bool,
    by: Person,
) -> ExemptionReason:
    """For reasons noted from now on: what was exempt stays so, and what was not. Raises PolicyRefused, as add()."""
    _refuse_name(name, but=exemption.pk)
    locked = ExemptionReason.objects.select_for_update(no_key=True).get(pk=exemption.pk)
    locked.name, locked.evidence, locked.is_retired = name, evidence, is_retired
    locked.working_days_to_tell = working_days_to_tell
    locked.save()
    return locked


def last_day_to_tell(exemption: ExemptionReason, event_on: date) -> date | None:
    """The last day on which it may be told of an event that ended on that day; None: at any time. One query."""
    if exemption.working_days_to_tell is None:
        return None
    closing, day = working_days.closing_days(), event_on
    for _ in range(exemption.working_days_to_tell):
        day = working_days.next_working_day(day, closing)
    # Nobody is too late on the day itself, nor on days on which nobody could be told.
    following = working_days.next_working_day(day, closing)
    return following - timedelta(days=1)


def _refuse_name(name: str, but: int | None = None) -> None:
    turns.take("bookings.exemptions")
    if ExemptionReason.objects.filter(name__iexact=name).exclude(pk=but or 0).exists():
        raise PolicyRefused("There is an exemption of that name already. Correct that one, or choose another name.")

"""Why delegates did not come, told later: noted by coordinators, and whether it exempts from the charge.

It may be about health: it is in no message, log, history or list to download, but in one's own data.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from bookings import exemptions
from bookings.models import AbsenceReason, Booking, ExemptionReason, Tariff
from bookings.refusals import NoAbsence, ReasonChanged
from people.models import Person
from training.models import Event

Lacks = AbsenceReason.Lacks


@dataclass(frozen=True, slots=True)
class Told:
    """A reason as it came: one of the exemptions, own words, or both."""

    exemption: ExemptionReason | None
    reason: str
    on: date
    # "by email from the delegate"
    how: str
    evidence_seen: bool


def is_absence(booking: Booking) -> bool:
    """Whether it ended in a way that a policy may charge."""
    return booking.outcome in Tariff.Reason.values


def can_be_noted(booking: Booking) -> bool:
    """As is_absence(), or it may yet turn out so: the event has begun and its register is not closed."""
    is_open = booking.state == Booking.State.CONFIRMED and booking.outcome is None and booking.event.has_begun()
    return is_absence(booking) or is_open


def last_day(exemption: ExemptionReason, event: Event) -> date | None:
    """Until when it could be told of the event; None: at any time. One query where there is a limit."""
    return exemptions.last_day_to_tell(exemption, timezone.localdate(event.ends_at))


def lacks(told: Told, event: Event) -> str:
    """Why the reason does not exempt although it is an exemption, or nothing (AbsenceReason.Lacks)."""
    if told.exemption is None:
        return ""
    last = last_day(told.exemption, event)
    if last and told.on > last:
        return Lacks.TOLD_IN_TIME
    return Lacks.EVIDENCE if told.exemption.evidence and not told.evidence_seen else ""


@transaction.atomic
def note(*, booking: Booking, told: Told, seen: datetime | None, by: Person) -> AbsenceReason:
    """Note the reason in place of what was noted before; charges follow it in the night. Again it changes nothing.

    seen: when what was there was noted, as it was read. Raises NoAbsence, and ReasonChanged where somebody was first.
    """
    booking = _locked(booking)
    if not can_be_noted(booking):
        raise NoAbsence(f"{booking.delegate.name} did not miss it, so there is no reason to note.")
    stored = AbsenceReason.objects.filter(booking=booking).first()
    noted = AbsenceReason(
        booking=booking,
        exemption=told.exemption,
        reason=told.reason,
        lacks=lacks(told, booking.event),
        told_on=told.on,
        told_how=told.how,
        evidence_seen=told.evidence_seen,
        noted_at=timezone.now(),
        noted_by=by,
    )
    if stored and _facts(stored) == _facts(noted):
        return stored
    _refuse_unseen(stored, seen)
    noted.pk = stored.pk if stored else None
    noted.save()
    return noted


@transaction.atomic
def take_out(*, booking: Booking, seen: datetime | None, by: Person) -> None:
    """Have no reason noted; twice does it once. Raises ReasonChanged where somebody noted another one.

    That there is none stays noted: of a row that is gone nobody knows whether it exempted (invoicing/charges.py).
    """
    stored = AbsenceReason.objects.filter(booking=_locked(booking)).first()
    if stored and stored.says_something:
        _refuse_unseen(stored, seen)
        stored.reason = stored.told_how = stored.lacks = ""
        stored.exemption, stored.evidence_seen = None, False
        stored.told_on, stored.noted_at, stored.noted_by = timezone.localdate(), timezone.now(), by
        stored.save()


def _locked(booking: Booking) -> Booking:
    found = Booking.objects.select_for_update(no_key=True, of=["self"])
    return found.select_related("event__course", "delegate").get(pk=booking.pk)


def _refuse_unseen(stored: AbsenceReason | None, seen: datetime | None) -> None:
    if (stored.noted_at if stored else None) != seen:
        raise ReasonChanged(
            "Somebody noted another reason since you opened this page. Read it, and correct it if needed."
        )


def _facts(reason: AbsenceReason) -> tuple[object, ...]:
    return reason.exemption_id, reason.reason, reason.told_on, reason.told_how, reason.evidence_seen

"""What happened about a charge, in order of time, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from bookings import attendance
from bookings.models import Booking, Mark
from frontend.formats import full_date, plural, short_moment
from invoicing.models import Charge


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened. When is empty where a workbook gave a day without a time."""

    at: datetime
    when: str
    what: str


def story(charge: Charge) -> list[Step]:
    """The booking, the register's marks and the decisions that led to where the charge is. In two queries.

    Without the reason for absence, which may be about health.
    """
    steps = [*_booking(charge.booking), *_marks(charge.booking), *_decisions(charge)]
    return sorted(steps, key=lambda step: step.at)


def _step(at: datetime, what: str, *, is_day: bool = False) -> Step:
    return Step(at, full_date(timezone.localtime(at)) if is_day else short_moment(at), what)


def _booking(booking: Booking) -> list[Step]:
    imported = booking.imported_at is not None
    steps = [_step(booking.booked_at, "Booked.", is_day=imported)]
    if booking.received_at is not None:
        notice = "" if booking.notice is None else f", with {plural(booking.notice, 'working day')} of notice"
        steps.append(_step(booking.received_at, f"Cancellation received{notice}.", is_day=imported))
    return steps


def _marks(booking: Booking) -> list[Step]:
    """Each session with its mark, and why its register was opened again. A workbook's mark has no hand behind it."""
    steps = []
    for mark in Mark.objects.filter(booking=booking).select_related("session__register__reopened_by", "marked_by"):
        by = mark.marked_by.name if mark.marked_by else "the workbook"
        said = attendance.in_words(mark.attendance, mark.minutes)
        steps.append(_step(mark.session.starts_at, f"The register says: {said} (by {by})."))
        register = getattr(mark.session, "register", None)
        if register is not None and register.reopened_at:
            why = f"Register opened again by {register.reopened_by}: {register.reopened_reason}"
            steps.append(_step(register.reopened_at, why))
    return steps


def _decisions(charge: Charge) -> list[Step]:
    steps = [_step(charge.proposed_at, f"Charge proposed: {charge.explanation}")]
    if charge.disputed_at and charge.disputed_by:
        steps.append(_step(charge.disputed_at, f"Disputed by {charge.disputed_by}: {charge.get_dispute_display()}."))
    if charge.decided_at:
        by = charge.decided_by.name if charge.decided_by else charge.decided_via
        # An invoiced charge keeps the time at which it was confirmed.
        word = "Confirmed" if charge.state in (Charge.State.INVOICED, Charge.State.CREDITED) else None
        why = f" ({charge.get_waiver_display().lower()})" if charge.waiver else ""
        note = f" {charge.waiver_note}" if charge.waiver_note else ""
        steps.append(_step(charge.decided_at, f"{word or charge.get_state_display()} by {by}{why}.{note}"))
    line = getattr(charge, "line", None)
    if line is not None and line.invoice.issued_at is not None:
        steps.append(_step(line.invoice.issued_at, f"Invoiced: {line.invoice}."))
    credit = getattr(line, "credit_note", None)
    if credit is not None:
        steps.append(_step(credit.issued_at, f"Credited by {credit.issued_by}: {credit}. {credit.reason}"))
    return steps

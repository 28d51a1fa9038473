"""Charges: proposed from what the registers say, then confirmed, waived or disputed."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from bookings.models import Booking
from invoicing import dues
from invoicing.dues import Due
from invoicing.models import Charge
from invoicing.refusals import AlreadyDecided, AnswerTooLate, NoticeStillRunning
from outbox import turns
from people.models import Person

State = Charge.State

# Who decided where no person did (decided_via).
POLICY = "policy"
REGISTER_REOPENED = "register reopened"
RECORD_CORRECTED = "record corrected"

FACTS = ["tariff", "net_amount", "vat_amount", "explanation", "answer_by"]
DECISION = ["state", "decided_at", "decided_by", "decided_via", "waiver", "waiver_note"]


@transaction.atomic
def propose() -> int:
    """Bring the charges that are not settled into line with the registers; returns how many were made or changed.

    A charge is proposed for each booking that owes one and has none; where the reason given is exempt, it is waived at
    once, so that it can be counted. One whose booking no longer owes it, since a register was reopened or a record
    corrected, is waived as a mistake; one that is owed again, or another sum, is proposed anew. Invoiced charges and
    those that a person waived stay as they are. A second call changes nothing; two at once do it once.
    """
    turns.take("invoicing.charges.propose")
    now = timezone.now()
    # Locked before the registers are asked, so that what an officer decides meanwhile is either seen or waits.
    left = {(charge.booking_id, charge.reason): charge for charge in _lock(Charge.objects.unsettled())}
    new: list[Charge] = []
    changed: list[Charge] = []
    for due in dues.unsettled():
        charge = left.pop((due.booking_id, due.reason), None)
        if charge is None:
            new.append(_new(due, now))
        elif _revise(charge, due, now):
            changed.append(charge)
    changed += _withdraw(left.values(), now)
    Charge.objects.bulk_create(new, batch_size=1000)
    Charge.objects.bulk_update(changed, FACTS + DECISION, batch_size=500)
    return len(new) + len(changed)


@transaction.atomic
def confirm(charges: Iterable[Charge], *, by: Person | None = None, via: str = "") -> int:
    """Decide that these are to be invoiced, all or none; returns how many. By a person, or via "command line".

    Raises AlreadyDecided where somebody was first, NoticeStillRunning where the delegate may still answer.
    """
    locked = _lock_undecided(charges)
    today = timezone.localdate()
    waiting = [charge for charge in locked if charge.is_awaiting_answer(today)]
    if waiting:
        last = max(charge.answer_by for charge in waiting if charge.answer_by)
        raise NoticeStillRunning(
            f"{_named(waiting)} may still be answered, until the end of {last:%-d %B %Y}. Nothing was changed."
        )
    Charge.objects.filter(pk__in=[charge.pk for charge in locked]).update(
        state=State.CONFIRMED, decided_at=timezone.now(), decided_by=by, decided_via=via
    )
    return len(locked)


@transaction.atomic
def waive(charge: Charge, *, waiver: str, note: str = "", by: Person) -> Charge:
    """Decide that this is not to be paid, and why (Charge.Waiver). Raises AlreadyDecided where somebody was first.

    The note is kept with the money: nothing about anybody's health goes in it.
    """
    (locked,) = _lock_undecided([charge])
    locked.state, locked.waiver, locked.waiver_note = State.WAIVED, waiver, note
    locked.decided_at, locked.decided_by, locked.decided_via = timezone.now(), by, ""
    locked.save(update_fields=DECISION)
    return locked


@transaction.atomic
def dispute(charge: Charge, *, ground: str, by: Person) -> Charge:
    """Answer that the charge is wrong (Charge.Dispute says how); it is then not invoiced until somebody decides.

    Raises AlreadyDecided once it is decided or disputed, AnswerTooLate after the last day for an answer.
    """
    (locked,) = _lock_undecided([charge])
    if locked.state == State.DISPUTED:
        raise AlreadyDecided(f"Charge {locked} is disputed already.")
    if locked.answer_by and locked.answer_by < timezone.localdate():
        raise AnswerTooLate(f"Charge {locked} could be answered until {locked.answer_by:%-d %B %Y}.")
    locked.state, locked.dispute = State.DISPUTED, ground
    locked.disputed_at, locked.disputed_by = timezone.now(), by
    locked.save(update_fields=["state", "dispute", "disputed_at", "disputed_by"])
    return locked


def _lock(charges: QuerySet[Charge]) -> list[Charge]:
    # In one order everywhere, so that two that lock the same charges queue and do not block each other.
    return list(charges.select_for_update(no_key=True, of=["self"]).order_by("pk"))


def _lock_undecided(charges: Iterable[Charge]) -> list[Charge]:
    locked = _lock(Charge.objects.filter(pk__in=[charge.pk for charge in charges]))
    decided = [charge for charge in locked if charge.state not in (State.PROPOSED, State.DISPUTED)]
    if decided:
        raise AlreadyDecided(f"{_decided_by(decided)} Nothing was changed.")
    return locked


def _new(due: Due, now: datetime) -> Charge:
    charge = Charge(booking_id=due.booking_id, reason=due.reason)
    _state_facts(charge, due)
    if due.is_exempt:
        _waive_via(charge, Charge.Waiver.EXEMPT, POLICY, now)
    return charge


def _revise(charge: Charge, due: Due, now: datetime) -> bool:
    """Make an unsettled charge say what is due now; whether that changed it."""
    owed_again = charge.waiver == Charge.Waiver.MISTAKE
    # Retention deletes reasons and leaves "exempt": only another reason takes an exemption back, never none.
    exempt = due.is_exempt or (due.is_exempt is None and charge.waiver == Charge.Waiver.EXEMPT)
    facts_differ = _facts(charge) != _facts(due)
    if not (owed_again or facts_differ or exempt != (charge.waiver == Charge.Waiver.EXEMPT)):
        return False
    _state_facts(charge, due)
    if exempt:
        _waive_via(charge, Charge.Waiver.EXEMPT, POLICY, now)
    elif charge.state != State.DISPUTED:
        _decide_anew(charge)
    return True


def _withdraw(charges: Iterable[Charge], now: datetime) -> list[Charge]:
    """Waive what no booking owes any more, visibly; returns those that were not withdrawn before."""
    withdrawn = [charge for charge in charges if charge.waiver != Charge.Waiver.MISTAKE]
    charged = Booking.objects.filter(pk__in=[charge.booking_id for charge in withdrawn])
    reopened = set(charged.filter(dues.has_open_register()).values_list("pk", flat=True))
    for charge in withdrawn:
        via = REGISTER_REOPENED if charge.booking_id in reopened else RECORD_CORRECTED
        _waive_via(charge, Charge.Waiver.MISTAKE, via, now)
    return withdrawn


def _state_facts(charge: Charge, due: Due) -> None:
    charge.tariff, charge.answer_by = due.tariff, due.answer_by
    charge.net_amount, charge.vat_amount, charge.explanation = due.net_amount, due.vat_amount, due.explanation


def _facts(stated: Charge | Due) -> tuple[object, ...]:
    return stated.net_amount, stated.vat_amount, stated.explanation


def _waive_via(charge: Charge, waiver: str, via: str, now: datetime) -> None:
    charge.state, charge.waiver = State.WAIVED, waiver
    charge.decided_at, charge.decided_by, charge.decided_via = now, None, via


def _decide_anew(charge: Charge) -> None:
    charge.state, charge.waiver = State.PROPOSED, ""
    charge.decided_at, charge.decided_by, charge.decided_via = None, None, ""


def _named(charges: list[Charge]) -> str:
    return f"Charge {charges[0]}" if len(charges) == 1 else f"{len(charges)} of these charges"


def _decided_by(charges: list[Charge]) -> str:
    """“Charge K7QX2M was waived by Sam Carter at 14:05 on 3 March 2026.”"""
    first = charges[0]
    who = first.decided_by.name if first.decided_by else first.decided_via
    when = timezone.localtime(first.decided_at)
    named = f"Charge {first}" if len(charges) == 1 else f"{len(charges)} of these charges were decided already: {first}"
    return f"{named} was {first.get_state_display().lower()} by {who} at {when:%H:%M} on {when:%-d %B %Y}."

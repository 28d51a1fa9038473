"""Credit notes: issued for one line of an invoice, numbered and fixed at once. The invoice stays as it is."""

from django.db import transaction
from django.utils import timezone

from invoicing import dues, numbering
from invoicing.models import Charge, CreditNote
from invoicing.refusals import AlreadyDecided, NotInvoiced, RegisterOpen, WrongGround
from people.models import Person
from training.financial_year import FinancialYear

SERIES = "CRN"
State, Waiver = Charge.State, Charge.Waiver


def grounds(charge: Charge) -> list[Charge.Waiver]:
    """Why an invoiced charge may be credited, as things stand: recorded in error exactly when it is no longer owed.

    None while a register of its event is open again.
    """
    if charge.booking.event.sessions.filter(register__closed_at=None).exists():
        return []
    is_owed = dues.chargeable().filter(pk=charge.booking_id, outcome=charge.reason).exists()
    return [Waiver.EXEMPT, Waiver.DISCRETION] if is_owed else [Waiver.MISTAKE]


@transaction.atomic
def issue(*, charge: Charge, ground: str, reason: str, by: Person) -> CreditNote:
    """Take back the line of the invoice that the charge is on; the charge is then credited.

    The reason is said on the document: nothing about health, and nobody's name. Raises AlreadyDecided where somebody
    was first, NotInvoiced, RegisterOpen, and WrongGround where grounds() say otherwise.
    """
    locked = (
        Charge.objects.select_for_update(no_key=True, of=["self"]).select_related("booking__event").get(pk=charge.pk)
    )
    _refuse(locked, ground)
    now = timezone.now()
    year = FinancialYear.containing(now).code
    # Last, as everybody else who issues waits from here on.
    number = numbering.next_number(SERIES, year)
    note = CreditNote.objects.create(
        line=locked.line,
        ground=ground,
        reason=" ".join(reason.split()),
        series=SERIES,
        financial_year=year,
        number=number,
        reference=f"{SERIES}-{year}-{number:04}",
        issued_at=now,
        issued_by=by,
    )
    locked.state = State.CREDITED
    locked.save(update_fields=["state"])
    return note


def _refuse(charge: Charge, ground: str) -> None:
    if charge.state == State.CREDITED:
        raise AlreadyDecided(f"Charge {charge} is credited already, by {charge.line.credit_note}. Nothing was changed.")
    if charge.state != State.INVOICED:
        raise NotInvoiced(f"Charge {charge} is on no invoice. Waive it instead.")
    allowed = grounds(charge)
    if not allowed:
        raise RegisterOpen("The register of its event is open again. Have it closed first: only then is it certain.")
    if ground not in allowed:
        raise WrongGround("The register says something else by now. Look at the charge again, and choose why.")

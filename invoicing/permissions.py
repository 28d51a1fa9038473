"""Who may decide charges and issue invoices; who may see them is visible_to() on the models."""

from invoicing.models import Charge, Invoice
from people.models import Person
from people.permissions import Right, may


def may_see_all_charges(person: Person) -> bool:
    """Else one's own, one's staff's and one's agency's: Charge.objects.visible_to()."""
    return may(person, Right.SEE_CHARGES)


def may_confirm(person: Person) -> bool:
    return may(person, Right.DECIDE_CHARGES)


def may_waive(person: Person) -> bool:
    return may(person, Right.DECIDE_CHARGES)


def may_dispute(person: Person, charge: Charge) -> bool:
    """Whom the charge is about, their line manager, and the lead of the agency that would pay.

    Reads the booking and its delegate: select them with the charge.
    """
    booking = charge.booking
    return (
        person.pk in (booking.delegate_id, booking.delegate.line_manager_id) or booking.agency_id in person.led_agencies
    )


def may_see_all_invoices(person: Person) -> bool:
    """Else those issued to one's agency: Invoice.objects.visible_to()."""
    return may(person, Right.SEE_INVOICES)


def may_see_invoice(person: Person, invoice: Invoice) -> bool:
    """As visible_to() says of an issued one."""
    return may_see_all_invoices(person) or invoice.payer_id in person.led_agencies


def may_raise(person: Person) -> bool:
    return may(person, Right.ISSUE_INVOICES)


def may_credit(person: Person) -> bool:
    """Take a line of an issued invoice back."""
    return may(person, Right.ISSUE_INVOICES)

"""What charges tell a person about themselves."""

from django.db.models import Exists, OuterRef, Q

from invoicing.models import Charge, CreditNote, Invoice, InvoiceLine
from people import merges
from people.models import Person
from people.privacy import Part, register, tells_nothing


def parts() -> None:
    register(
        Part(
            "Charges",
            Charge,
            lambda person: (
                Charge.objects.filter(booking__delegate=person).select_related("booking").order_by("proposed_at", "pk")
            ),
            {
                "Charge": "reference",
                "Booking": "booking.reference",
                "Reason": "get_reason_display",
                "Net amount": "net_amount",
                "Explanation": "explanation",
                "State": "get_state_display",
                "Proposed": "proposed_at",
                "Answered": "get_dispute_display",
                "Decided": "decided_at",
                "Waived as": "get_waiver_display",
                "Note": "waiver_note",
            },
            {"disputed_by": "may be somebody else", "decided_by": "somebody else"},
        )
    )
    tells_nothing("an invoice names no delegate, and was issued for the partnership", Invoice, InvoiceLine)
    tells_nothing("it takes back a line of an invoice, which names no delegate", CreditNote)
    merges.goes_along("invoicing.Charge.booking", "bookings.Booking.delegate", "charge")
    merges.stays_behind("bookings.Booking.delegate", _charged_on_both)
    merges.stays("invoicing.Charge.disputed_by", "invoicing.Charge.decided_by", "invoicing.Invoice.issued_by")
    merges.stays("invoicing.CreditNote.issued_by")


def _charged_on_both(kept: Person) -> Q:
    """A delegate is charged once for an event: decision 0020."""
    owed = Charge.objects.exclude(state__in=[Charge.State.WAIVED, Charge.State.CREDITED])
    theirs = owed.filter(booking__event=OuterRef("event"), booking__delegate=kept)
    return Q(Exists(owed.filter(booking=OuterRef("pk"))), Exists(theirs))

"""What charges tell a person about themselves."""

from invoicing.models import Charge, Invoice, InvoiceLine
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

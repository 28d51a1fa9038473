"""What a correction may not touch: bookings for which an invoice has gone out."""

from invoicing.models import Charge
from programme.changes.bookings import Bookings
from programme.changes.events import Events
from programme.problems import Problems


def refuse_invoiced(events: Events, bookings: Bookings, problems: Problems) -> None:
    """Tell the corrections that would change what an issued invoice says. Other charges follow the registers."""
    invoiced = Charge.objects.filter(state=Charge.State.INVOICED).select_related("line__invoice", "booking__event")
    moved = {planned.event.pk: planned for planned in events.planned.values() if planned.is_moved}
    numbers: dict[int, set[str]] = {}
    for charge in invoiced.filter(booking__event__in=moved):
        numbers.setdefault(charge.booking.event_id, set()).add(str(charge.line.invoice))
    for event, references in numbers.items():
        problems.add(
            moved[event].row.row.problem(
                "Date",
                f"its charges are on {', '.join(sorted(references))}, and the course, date or status would change.",
                "Have finance credit them first, or leave the row as it was.",
            )
        )
    for charge in invoiced.filter(booking__in=bookings.touched).exclude(booking__event__in=moved).order_by("pk"):
        problems.add(
            bookings.touched[charge.booking_id].row.problem(
                "Status",
                f"this booking's charge is on invoice {charge.line.invoice}, and the correction would change it.",
                "Have finance credit that invoice first, or leave the row as it was.",
            )
        )

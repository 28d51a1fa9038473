"""Every figure opens to the rows behind it: events, bookings or charges whose number or sum is the figure.

    behind = rows.behind("show_up_rate", scope)               # the numerator's rows
    behind = rows.behind("show_up_rate", scope, rows.Part.DENOMINATOR)
    behind.events[:50], behind.events.count()                 # two statements, whatever the number of rows

Bookings carry names: who may open those is permissions.may_open_bookings(), asked by the page.
"""

from reporting.rows.behind import Behind, Part, behind, opens
from reporting.rows.bookings import BookingRow, bookings
from reporting.rows.charges import ChargeRow, charges
from reporting.rows.evaluations import EvaluationRow, evaluations
from reporting.rows.events import EventRow, events
from reporting.rows.pages import Rows
from reporting.rows.scope import Scope
from reporting.rows.sources import Adds

__all__ = [
    "Adds",
    "Behind",
    "BookingRow",
    "ChargeRow",
    "EvaluationRow",
    "EventRow",
    "Part",
    "Rows",
    "Scope",
    "behind",
    "bookings",
    "charges",
    "evaluations",
    "events",
    "opens",
]

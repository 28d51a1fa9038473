"""What a figure opens to."""

from dataclasses import dataclass
from enum import StrEnum

from reporting.definitions import FIGURES
from reporting.rows.bookings import BookingRow, bookings
from reporting.rows.charges import ChargeRow, charges
from reporting.rows.evaluations import Evaluations, evaluations
from reporting.rows.events import EventRow, events
from reporting.rows.pages import Rows
from reporting.rows.scope import Scope
from reporting.rows.sources import RULES, Adds, Of


class Part(StrEnum):
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"


@dataclass(frozen=True, slots=True)
class Behind:
    """The rows of one measure; those that it does not open to are None.

    adds says how the values make the measure. Bookings can be seen as events too, without names: each event's value is
    then how many of them it has, whose sum is their number, and so not the number of people.
    """

    measure: str
    adds: Adds
    events: Rows[EventRow] | None = None
    bookings: Rows[BookingRow] | None = None
    charges: Rows[ChargeRow] | None = None
    evaluations: Evaluations | None = None


def opens(figure: str, part: Part = Part.NUMERATOR) -> bool:
    """Whether that part of the figure has rows: 6 hours a day has none."""
    return _measure(figure, part) in RULES


def behind(figure: str, scope: Scope, part: Part = Part.NUMERATOR) -> Behind:
    """The rows behind a figure's numerator or denominator. Raises KeyError where it does not open."""
    measure = _measure(figure, part) or ""
    rule = RULES[measure]
    if rule.of is Of.CHARGES:
        return Behind(measure, rule.adds, charges=charges(measure, scope))
    if rule.of is Of.EVALUATIONS:
        return Behind(measure, rule.adds, evaluations=evaluations(measure, scope))
    named = bookings(measure, scope) if rule.of is Of.BOOKINGS else None
    return Behind(measure, rule.adds, events=events(measure, scope), bookings=named)


def _measure(figure: str, part: Part) -> str | None:
    found = FIGURES[figure]
    return found.numerator if part is Part.NUMERATOR else found.denominator

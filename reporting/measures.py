"""From the columns of the statements to the measures that the definitions name as numerators and denominators."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from reporting.definitions import HOURS_OF_A_DELEGATE_DAY
from reporting.ledger import Ledger

Number = int | Decimal
# What a statement counted, by its columns; one that it has no number for is None, or not there.
Columns = Mapping[str, Any]

NOTHING = Decimal(0)

COUNTS = (
    "events_in_house", "places_offered", "places_first_published", "places_used", "empty_places", "open_events",
    "mixed_events", "delegates_asked", "booked_who_came", "people_trained", "repeat_non_attendance", "unmet_demand",
    "responses", "answers_before", "answers_after", "improved", "same", "lower",
)  # fmt: skip
SUMS = ("sum_before", "sum_after", "invoiced_in_year_amount")
MEDIANS = ("largest_agency_share", "median_wait")
# A charge follows its booking, whatever became of the event.
CHARGES = ("charges", "charges_waived")
AMOUNTS = (
    "proposed_amount", "undecided_amount", "waived_amount", "waived_exempt_amount", "waived_discretion_amount",
    "waived_mistake_amount", "confirmed_amount", "invoiced_amount", "credited_amount",
)  # fmt: skip


def measures(delivered: Columns, cancelled: Columns, ledger: Ledger) -> dict[str, Number | None]:
    """All measures of one cut, given what was counted of its delivered and of its cancelled events."""
    found: dict[str, Number | None] = {key: delivered.get(key) or 0 for key in COUNTS}
    found.update((key, delivered.get(key) or NOTHING) for key in SUMS)
    found.update((key, median(delivered.get(key))) for key in MEDIANS)
    for key in CHARGES:
        found[key] = (delivered.get(key) or 0) + (cancelled.get(key) or 0)
    for key in AMOUNTS:
        found[key] = (delivered.get(key) or NOTHING) + (cancelled.get(key) or NOTHING)
    found["events_delivered"] = delivered.get("events") or 0
    found["events_cancelled"] = cancelled.get("events") or 0
    found["bookings_on_cancelled_events"] = cancelled.get("bookings") or 0
    found["attended_hours"] = Decimal(delivered.get("attended_minutes") or 0) / 60
    found["hours_of_a_delegate_day"] = HOURS_OF_A_DELEGATE_DAY
    found.update(of_bookings(delivered, ledger))
    return found


def of_bookings(delivered: Columns, ledger: Ledger) -> dict[str, Number]:
    """What the rates are made of. Walk-ins are in those only that name them: a rate of the booked has them nowhere."""
    outcomes = ledger.outcomes
    did_not_attend = delivered.get("booked_who_did_not_come") or 0
    due = (delivered.get("booked_who_came") or 0) + did_not_attend
    not_given_up = due + (delivered.get("booked_unknown") or 0)
    return {
        "delegates_attended": outcomes["attended"] + outcomes["part-attended"],
        "booked": ledger.bookings - ledger.sources["walk-in"],
        "walk_ins": ledger.sources["walk-in"],
        "did_not_attend": did_not_attend,
        "cancelled_in_time": outcomes["cancelled-in-time"],
        "cancelled_late": outcomes["cancelled-late"],
        "lost_late": did_not_attend + outcomes["cancelled-late"],
        "booked_and_due": due,
        "confirmed_at_cut_off": not_given_up + outcomes["cancelled-late"],
        "confirmed_at_start": not_given_up + (delivered.get("cancelled_after_start") or 0),
        "unknown_outcomes": outcomes["unknown"],
    }


def median(value: float | None) -> Decimal | None:
    """PostgreSQL gives medians as binary fractions: str() is the shortest number that means the same."""
    return None if value is None else Decimal(str(value))

"""From the columns of the statements to the measures that the definitions name as numerators and denominators."""

from collections.abc import Mapping
from decimal import Decimal

from reporting.definitions import HOURS_OF_A_DELEGATE_DAY
from reporting.ledger import Ledger

Number = int | Decimal
Columns = Mapping[str, int | float | Decimal | None]

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


def measures(delivered: Columns, cancelled: Columns) -> dict[str, Number | None]:
    """All measures of one cut, given what was counted of its delivered and of its cancelled events."""
    found: dict[str, Number | None] = {key: count(delivered, key) for key in COUNTS}
    found |= {key: amount(delivered, key) for key in SUMS}
    found |= {key: median(delivered, key) for key in MEDIANS}
    found |= {key: count(delivered, key) + count(cancelled, key) for key in CHARGES}
    found |= {key: amount(delivered, key) + amount(cancelled, key) for key in AMOUNTS}
    found["events_delivered"] = count(delivered, "events")
    found["events_cancelled"] = count(cancelled, "events")
    found["bookings_on_cancelled_events"] = count(cancelled, "bookings")
    found["attended_hours"] = Decimal(count(delivered, "attended_minutes")) / 60
    found["hours_of_a_delegate_day"] = HOURS_OF_A_DELEGATE_DAY
    return found | of_bookings(delivered)


def of_bookings(delivered: Columns) -> dict[str, Number]:
    """What the rates are made of. Walk-ins are in those only that name them: a rate of the booked has them nowhere."""
    ledger = Ledger.of(delivered)
    outcomes = ledger.outcomes
    did_not_attend = count(delivered, "booked_who_did_not_come")
    due = count(delivered, "booked_who_came") + did_not_attend
    not_given_up = due + count(delivered, "booked_unknown")
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
        "confirmed_at_start": not_given_up + count(delivered, "cancelled_after_start"),
        "unknown_outcomes": outcomes["unknown"],
    }


def count(columns: Columns, key: str) -> int:
    return int(columns.get(key) or 0)


def amount(columns: Columns, key: str) -> Decimal:
    return Decimal(columns.get(key) or 0)


def median(columns: Columns, key: str) -> Decimal | None:
    """PostgreSQL gives medians as binary fractions: str() is the shortest number that means the same."""
    value = columns.get(key)
    return None if value is None else Decimal(str(value))

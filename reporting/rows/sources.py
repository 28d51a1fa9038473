"""Where each measure's rows are: one registry, from the keys of the definitions to conditions on rows.

counting.py says the same in SQL, for speed; tests/reporting open every figure and hold the two against each other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import F, Q

from bookings.models import Booking
from bookings.models.booking import ATTENDED, CAME_OR_NOT
from invoicing.models import Charge, Invoice
from reporting.definitions import AGENCY_TYPES_OF_A_MIX
from reporting.rows.scope import Scope

Outcome, Source, ChargeState = Booking.Outcome, Booking.Source, Charge.State


class Of(StrEnum):
    """What the rows are."""

    EVENTS = "events"
    BOOKINGS = "bookings"
    CHARGES = "charges"
    EVALUATIONS = "evaluations"  # events with what was answered there


class Adds(StrEnum):
    """How the rows' values make the measure."""

    UP = "up"  # their sum; 1 each where they are counted
    PEOPLE = "people"  # the number of different people
    MEDIAN = "median"
    # Never to be had from the rows: they say where the answers were given, not what was answered.
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Rule:
    """Which rows, given a scope; value names the row's own number, empty where each row counts as 1.

    needs names what else the condition asks about an event, beside what it attended.
    """

    of: Of
    where: Callable[[Scope], Q]
    value: str = ""
    adds: Adds = Adds.UP
    needs: str = ""


IN_LEDGER = Q(placed_at__isnull=False)
BOOKED = IN_LEDGER & ~Q(source=Source.WALK_IN)
CAME = IN_LEDGER & Q(outcome__in=ATTENDED)
ABSENT = BOOKED & Q(outcome=Outcome.DID_NOT_ATTEND)
CAME_OR_ABSENT = BOOKED & Q(outcome__in=CAME_OR_NOT)
UNKNOWN = Q(outcome=None)
LATE = IN_LEDGER & Q(outcome=Outcome.CANCELLED_LATE)
NOT_GIVEN_UP = CAME_OR_ABSENT | BOOKED & UNKNOWN
GIVEN_UP_AFTER_START = (
    BOOKED
    & Q(outcome__in=[Outcome.CANCELLED_IN_TIME, Outcome.CANCELLED_LATE])
    & Q(received_at__gte=F("event__starts_at"))
)


def events(condition: Q | None = None, value: str = "", adds: Adds = Adds.UP, needs: str = "") -> Rule:
    return Rule(Of.EVENTS, lambda scope: scope.delivered() & (condition or Q()), value, adds, needs)


def bookings(condition: Q, adds: Adds = Adds.UP) -> Rule:
    return Rule(Of.BOOKINGS, lambda scope: scope.bookings() & scope.delivered("event__") & condition, "", adds)


def demand(value: str = "", adds: Adds = Adds.UP) -> Rule:
    """Who waited for an event that is over or was called off; bookings.py leaves out whose demand was met."""
    return Rule(Of.BOOKINGS, lambda scope: scope.bookings() & Q(state=Booking.State.WAITING), value, adds)


def charges(condition: Q, value: str = "net_amount") -> Rule:
    return Rule(Of.CHARGES, lambda scope: scope.bookings("booking__") & condition, value)


def invoiced_in(scope: Scope) -> Q:
    """By the invoice's date, whenever the event was."""
    return Q(line__invoice__state=Invoice.State.ISSUED, line__invoice__financial_year=scope.year.code)


def evaluations(value: str, adds: Adds = Adds.UP) -> Rule:
    return Rule(Of.EVALUATIONS, lambda scope: scope.delivered() & scope.evaluated(), value, adds)


RULES: dict[str, Rule] = {
    "events_delivered": events(),
    "events_cancelled": Rule(Of.EVENTS, lambda scope: scope.called_off()),
    "events_in_house": events(Q(is_in_house=True)),
    "open_events": events(Q(is_in_house=False)),
    "mixed_events": events(Q(is_in_house=False, types__gte=AGENCY_TYPES_OF_A_MIX), needs="types"),
    "largest_agency_share": events(Q(is_in_house=False, attended__gt=0), "largest_share", Adds.MEDIAN),
    "places_offered": events(value="places"),
    "places_first_published": events(value="first_published"),
    "places_used": events(value="places_used"),
    "empty_places": events(value="empty_places"),
    "attended_hours": events(value="hours"),
    "delegates_attended": bookings(CAME),
    "all_attended": Rule(Of.BOOKINGS, lambda scope: scope.whole.bookings() & scope.delivered("event__") & CAME),
    "delegates_asked": Rule(
        Of.BOOKINGS, lambda scope: scope.bookings() & scope.delivered("event__") & scope.evaluated("event__") & CAME
    ),
    "booked": bookings(BOOKED),
    "walk_ins": bookings(IN_LEDGER & Q(source=Source.WALK_IN)),
    "booked_who_came": bookings(BOOKED & Q(outcome__in=ATTENDED)),
    "did_not_attend": bookings(ABSENT),
    "booked_and_due": bookings(CAME_OR_ABSENT),
    "cancelled_in_time": bookings(IN_LEDGER & Q(outcome=Outcome.CANCELLED_IN_TIME)),
    "cancelled_late": bookings(LATE),
    "lost_late": bookings(ABSENT | LATE),
    "confirmed_at_cut_off": bookings(NOT_GIVEN_UP | LATE),
    "confirmed_at_start": bookings(NOT_GIVEN_UP | GIVEN_UP_AFTER_START),
    "bookings_on_cancelled_events": Rule(
        Of.BOOKINGS, lambda scope: scope.bookings() & scope.called_off("event__") & IN_LEDGER
    ),
    "unknown_outcomes": bookings(IN_LEDGER & UNKNOWN),
    "people_trained": bookings(CAME, Adds.PEOPLE),
    "repeat_non_attendance": bookings(ABSENT, Adds.PEOPLE),
    "unmet_demand": demand(),
    "median_wait": demand("days", Adds.MEDIAN),
    "charges": charges(~Q(state=ChargeState.WAIVED), ""),
    "charges_waived": charges(Q(state=ChargeState.WAIVED), ""),
    "proposed_amount": charges(Q()),
    "undecided_amount": charges(Q(state__in=[ChargeState.PROPOSED, ChargeState.DISPUTED])),
    "waived_amount": charges(Q(state=ChargeState.WAIVED)),
    "waived_exempt_amount": charges(Q(waiver=Charge.Waiver.EXEMPT)),
    "waived_discretion_amount": charges(Q(waiver=Charge.Waiver.DISCRETION)),
    "waived_mistake_amount": charges(Q(waiver=Charge.Waiver.MISTAKE)),
    "confirmed_amount": charges(Q(state=ChargeState.CONFIRMED)),
    "invoiced_amount": charges(Q(state=ChargeState.INVOICED)),
    "credited_amount": charges(Q(state=ChargeState.CREDITED)),
    "invoiced_in_year_amount": Rule(Of.CHARGES, invoiced_in, "net_amount"),
    "responses": evaluations("responses"),
    "answers_before": evaluations("answers_before"),
    "answers_after": evaluations("answers_after"),
    "sum_before": evaluations("responses", Adds.NOT),
    "sum_after": evaluations("responses", Adds.NOT),
    "improved": evaluations("responses", Adds.NOT),
    "same": evaluations("responses", Adds.NOT),
    "lower": evaluations("responses", Adds.NOT),
}

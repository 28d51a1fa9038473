"""The figures of the utilisation report in words: each with its name, numerator, denominator and rule.

Every other module asks here: what is counted (measures.py), how a value is made (figures.py), what the report prints.
The keys are also those of addresses, CSV and JSON: renaming one breaks links and spreadsheets that people have made.
"""

from dataclasses import dataclass
from enum import StrEnum

# Part of the definitions, and settings of a kind: changing one changes what past reports would have said.
AGENCY_TYPES_OF_A_MIX = 3
HOURS_OF_A_DELEGATE_DAY = 6
ABSENCES_THAT_REPEAT = 2


class Unit(StrEnum):
    NUMBER = "number"
    PERCENT = "percent"  # one decimal in data, whole in headlines
    POUNDS = "pounds"
    DAYS = "days"
    SCORE = "score"  # a mean of answers, two decimals


class CutKind(StrEnum):
    """What a set of figures is about."""

    ALL = "all"  # the partnership's training: conferences and e-learning apart
    COURSE = "course"
    AGENCY = "agency"
    CONFERENCES = "conferences"
    E_LEARNING = "e-learning"


EVENTS = frozenset({CutKind.ALL, CutKind.COURSE, CutKind.CONFERENCES, CutKind.E_LEARNING})
# E-learning has no places, and is never in utilisation.
PLACES = EVENTS - {CutKind.E_LEARNING}
TRAINING = frozenset({CutKind.ALL, CutKind.COURSE})
BOOKINGS = frozenset(CutKind)
ALL = frozenset({CutKind.ALL})


@dataclass(frozen=True, slots=True)
class Figure:
    """How a figure is made: numerator and denominator are keys of measures.MEASURES."""

    key: str
    name: str
    unit: Unit
    numerator: str
    denominator: str | None = None
    rule: str = ""
    cuts: frozenset[CutKind] = BOOKINGS

    @property
    def is_about_money(self) -> bool:
        return self.key in MONEY

    @property
    def is_about_evaluation(self) -> bool:
        return self.key in EVALUATION


_NO_WALK_INS = "Walk-ins are in neither."
_EVALUATED = "Over all answers, of events that ended more than 14 days ago. Opens to events, never to answers."
_BY_YEAR_OF_EVENT = "Without VAT, by the year in which the event's last session was."

# What numerators and denominators are, in words.
MEASURES = {
    "events_delivered": "events delivered",
    "events_cancelled": "events cancelled",
    "events_in_house": "in-house events delivered",
    "open_events": "events delivered that are not in-house",
    "mixed_events": "events attended by at least 3 types of agency",
    "largest_agency_share": "median share of the largest agency",
    "places_offered": "places offered",
    "places_first_published": "places first published",
    "places_used": "delegates attended, at most as many as places, event by event",
    "empty_places": "places without a delegate, event by event",
    "delegates_attended": "delegates attended",
    "all_attended": "delegates attended, of all agencies",
    "delegates_asked": "delegates attended, of events whose evaluation is closed",
    "booked": "bookings that held a place",
    "walk_ins": "walk-ins",
    "booked_who_came": "booked delegates who came",
    "did_not_attend": "booked delegates who did not attend",
    "booked_and_due": "booked delegates who came or did not attend",
    "cancelled_in_time": "bookings cancelled in time",
    "cancelled_late": "bookings cancelled late",
    "lost_late": "bookings that did not attend or were cancelled late",
    "confirmed_at_cut_off": "bookings not given up in time",
    "confirmed_at_start": "bookings confirmed when the event began",
    "bookings_on_cancelled_events": "bookings on cancelled events",
    "unknown_outcomes": "bookings whose register is not closed",
    "people_trained": "different people who attended",
    "repeat_non_attendance": "people who did not attend twice or more",
    "attended_hours": "hours of the sessions attended",
    "hours_of_a_delegate_day": "hours of a day",
    "unmet_demand": "people waiting for a course that they did not attend",
    "median_wait": "median of their days on the waiting list",
    "charges": "charges not waived",
    "charges_waived": "charges waived",
    "proposed_amount": "pounds proposed",
    "undecided_amount": "pounds to decide",
    "waived_amount": "pounds waived",
    "waived_exempt_amount": "pounds waived for an exempt reason",
    "waived_discretion_amount": "pounds waived at discretion",
    "waived_mistake_amount": "pounds waived as recorded in error",
    "confirmed_amount": "pounds confirmed and not yet invoiced",
    "invoiced_amount": "pounds invoiced and not credited",
    "credited_amount": "pounds credited",
    "invoiced_in_year_amount": "pounds on invoices issued in the year",
    "responses": "evaluations",
    "answers_before": "answers to confidence before",
    "answers_after": "answers to confidence after",
    "sum_before": "sum of the answers to confidence before",
    "sum_after": "sum of the answers to confidence after",
    "improved": "evaluations with a higher confidence after",
    "same": "evaluations with the same confidence",
    "lower": "evaluations with a lower confidence after",
}

_FIGURES = (
    Figure(
        "events_delivered", "Events delivered", Unit.NUMBER, "events_delivered",
        rule="Published events whose last session is over and in the year. Conferences and e-learning are apart, "
        "cancelled events too.", cuts=EVENTS,
    ),
    Figure(
        "events_cancelled", "Events cancelled", Unit.NUMBER, "events_cancelled",
        rule="Cancelled or broken off; their last session would have been in the year.", cuts=EVENTS,
    ),
    Figure(
        "events_in_house", "In-house events", Unit.NUMBER, "events_in_house",
        rule="Delivered events for one agency or team; they are among the events delivered.", cuts=EVENTS,
    ),
    Figure(
        "places_offered", "Places offered", Unit.NUMBER, "places_offered",
        rule="Places of delivered events when booking closed.", cuts=PLACES,
    ),
    Figure(
        "places_first_published", "Places first published", Unit.NUMBER, "places_first_published",
        rule="Places of the same events when they were first published.", cuts=PLACES,
    ),
    Figure(
        "delegates_attended", "Delegates attended", Unit.NUMBER, "delegates_attended",
        rule="Bookings of delivered events with the outcome attended or part attended, walk-ins included: attendances, "
        "not people.",
    ),
    Figure(
        "utilisation", "Utilisation", Unit.PERCENT, "delegates_attended", "places_offered",
        rule="Over all events together, never a mean of event rates. It may pass 100%.", cuts=PLACES,
    ),
    Figure(
        "capped_utilisation", "Capped utilisation", Unit.PERCENT, "places_used", "places_offered",
        rule="Each event counts with no more delegates than it has places.", cuts=PLACES,
    ),
    Figure(
        "empty_places", "Empty places", Unit.NUMBER, "empty_places",
        rule="Places without a delegate, event by event: an overfull event never hides an empty one.", cuts=PLACES,
    ),
    Figure(
        "fill_rate", "Fill rate", Unit.PERCENT, "confirmed_at_start", "places_offered",
        rule="Bookings still confirmed when the event began; walk-ins are not among them.", cuts=PLACES,
    ),
    Figure(
        "booked", "Booked", Unit.NUMBER, "booked",
        rule="Bookings of delivered events that ever held a place: booked, substitutes and moved in. No walk-ins.",
    ),
    Figure("walk_ins", "Walk-ins", Unit.NUMBER, "walk_ins", rule="People who attended without a booking."),
    Figure(
        "did_not_attend", "Did not attend", Unit.NUMBER, "did_not_attend",
        rule="Booked, not cancelled and not there, by the closed register.",
    ),
    Figure(
        "early_cancellations", "Cancelled in time", Unit.NUMBER, "cancelled_in_time",
        rule="Bookings of delivered events, cancelled with the notice that the policy asks for.",
    ),
    Figure(
        "late_cancellations", "Cancelled late", Unit.NUMBER, "cancelled_late",
        rule="Bookings of delivered events, cancelled with less notice than the policy asks for.",
    ),
    Figure(
        "show_up_rate", "Show-up rate", Unit.PERCENT, "booked_who_came", "booked_and_due",
        rule=f"Of those booked who came or did not attend, those who came. {_NO_WALK_INS}",
    ),
    Figure(
        "dna_rate", "Did-not-attend rate", Unit.PERCENT, "did_not_attend", "booked_and_due",
        rule=f"Of those booked who came or did not attend, those who did not. {_NO_WALK_INS}",
    ),
    Figure(
        "completion_rate", "Completed", Unit.PERCENT, "booked_who_came", "booked_and_due",
        rule="Of those enrolled whose time is over.", cuts=frozenset({CutKind.E_LEARNING}),
    ),
    Figure(
        "late_loss", "Late loss", Unit.PERCENT, "lost_late", "confirmed_at_cut_off",
        rule="Did not attend or cancelled late, of all bookings that were not cancelled, passed on or moved in time. "
        f"{_NO_WALK_INS}",
    ),
    Figure(
        "early_cancellation_rate", "Cancelled in time, rate", Unit.PERCENT, "cancelled_in_time", "booked",
        rule="Of all bookings that ever held a place.",
    ),
    Figure(
        "late_cancellation_rate", "Cancelled late, rate", Unit.PERCENT, "cancelled_late", "booked",
        rule="Of all bookings that ever held a place.",
    ),
    Figure(
        "bookings_on_cancelled_events", "Bookings on cancelled events", Unit.NUMBER, "bookings_on_cancelled_events",
        rule="Bookings that held a place on an event that was cancelled or broken off. They are in no rate.",
    ),
    Figure(
        "unknown_outcomes", "Outcome unknown", Unit.NUMBER, "unknown_outcomes",
        rule="The register of a delivered event is not closed: neither attended nor absent. A report with any is "
        "provisional.",
    ),
    Figure(
        "share_of_attendance", "Share of attendance", Unit.PERCENT, "delegates_attended", "all_attended",
        rule="Of the delegates of all agencies who attended.", cuts=frozenset({CutKind.AGENCY}),
    ),
    Figure(
        "people_trained", "People trained", Unit.NUMBER, "people_trained",
        rule="Different people who attended. Those who changed agency during the year count once with each.",
    ),
    Figure(
        "repeat_non_attendance", "Repeat non-attendance", Unit.NUMBER, "repeat_non_attendance",
        rule="People who did not attend twice or more in the year.", cuts=ALL,
    ),
    Figure(
        "delegate_days", "Delegate-days", Unit.DAYS, "attended_hours", "hours_of_a_delegate_day",
        rule="Hours of the sessions attended, divided by 6. A session left early counts whole.", cuts=EVENTS,
    ),
    Figure(
        "multi_agency_mix", "Multi-agency mix", Unit.PERCENT, "mixed_events", "open_events",
        rule="Delivered events attended by at least 3 types of agency, of those that are not in-house.", cuts=TRAINING,
    ),
    Figure(
        "largest_agency_share", "Largest agency's share", Unit.PERCENT, "largest_agency_share",
        rule="How much of an event's attendance its largest agency was: the median of those events.", cuts=TRAINING,
    ),
    Figure(
        "unmet_demand", "Unmet demand", Unit.NUMBER, "unmet_demand",
        rule="People on the waiting list of an event of the year when it was over, once per course, who attended no "
        "event of that course in the year.", cuts=TRAINING,
    ),
    Figure(
        "median_wait", "Median wait", Unit.DAYS, "median_wait",
        rule="Days from joining the waiting list to the end of the year, of the same people.", cuts=TRAINING,
    ),
    Figure("charges", "Charges", Unit.NUMBER, "charges", rule="Charges proposed and not waived."),
    Figure("charges_waived", "Charges waived", Unit.NUMBER, "charges_waived", rule="Proposed and then waived."),
    Figure("proposed_amount", "Proposed", Unit.POUNDS, "proposed_amount", rule=f"All charges. {_BY_YEAR_OF_EVENT}"),
    Figure(
        "undecided_amount", "To decide", Unit.POUNDS, "undecided_amount",
        rule=f"Proposed or disputed, and not decided. {_BY_YEAR_OF_EVENT}",
    ),
    Figure("waived_amount", "Waived", Unit.POUNDS, "waived_amount", rule=_BY_YEAR_OF_EVENT),
    Figure(
        "waived_exempt_amount", "Waived: exempt reason", Unit.POUNDS, "waived_exempt_amount", rule=_BY_YEAR_OF_EVENT,
    ),
    Figure(
        "waived_discretion_amount", "Waived: at discretion", Unit.POUNDS, "waived_discretion_amount",
        rule=_BY_YEAR_OF_EVENT,
    ),
    Figure(
        "waived_mistake_amount", "Waived: recorded in error", Unit.POUNDS, "waived_mistake_amount",
        rule=_BY_YEAR_OF_EVENT,
    ),
    Figure(
        "confirmed_amount", "Confirmed, not yet invoiced", Unit.POUNDS, "confirmed_amount", rule=_BY_YEAR_OF_EVENT,
    ),
    Figure(
        "invoiced_amount", "Invoiced", Unit.POUNDS, "invoiced_amount",
        rule=f"The non-attendance money of the year: on issued invoices and not credited. {_BY_YEAR_OF_EVENT}",
    ),
    Figure(
        "credited_amount", "Credited", Unit.POUNDS, "credited_amount",
        rule=f"Invoiced and then taken back. {_BY_YEAR_OF_EVENT}",
    ),
    Figure(
        "invoiced_in_year_amount", "Invoiced in the year", Unit.POUNDS, "invoiced_in_year_amount",
        rule="Without VAT, by the date of the invoice, whenever the event was: finance's view.", cuts=ALL,
    ),
    Figure("responses", "Evaluations", Unit.NUMBER, "responses", rule=_EVALUATED, cuts=TRAINING),
    Figure(
        "response_rate", "Evaluation response", Unit.PERCENT, "responses", "delegates_asked",
        rule=f"Of the delegates who attended. {_EVALUATED}", cuts=TRAINING,
    ),
    Figure(
        "mean_before", "Confidence before", Unit.SCORE, "sum_before", "answers_before", rule=_EVALUATED, cuts=TRAINING,
    ),
    Figure(
        "mean_after", "Confidence after", Unit.SCORE, "sum_after", "answers_after", rule=_EVALUATED, cuts=TRAINING,
    ),
    Figure("improved", "Confidence rose", Unit.NUMBER, "improved", rule=_EVALUATED, cuts=TRAINING),
    Figure("same", "Confidence stayed the same", Unit.NUMBER, "same", rule=_EVALUATED, cuts=TRAINING),
    Figure("lower", "Confidence fell", Unit.NUMBER, "lower", rule=_EVALUATED, cuts=TRAINING),
)  # fmt: skip

FIGURES: dict[str, Figure] = {figure.key: figure for figure in _FIGURES}

MONEY = frozenset(key for key in FIGURES if key.endswith("_amount") or key.startswith("charges"))
EVALUATION = frozenset(
    {"responses", "response_rate", "mean_before", "mean_after", "improved", "same", "lower"}
)  # fmt: skip


_OF_KIND = {kind: tuple(figure for figure in _FIGURES if kind in figure.cuts) for kind in CutKind}


def figures_of(kind: CutKind) -> tuple[Figure, ...]:
    """In the order in which they are printed."""
    return _OF_KIND[kind]

"""Which figures stand in which table of the report: the same on the page, in the workbook and in the PDF."""

from collections.abc import Callable, Iterable

from reporting.definitions import EVALUATION, FIGURES, MONEY, CutKind, figures_of
from reporting.figures import Value
from reporting.utilisation import Report

HEADLINE = ("events_delivered", "places_offered", "delegates_attended", "utilisation", "people_trained")
# The headline with what one chart can hold first: counts of the same order.
YEAR_BESIDE_YEAR = ("places_offered", "delegates_attended", "people_trained", "events_delivered", "utilisation")
BY_COURSE = (
    "events_delivered",
    "places_offered",
    "delegates_attended",
    "utilisation",
    "did_not_attend",
    "late_cancellations",
    "early_cancellations",
    "responses",
)
BY_AGENCY = (
    "booked",
    "walk_ins",
    "delegates_attended",
    "share_of_attendance",
    "did_not_attend",
    "late_cancellations",
    "early_cancellations",
    "people_trained",
)
MONEY_BY_AGENCY = ("charges", "charges_waived", "invoiced_amount")
EVALUATION_BY_COURSE = tuple(key for key in FIGURES if key in EVALUATION)
WHOLE = tuple(figure.key for figure in figures_of(CutKind.ALL))


def pairs(report: Report, keys: Iterable[str]) -> list[tuple[Value, Value]]:
    """Figures of the whole, this year's beside the one of the year before."""
    return [(report.this.whole.value(key), report.before.whole.value(key)) for key in keys]


def figure_keys(kind: str) -> list[str]:
    """Keys of the whole's figures: about "money", "evaluation", or (training) everything else."""
    chosen: dict[str, Callable[[str], bool]] = {
        "money": lambda key: key in MONEY,
        "evaluation": lambda key: key in EVALUATION,
        "training": lambda key: key not in MONEY | EVALUATION,
    }
    return [key for key in WHOLE if chosen[kind](key)]

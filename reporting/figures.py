"""The figures of one cut: values made from measures, by the definitions."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from reporting.definitions import FIGURES, CutKind, Figure, Unit, figures_of
from reporting.ledger import Ledger
from reporting.measures import Number

STEPS = {
    Unit.NUMBER: Decimal(1),
    Unit.PERCENT: Decimal("0.1"),
    Unit.POUNDS: Decimal("0.01"),
    Unit.DAYS: Decimal("0.1"),
    Unit.SCORE: Decimal("0.01"),
}
# Left out where a cut shows no evaluation of its own (release.py); how many answered is no secret.
RELEASED_ONLY = frozenset({"mean_before", "mean_after", "improved", "same", "lower"})


@dataclass(frozen=True, slots=True)
class Value:
    """One figure of one cut. value None: there is nothing to divide by, or it is withheld."""

    figure: Figure
    value: Number | None
    numerator: Number | None
    denominator: Number | None
    is_withheld: bool = False

    @property
    def is_flagged(self) -> bool:
        """More delegates than places: the capped figure belongs beside it."""
        return self.figure.key == "utilisation" and self.value is not None and self.value > 100

    @property
    def whole(self) -> int | None:
        """For headlines."""
        return None if self.value is None else int(rounded(self.value, Unit.NUMBER))


@dataclass(frozen=True, slots=True)
class Cut:
    """The figures of the whole, a course or an agency; its code is the course's code or the agency's reference."""

    kind: CutKind
    code: str
    name: str
    measures: Mapping[str, Number | None]
    ledger: Ledger
    # Of the bookings on cancelled events, which are in no rate.
    cancelled_events_ledger: Ledger
    withholds_evaluation: bool = False

    def value(self, key: str) -> Value:
        """Raises KeyError for a figure that this kind of cut does not have."""
        figure = FIGURES[key]
        if self.kind not in figure.cuts:
            raise KeyError(f"{key} is no figure of a cut by {self.kind}")
        if self.withholds_evaluation and key in RELEASED_ONLY:
            return Value(figure, None, None, None, is_withheld=True)
        numerator = self.measures[figure.numerator]
        denominator = None if figure.denominator is None else self.measures[figure.denominator]
        return Value(figure, _value(figure, numerator, denominator), numerator, denominator)

    def __getitem__(self, key: str) -> Number | None:
        """cut["utilisation"]: the value alone."""
        return self.value(key).value

    def values(self) -> list[Value]:
        """All its figures, in the order in which they are printed."""
        return [self.value(figure.key) for figure in figures_of(self.kind)]


def rounded(value: Number, unit: Unit) -> Decimal:
    """As a unit is written in data, half upwards: 95.25 per cent is 95.3."""
    return Decimal(value).quantize(STEPS[unit], ROUND_HALF_UP)


def percent(numerator: Number, denominator: Number) -> Decimal | None:
    """To one decimal; None of nothing."""
    return rounded(Decimal(numerator) * 100 / Decimal(denominator), Unit.PERCENT) if denominator else None


def _value(figure: Figure, numerator: Number | None, denominator: Number | None) -> Number | None:
    if numerator is None or (figure.denominator is not None and not denominator):
        return None
    if denominator and figure.unit is Unit.PERCENT:
        return percent(numerator, denominator)
    if denominator:
        return rounded(Decimal(numerator) / Decimal(denominator), figure.unit)
    return numerator if figure.unit is Unit.NUMBER else rounded(numerator, figure.unit)

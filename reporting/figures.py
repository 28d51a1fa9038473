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

    def __getitem__(self, key: str) -> Number | None:
        """cut["utilisation"]: the value alone. Raises KeyError for a figure that this kind of cut does not have."""
        figure = FIGURES[key]
        if self.kind not in figure.cuts:
            raise KeyError(f"{key} is no figure of a cut by {self.kind}")
        return self._number(figure)

    def value(self, key: str) -> Value:
        """The value with what it is made of. Raises KeyError as above."""
        number, figure = self[key], FIGURES[key]
        if self._withholds(figure):
            return Value(figure, None, None, None, is_withheld=True)
        return Value(figure, number, self.measures[figure.numerator], self._denominator(figure))

    def values(self) -> list[Value]:
        """All its figures, in the order in which they are printed."""
        return [self.value(figure.key) for figure in figures_of(self.kind)]

    def numbers(self) -> dict[str, Number | None]:
        """As values(), the numbers alone."""
        return {figure.key: self._number(figure) for figure in figures_of(self.kind)}

    def _number(self, figure: Figure) -> Number | None:
        if self._withholds(figure):
            return None
        return _made(figure, self.measures[figure.numerator], self._denominator(figure))

    def _withholds(self, figure: Figure) -> bool:
        return self.withholds_evaluation and figure.key in RELEASED_ONLY

    def _denominator(self, figure: Figure) -> Number | None:
        return None if figure.denominator is None else self.measures[figure.denominator]


def rounded(value: Number, unit: Unit) -> Decimal:
    """As a unit is written in data, half upwards: 95.25 per cent is 95.3."""
    return Decimal(value).quantize(STEPS[unit], ROUND_HALF_UP)


def percent(numerator: Number, denominator: Number) -> Decimal | None:
    """To one decimal; None of nothing."""
    return rounded(Decimal(numerator) * 100 / Decimal(denominator), Unit.PERCENT) if denominator else None


def _made(figure: Figure, numerator: Number | None, denominator: Number | None) -> Number | None:
    if figure.unit is Unit.NUMBER or numerator is None:
        return numerator
    if figure.denominator is None:
        return rounded(numerator, figure.unit)
    if not denominator:
        return None
    if figure.unit is Unit.PERCENT:
        return percent(numerator, denominator)
    return rounded(Decimal(numerator) / Decimal(denominator), figure.unit)

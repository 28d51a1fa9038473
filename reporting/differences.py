"""In which figures two reports of one year differ: the one that was published, and today's."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reporting import layout
from reporting.definitions import FIGURES, CutKind
from reporting.figures import Cut, Value
from reporting.utilisation import Report
from training.financial_year import FinancialYear

# What the report shows of each; of the whole it shows everything, and the year before beside it.
SHOWN = {
    CutKind.COURSE: layout.BY_COURSE + layout.EVALUATION_BY_COURSE,
    CutKind.AGENCY: layout.BY_AGENCY + layout.MONEY_BY_AGENCY,
    CutKind.CONFERENCES: ("events_delivered", "places_offered", "delegates_attended"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that moved, of the year and the cut that it is of."""

    year: FinancialYear
    kind: CutKind
    code: str
    about: str
    before: Value
    after: Value

    @property
    def key(self) -> str:
        return self.after.figure.key


def between(published: Report, now: Report) -> list[Difference]:
    """In the order of the report: the whole, the year before, conferences, courses, agencies."""
    was, this = published.this, now.this
    found = [
        *of_cut(this.year, was.whole, this.whole),
        *of_cut(now.before.year, published.before.whole, now.before.whole),
        *of_cut(this.year, was.conferences, this.conferences),
    ]
    for then, today in ((was.courses, this.courses), (was.agencies, this.agencies)):
        found += _of_each(this.year, then, today)
    return found


def of_cut(year: FinancialYear, was: Cut, now: Cut, keys: Iterable[str] | None = None) -> list[Difference]:
    """Of one cut; keys: if not those that the report shows of it."""
    keys = SHOWN.get(now.kind, layout.WHOLE) if keys is None else keys
    pairs = ((was.value(key), now.value(key)) for key in keys if now.kind in FIGURES[key].cuts)
    return list(_moved(year, now, pairs))


def _of_each(year: FinancialYear, was: Iterable[Cut], now: Iterable[Cut]) -> Iterator[Difference]:
    """By code, as a name may have changed; what is in one of them only had nothing in the other."""
    then, today = {cut.code: cut for cut in was}, {cut.code: cut for cut in now}
    for code in {**today, **then}:
        known = today.get(code) or then[code]
        pairs = ((_value(then.get(code), key), _value(today.get(code), key)) for key in SHOWN[known.kind])
        yield from _moved(year, known, pairs)


def _moved(year: FinancialYear, cut: Cut, pairs: Iterable[tuple[Value, Value]]) -> Iterator[Difference]:
    for before, after in pairs:
        if _differ(before, after):
            yield Difference(year, cut.kind, cut.code, cut.name, before, after)


def _value(cut: Cut | None, key: str) -> Value:
    return Value(FIGURES[key], None, None, None) if cut is None else cut.value(key)


def _differ(before: Value, after: Value) -> bool:
    """What was withheld, or is, has not moved; and nothing is not another figure than none."""
    if before.is_withheld or after.is_withheld:
        return False
    return before.value != after.value and bool(before.value or after.value)

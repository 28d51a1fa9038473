"""The utilisation report of a year beside S, one hand-written SQL statement with the same result: at most 1.5 × S.

On the demonstration's workbook and on 1,000,000 generated bookings over ten years, each in a database of its own, in
rounds that take turns. Beside them what no report can pass: its own three statements alone, and counting all bookings.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from script.benchmarks._database import own_database

GOAL, MOST_QUERIES = 1.5, 3
YEAR = "2018-19"
WORKBOOK = Path(__file__).resolve().parents[2] / "programme" / "demonstration" / "bscb-2018-19.xlsx"

# How S names what a cut of the report is about.
KINDS = {"training": "all", "conference": "conferences"}


@dataclass
class Measured:
    """Milliseconds a call, round by round."""

    report: list[float] = field(default_factory=list)
    s: list[float] = field(default_factory=list)
    statements: list[float] = field(default_factory=list)
    counting: list[float] = field(default_factory=list)

    @property
    def ratios(self) -> list[float]:
        return [report / s for report, s in zip(self.report, self.s, strict=True)]


class Both:
    """The report and S, asked about the same year at the same moment."""

    def __init__(self) -> None:
        from django.db import connection
        from django.utils import timezone

        from reporting import release
        from training.financial_year import FinancialYear

        self.connection = connection
        self.now = timezone.now()
        self.year = FinancialYear.parse(YEAR)
        self.facts: dict[str, Any] = {
            "before": self.year.previous.starts_at,
            "this": self.year.starts_at,
            "until": min(self.year.ends_at, self.now),
            "this_code": self.year.code,
            "before_code": self.year.previous.code,
            "evaluated_until": release.evaluated_until(self.now),
        }

    def report(self) -> dict[str, Any]:
        """From the call to plain values, as the command prints them."""
        from reporting import formats, utilisation

        return formats.as_json(utilisation.report(self.year, now=self.now))

    def s(self) -> list[dict[str, Any]]:
        from script.benchmarks._one_statement import S

        with self.connection.cursor() as cursor:
            cursor.execute(S, self.facts)
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def statements(self) -> None:
        """What the report asks, without what it makes of the answers."""
        for statement in self.asked():
            with self.connection.cursor() as cursor:
                cursor.execute(statement)
                cursor.fetchall()

    def asked(self) -> list[str]:
        if not hasattr(self, "_asked"):
            from django.test.utils import CaptureQueriesContext

            with CaptureQueriesContext(self.connection) as captured:
                self.report()
            self._asked = [query["sql"].replace("%", "%%") for query in captured.captured_queries]
        return self._asked

    def counting(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("select count(*) from bookings_booking")
            cursor.fetchall()

    def differences(self) -> list[str]:
        """Where the report and S say different things: figures, and ledgers by source and outcome."""
        from reporting import utilisation

        found = utilisation.report(self.year, now=self.now)
        cuts = {
            (number, cut.kind.value, cut.code): cut
            for number, year in ((1, found.this), (0, found.before))
            for cut in year.cuts
        }
        different = []
        for row in self.s():
            key = (row["year"], KINDS.get(row["cut"], row["cut"]), row["code"])
            cut = cuts.pop(key)
            ours = {value.figure.key: value.value for value in cut.values() if not value.is_withheld}
            ours |= {f"source_{source.replace('-', '_')}": number for source, number in cut.ledger.sources.items()}
            ours |= {f"outcome_{outcome.replace('-', '_')}": number for outcome, number in cut.ledger.outcomes.items()}
            different += [
                f"{key} {figure}: {value} here, {row[figure]} there"
                for figure, value in ours.items()
                if figure in row and value != row[figure]
            ]
        return different + [f"{key} is not in S" for key in cuts]


def fill_from_workbook() -> None:
    from invoicing import charges, invoices
    from programme import importing

    importing.run(WORKBOOK)
    charges.propose()
    for year in ("2017-18", YEAR):
        invoices.raise_for(year, via="benchmark")


def fill_generated(bookings: int) -> Callable[[], None]:
    def fill() -> None:
        from script.benchmarks import _generate

        _generate.generate(bookings=bookings)

    return fill


def measure(name: str, fill: Callable[[], None], *, rounds: int, calls: int, keep: bool) -> bool:
    with own_database(f"report_{name}", keep=keep):
        from bookings.models import Booking

        if not Booking.objects.exists():
            fill()
        both = Both()
        with both.connection.cursor() as cursor:
            cursor.execute("vacuum analyze")
        measured = Measured()
        for turn in range(-1, rounds):  # the first warms up
            contenders = [(measured.report, both.report), (measured.s, both.s)]
            floors = [(measured.statements, both.statements), (measured.counting, both.counting)]
            # Each goes first in turn: what the machine does meanwhile must not fall on one of them only.
            for results, call in [*(contenders if turn % 2 else reversed(contenders)), *floors]:
                took = milliseconds(call, calls)
                if turn >= 0:
                    results.append(took)
        return show(f"{Booking.objects.count():,} bookings", measured, both)


def milliseconds(call: Callable[[], object], calls: int) -> float:
    began = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - began) * 1000 / calls


def show(what: str, measured: Measured, both: Both) -> bool:
    report, s, statements, counting = map(
        statistics.median, (measured.report, measured.s, measured.statements, measured.counting)
    )
    ratio, queries, different = statistics.median(measured.ratios), len(both.asked()), both.differences()
    spread = f"[{min(measured.ratios):.2f}, {max(measured.ratios):.2f}]"
    passes = ratio <= GOAL and queries <= MOST_QUERIES and not different
    print(
        f"{what:20} {report:8.1f} {s:8.1f} {ratio:6.2f} {spread:14} {queries:7} {statements:10.1f} {counting:9.1f}  "
        f"{'pass' if passes else 'FAIL'}"
    )
    for line in different[:10]:
        print(f"  FAIL  {line}")
    return passes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="3 or more")
    parser.add_argument("--bookings", type=int, default=1_000_000, help="how many to generate")
    parser.add_argument("--keep", action="store_true", help="leave the databases there, and use them the next time")
    options = parser.parse_args()
    rounds = max(3, options.rounds)
    print(f"ms, median of {rounds} rounds; goal: {GOAL} × S in at most {MOST_QUERIES} queries, with the same result")
    print(f"{'':20} {'report':>8} {'S':>8} {'ratio':>6} {'[least, most]':14} queries statements  count(*)")
    small = measure("workbook", fill_from_workbook, rounds=rounds, calls=10, keep=options.keep)
    large = measure(
        f"{options.bookings}", fill_generated(options.bookings), rounds=rounds, calls=1, keep=options.keep
    )  # fmt: skip
    sys.exit(not (small and large))


if __name__ == "__main__":
    main()

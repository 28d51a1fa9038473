"""The import of the demonstration's workbook (7,654 bookings) beside openpyxl merely loading it, and its peak memory.

    python -m script.benchmarks.import_programme [--rounds 5]

Rounds take turns: openpyxl.load_workbook in its normal mode and in its read-only mode, each in a process of its own
that measures only the call; then the whole command import_programme, from the start of Python to its end, on a migrated
database without a row; then the same workbook again, which changes nothing. Memory is that of the command and of the
process that parses for it, added up every few milliseconds in imports of their own, as looking takes time too.
"""

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import django
import psutil
import psycopg
from django.conf import settings

from script.benchmarks._database import own_database, url, where_the_server_is

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent.parent
WORKBOOK = ROOT / "programme" / "demonstration" / "bscb-2018-19.xlsx"
GOAL = 4.0  # times openpyxl.load_workbook in normal mode, at most
MEMORY_GOAL = 300.0  # MB
LOOK_EVERY = 0.005  # seconds
# What the import says that wrote something, and that had nothing to write.
FIRST, AGAIN = "Made: ", "Nothing to change."

LOAD = """
import sys, time, openpyxl
began = time.perf_counter()
book = openpyxl.load_workbook(sys.argv[1], read_only={read_only})
for sheet in book.worksheets if {read_only} else []:
    for row in sheet.iter_rows(values_only=True):
        pass
print(time.perf_counter() - began)
"""


class Databases:
    """Empty databases, made as often as asked from one that was migrated once."""

    def __init__(self) -> None:
        django.db.connections.close_all()  # a database with a guest cannot be copied
        self.template = settings.DATABASES["default"]["NAME"]
        self.copy = f"{self.template}_copy"

    def make_empty(self) -> None:
        self.drop()
        self.on_the_server(f'create database "{self.copy}" template "{self.template}"')

    def drop(self) -> None:
        self.on_the_server(f'drop database if exists "{self.copy}" with (force)')

    def on_the_server(self, statement: str) -> None:
        with psycopg.connect(**where_the_server_is(), dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)

    @property
    def url(self) -> str:
        """Where the copy is."""
        return url().replace(self.template, self.copy)


def load(*, read_only: bool) -> float:
    """Seconds that openpyxl takes for the workbook, in a process of its own."""
    command = [sys.executable, "-c", LOAD.format(read_only=read_only), str(WORKBOOK)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def import_it(databases: Databases, expected: str, watch: "Callable[[int], object] | None" = None) -> float:
    """Seconds of the whole command, which must say the expected words; watch looks at the process meanwhile."""
    command = [sys.executable, str(ROOT / "manage.py"), "import_programme", str(WORKBOOK)]
    began = time.perf_counter()
    environment = os.environ | {"DATABASE_URL": databases.url}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT) as process:
        if watch:
            watch(process.pid)
        said, _ = process.communicate()
    if process.returncode or expected not in said:
        raise SystemExit(f"The import did not say '{expected}':\n{said[-2000:]}")
    return time.perf_counter() - began


def peak_memory(databases: Databases, expected: str) -> float:
    """MB of the command and its children together, at most."""
    peaks = [0]

    def watch(pid: int) -> None:
        whole = psutil.Process(pid)
        with contextlib.suppress(psutil.NoSuchProcess):
            while whole.status() != psutil.STATUS_ZOMBIE:
                peaks.append(sum(one.memory_info().rss for one in (whole, *whole.children(recursive=True))))
                time.sleep(LOOK_EVERY)

    import_it(databases, expected, watch)
    return max(peaks) / 1e6


def measure(databases: Databases, rounds: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {name: [] for name in ("normal", "read-only", "import", "again", "memory")}

    def floors() -> None:
        found["normal"].append(load(read_only=False))
        found["read-only"].append(load(read_only=True))

    def ours() -> None:
        databases.make_empty()
        found["import"].append(import_it(databases, FIRST))
        found["again"].append(import_it(databases, AGAIN))

    for turn in range(rounds):
        # Each goes first in turn: what the machine does meanwhile must not fall on one of them only.
        order: list[Callable[[], None]] = [floors, ours] if turn % 2 else [ours, floors]
        for step in order:
            step()
    databases.make_empty()
    found["memory"] += [peak_memory(databases, FIRST), peak_memory(databases, AGAIN)]
    return found


def show(found: dict[str, list[float]]) -> bool:
    ratios = [ours / floor for ours, floor in zip(found["import"], found["normal"], strict=True)]
    ratio, memory = statistics.median(ratios), max(found["memory"])
    print(f"seconds, median of {len(ratios)} rounds [least, most]; the commands from the start of Python to its end")
    for name, words in (
        ("read-only", "openpyxl.load_workbook, read-only, all rows (floor)"),
        ("normal", "openpyxl.load_workbook, normal mode"),
        ("import", "import_programme into an empty database"),
        ("again", "import_programme again, nothing to change"),
    ):
        times = found[name]
        print(f"{words:52} {statistics.median(times):6.2f} [{min(times):.2f}, {max(times):.2f}]")
    print(
        f"import : load_workbook {ratio:.2f} [{min(ratios):.2f}, {max(ratios):.2f}]; goal: at most {GOAL:.0f}  "
        f"{'pass' if ratio <= GOAL else 'FAIL'}"
    )
    print(
        f"peak memory, parsing process included: {memory:.0f} MB; goal: under {MEMORY_GOAL:.0f}  "
        f"{'pass' if memory < MEMORY_GOAL else 'FAIL'}"
    )
    return ratio <= GOAL and memory < MEMORY_GOAL


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="3 or more")
    options = parser.parse_args()
    with own_database("import"):
        databases = Databases()
        try:
            found = measure(databases, max(3, options.rounds))
        finally:
            databases.drop()
    sys.exit(not show(found))


if __name__ == "__main__":
    main()

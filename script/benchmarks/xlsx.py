"""A list of 100,000 bookings made into a workbook by the job, beside openpyxl write-only merely writing its cells.

    python -m script.benchmarks.xlsx [--rounds 3] [--bookings 100000]

Ours is the whole job: asking the view again, reading the rows by a cursor of the server's, writing, keeping the file,
recording the export. The floor writes the same values, read beforehand, by openpyxl in write-only mode to a file. Each
in a process of its own, taking turns. The ratio is that of the seconds that the process worked, so that other work on
the machine does not count; those that went by are told too. Memory is the process's highest.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings

from script.benchmarks._database import own_database

ROOT = Path(__file__).resolve().parent.parent.parent
GOAL = 1.3  # times openpyxl, at most
MEMORY_GOAL = 150.0  # MB

START = """
import os, pickle, resource, sys, time
sys.path.insert(0, {root!r})
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
from django.conf import settings
settings.DATABASES["default"]["NAME"] = {database!r}
settings.STORAGES["default"]["OPTIONS"]["location"] = {files!r}
settings.CELERY_BROKER_URL = "memory://"
import django
django.setup()
"""

OURS = (
    START
    + """
def highest():
    if sys.platform == "linux":  # where a process begins with the highest of its parent for getrusage
        with open("/proc/self/status") as status:
            return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
from outbox.models import Job
from outbox.progress import Progress
from frontend.exports import background
from people.models import Person
by = Person.objects.get(reference="ASKER")
file = background.ask(by=by, what="bookings", file_format="xlsx", address="/bookings/download/?state=all")
job = Job.objects.get(key=background.key_of(file))
began, busy = time.perf_counter(), time.process_time()
progress = Progress(job)
with progress.kept():
    made = background.make(job, progress)
took, worked = time.perf_counter() - began, time.process_time() - busy
assert made["rows"] == {rows}, made
print(took, worked, highest())
"""
)

# The values are read as they are written, by turns of the generator, and their reading is not counted.
FLOOR = (
    START
    + """
import openpyxl, tempfile
from frontend.bookings.views import COLUMNS
from frontend.downloads import _cells, Column
from outbox import cells
from bookings.models import Booking
columns = [one if isinstance(one, Column) else Column(one) for one in COLUMNS.values()]
found = Booking.objects.order_by("event__starts_at", "delegate__sort_name", "id")
rows = [[cells.plain(value) for value in row] for row in _cells(columns, found)]
assert len(rows) == {rows}, len(rows)
began, busy = time.perf_counter(), time.process_time()
workbook = openpyxl.Workbook(write_only=True)
sheet = workbook.create_sheet("Bookings")
sheet.append(list(COLUMNS))
for row in rows:
    sheet.append(row)
with tempfile.TemporaryFile() as file:
    workbook.save(file)
print(time.perf_counter() - began, time.process_time() - busy, 0)
"""
)


def run(program: str, **facts: Any) -> tuple[float, float, float]:
    """Seconds of the call, those that it worked, and MB of the process at most."""
    database = settings.DATABASES["default"]["NAME"]
    source = program.format(root=str(ROOT), database=database, **facts)
    done = subprocess.run([sys.executable, "-c", source], check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    seconds, worked, memory = map(float, done.stdout.split()[-3:])
    return seconds, worked, memory


def fill(bookings: int) -> int:
    """A made-up partnership, with a coordinator who asks."""
    from bookings.models import Booking
    from people import accounts
    from people.models import Person, Role, RoleGrant
    from script.benchmarks import _generate

    _generate.generate(bookings=bookings)
    asker = Person.objects.order_by("pk")[0]
    asker.reference, asker.account = "ASKER", accounts.open_account(email="asker@agency.example", password="-" * 20)
    asker.save()
    RoleGrant.objects.create(person=asker, role=Role.COORDINATOR)
    return Booking.objects.count()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="3 or more")
    parser.add_argument("--bookings", type=int, default=100_000)
    options = parser.parse_args()
    found: dict[str, list[tuple[float, float, float]]] = {OURS: [], FLOOR: []}
    with own_database("xlsx"), tempfile.TemporaryDirectory() as files:
        facts = {"rows": fill(options.bookings), "files": files}
        for turn in range(max(3, options.rounds)):
            # Each goes first in turn: what the machine does meanwhile must not fall on one of them only.
            for program in (OURS, FLOOR) if turn % 2 else (FLOOR, OURS):
                found[program].append(run(program, **facts))
        size = max(path.stat().st_size for path in Path(files).rglob("*.xlsx"))
    ratios = [ours[1] / floor[1] for ours, floor in zip(found[OURS], found[FLOOR], strict=True)]
    ratio, most = statistics.median(ratios), max(memory for _, _, memory in found[OURS])
    print(f"{facts['rows']:,} rows, {os.cpu_count()} cores, {size / 1e6:.1f} MB; seconds, median [least, most]")
    for words, runs in (("the job", found[OURS]), ("openpyxl write-only alone", found[FLOOR])):
        for kind, times in zip(("elapsed", "worked"), zip(*runs, strict=True), strict=False):
            print(f"{words:30} {kind:10} {statistics.median(times):6.2f} [{min(times):.2f}, {max(times):.2f}]")
    passes = ratio <= GOAL, most < MEMORY_GOAL
    spread = f"[{min(ratios):.2f}, {max(ratios):.2f}]"
    print(f"worked, job : openpyxl {ratio:.2f} {spread}; goal: at most {GOAL}  {'pass' if passes[0] else 'FAIL'}")
    print(f"peak memory {most:.0f} MB; goal: under {MEMORY_GOAL:.0f}  {'pass' if passes[1] else 'FAIL'}")
    sys.exit(not all(passes))


if __name__ == "__main__":
    main()

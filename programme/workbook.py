"""Reads a workbook's cells by way of a child process, so that a hostile file costs that process and nothing else."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Timer
from typing import IO, Any

from django.conf import settings

from programme import archive, child
from programme.layout import KEYS, heading_key
from programme.problems import WorkbookRefused
from programme.steps import NOBODY, Steps

MEMORY = 256 * 2**20  # bytes that the child may use; the workbook of 7,654 bookings takes 55 MB
SECONDS = 90  # by the clock, for a machine with much else to do; the child has a limit on its own working time

# As the child writes it: text, number, yes or no, nothing, or a list of kind and text.
Value = Any


@dataclass(slots=True)
class RawSheet:
    """A sheet's rows with anything in them, by number, and its merged ranges ("A5:C6")."""

    title: str
    rows: list[tuple[int, list[Value]]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


@dataclass(slots=True)
class RawWorkbook:
    """The sheets that a programme has, by their name in layout.py, and the titles of those it has not."""

    sheets: dict[str, RawSheet] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    # Titles that are the same sheet for us: ("Bookings", "bookings ").
    doubled: list[tuple[str, str]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(len(sheet.rows) for sheet in self.sheets.values())


def read(file: IO[bytes], steps: Steps = NOBODY) -> RawWorkbook:
    """The cells of the sheets that a programme has, a step each row. Raises WorkbookRefused in words."""
    archive.refuse_unsafe(file)
    command = [sys.executable, "-m", child.__name__, str(MEMORY)]
    # Only what Python needs to start: what parses a stranger's file holds no keys.
    environment = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    process = subprocess.Popen(
        command,
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=settings.BASE_DIR,
        env=environment | {"PYTHONIOENCODING": "utf-8"},
    )
    with process, _time_limit(process) as is_over:
        # Taken in while the child goes on reading: half of the work is done by the time it ends.
        found = _workbook(process.stdout or (), steps)
        code = process.wait()
    if is_over.is_set():
        raise WorkbookRefused(_too_large("time"))
    if code == 0 and found is not None:
        return found
    if code == child.NOT_READ:
        raise WorkbookRefused(f"The workbook is damaged: its sheets cannot be read. {archive.SAVE_AS}")
    raise WorkbookRefused(_too_large("memory"))


@contextmanager
def _time_limit(process: "subprocess.Popen[bytes]") -> Iterator[Event]:
    """The event is set where the child was ended for taking too long. It never outlives the block."""
    is_over = Event()

    def end() -> None:
        is_over.set()
        process.kill()

    timer = Timer(SECONDS, end)
    timer.daemon = True
    timer.start()
    try:
        yield is_over
    finally:
        timer.cancel()
        process.kill()  # nothing happens to one that has ended


def _too_large(what: str) -> str:
    return (
        f"The workbook needs more {what} to open than a programme does. Copy the sheets of the programme into a new "
        "workbook, without empty rows, pictures and formats, and import that."
    )


def _workbook(lines: Iterable[bytes], steps: Steps) -> RawWorkbook | None:
    """What the child writes; None where it was ended in the middle of a line."""
    workbook = RawWorkbook()
    sheet = RawSheet("")
    for line in lines:
        if not line.endswith(b"\n"):
            return None
        what = json.loads(line)
        if isinstance(what, list):
            sheet.rows.append((what[0], what[1]))
            steps.step()
        elif "merged" in what:
            sheet.merged.extend(what["merged"])
        else:
            sheet = RawSheet(what["sheet"])
            _place(workbook, sheet)
    return workbook


def _place(workbook: RawWorkbook, sheet: RawSheet) -> None:
    name = KEYS.get(heading_key(sheet.title))
    if name is None:
        workbook.unused.append(sheet.title)
    elif name in workbook.sheets:
        workbook.doubled.append((workbook.sheets[name].title, sheet.title))
    else:
        workbook.sheets[name] = sheet

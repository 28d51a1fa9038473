"""Import of a programme workbook: all or nothing, and the same file again changes nothing.

The workbook is understood first, then compared with what Turnout has, then the difference is written. Imported events
are silent: imported_at says when they came, and no job mails anyone about an event that had ended by then.
"""

from collections.abc import Callable
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from people.models import AgencyName
from programme import findings, sheets, workbook
from programme.changes.plan import Plan
from programme.imports import shown_name
from programme.models import COMMAND_LINE, Import
from programme.problems import AnotherIsRunning, ImportRefused, Problems
from programme.steps import NOBODY, PASSES, Steps
from programme.summary import Summary
from programme.workbook import RawWorkbook


def check(path: str | Path) -> Summary:
    """What the import would do; writes nothing. Raises ImportRefused, with the problems."""
    return examine(_read(path))


@transaction.atomic
def run(path: str | Path) -> Summary:
    """Import the workbook. Raises ImportRefused, with the problems, and then nothing was written.

    One import at a time: a second one meanwhile is refused. Who booked and who cancelled is "import" (imported_at, and
    no person), whoever brings the workbook. What was written stands on the list of imports, as what pages bring does.
    """
    summary = write(_read(path))
    if summary.has_changes:
        _note(Path(path), summary)
    return summary


def examine(raw: RawWorkbook, *, steps: Steps = NOBODY) -> Summary:
    """As check(), of a workbook whose cells were read already."""
    return _plan(raw, lock=False, steps=steps).summary


@transaction.atomic
def write(
    raw: RawWorkbook, *, steps: Steps = NOBODY, agreed: Callable[[Summary], None] = lambda summary: None
) -> Summary:
    """As run(), of a workbook whose cells were read already.

    agreed is asked when it is known, under the lock, what would be written; what it raises stops the import.
    """
    _refuse_second_import()
    plan = _plan(raw, lock=True, steps=steps)
    steps.total(PASSES * raw.rows + plan.summary.to_write)
    agreed(plan.summary)
    plan.write()
    if plan.summary.has_changes:
        _analyze()
    return plan.summary


def _note(path: Path, summary: Summary) -> None:
    found, now = findings.of_summary(summary), timezone.now()
    Import.objects.create(
        state=Import.State.WRITTEN,
        via=COMMAND_LINE,
        file_name=shown_name(path.name),
        size=path.stat().st_size,
        checked_at=now,
        accepted_at=now,
        ended_at=now,
        counts=found.counts,
        details=found.details_once_written,
        fingerprint=found.fingerprint,
    )


def _read(path: str | Path) -> RawWorkbook:
    try:
        with Path(path).open("rb") as file:
            return workbook.read(file)
    except OSError as error:
        raise ImportRefused(f"The file {path} cannot be opened: {error.strerror}.") from error


def _plan(raw: RawWorkbook, *, lock: bool, steps: Steps) -> Plan:
    now = timezone.now()
    problems = Problems()
    known = dict(AgencyName.objects.values_list("name", "agency__name"))
    programme = sheets.understand(raw, problems, known_agencies=known, now=now, steps=steps)
    plan = Plan(programme, now, steps)
    plan.summary.rows = raw.rows
    plan.plan(problems, lock=lock)
    if problems:
        found = list(problems)
        number = "1 problem" if len(found) == 1 else f"{len(found):,} problems"
        words = f"{number}. Nothing was written. Correct the workbook and import it again."
        raise ImportRefused(words, found, plan.summary)
    # Headings, and what is no row of its own, are compared by now as well.
    steps.step(raw.rows - plan.summary.compared)
    return plan


def _analyze() -> None:
    """Tell the query planner of the rows: with none known, the jobs that come next took minutes instead of seconds."""
    with connection.cursor() as cursor:
        cursor.execute("analyze people_person, training_event, training_session, training_sessiontrainer")
        cursor.execute("analyze bookings_booking, bookings_register, bookings_mark, evaluations_response")


def _refuse_second_import() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtext('programme.importing'))")
        if not cursor.fetchone()[0]:
            raise AnotherIsRunning("Another import is running. Wait until it is finished, then try again.")

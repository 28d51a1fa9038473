"""The background's part of an import: checks what was uploaded, and writes what was accepted.

Either may be ended at any moment and is then done again: a check writes nothing but its findings, and a write ends its
import in the transaction that writes the programme.
"""

from django.db import transaction
from django.utils import timezone

from programme import findings, importing, keeping, workbook
from programme.findings import Findings
from programme.models import Import
from programme.problems import AnotherIsRunning, ImportRefused, WorkbookRefused
from programme.steps import PASSES, Steps
from programme.summary import Summary
from programme.workbook import RawWorkbook

State = Import.State

CHANGED = "Turnout has changed since the workbook was checked"
GONE = "The uploaded file is no longer there. Discard this import and upload the workbook again."


class Differs(Exception):
    """What would be written is not what was accepted."""

    def __init__(self, found: Findings) -> None:
        super().__init__()
        self.found = found


class Ended(Exception):
    """The import was taken out of the background's hands while it was being written."""


def check(reference: str, steps: Steps) -> str:
    """Note what the workbook would do; the state that this leaves the import in."""
    import_ = Import.objects.get(reference=reference)
    if import_.state == State.CHECKING:  # else it was checked before the worker could say so
        try:
            raw = _read(import_, steps)
            steps.total(PASSES * raw.rows)
            found = findings.of_summary(importing.examine(raw, steps=steps))
        except ImportRefused as refusal:
            found = findings.of_refusal(refusal)
        _note(import_, found, State.CHECKING)
    return import_.state


def write(reference: str, steps: Steps) -> str:
    """Write what was accepted, or nothing where that would be something else by now; the state it is left in."""
    import_ = Import.objects.get(reference=reference)
    if import_.state == State.WRITING:  # else it was written before the worker could say so
        steps.total(PASSES * import_.counts["rows"] + import_.counts["to_write"])
        try:
            _write(import_, _read(import_, steps), steps)
        except Differs as other:
            words = "; ".join(other.found.differs_from(import_.counts)) or "what would be corrected is not the same"
            _note(import_, other.found, State.WRITING, f"{CHANGED}: {words}.")
        except AnotherIsRunning:
            words = "Another import was running. When that is finished, accept this one again."
            _put_back(import_, words)
        except ImportRefused as refusal:
            _note(import_, findings.of_refusal(refusal), State.WRITING, f"{CHANGED}, and it has problems now.")
    return import_.state


@transaction.atomic
def _write(import_: Import, raw: RawWorkbook, steps: Steps) -> None:
    def agreed(summary: Summary) -> None:
        if findings.fingerprint(summary) != import_.fingerprint:
            raise Differs(findings.of_summary(summary))

    found = findings.of_summary(importing.write(raw, steps=steps, agreed=agreed))
    ended = {"state": State.WRITTEN, "ended_at": timezone.now(), "file": ""}
    ended |= {"counts": found.counts, "details": found.details_once_written}
    if not Import.objects.filter(pk=import_.pk, state=State.WRITING).update(**ended):
        raise Ended
    keeping.forget_file(import_)
    import_.state = State.WRITTEN


def _read(import_: Import, steps: Steps) -> RawWorkbook:
    try:
        with keeping.opened(import_) as file:
            return workbook.read(file, steps)
    except FileNotFoundError as error:
        raise WorkbookRefused(GONE) from error


@transaction.atomic
def _note(import_: Import, found: Findings, while_: str, stopped_because: str = "") -> None:
    """Keep what was found, unless somebody has done something else with the import meanwhile."""
    now = timezone.now()
    state = State.FAULTY if found.has_problems else State.READY if found.has_changes else State.UNCHANGED
    values = {
        "state": state,
        "checked_at": now,
        "counts": found.counts,
        "details": found.details,
        "fingerprint": found.fingerprint,
        "stopped_because": stopped_because[:300],
        "accepted_at": None,
        "accepted_by": None,
    }
    if state == State.UNCHANGED:
        values |= {"ended_at": now, "file": ""}
    if Import.objects.filter(pk=import_.pk, state=while_).update(**values) and state == State.UNCHANGED:
        keeping.forget_file(import_)
    import_.refresh_from_db(fields=["state"])


def _put_back(import_: Import, words: str) -> None:
    values = {"state": State.READY, "stopped_because": words, "accepted_at": None, "accepted_by": None}
    Import.objects.filter(pk=import_.pk, state=State.WRITING).update(**values)
    import_.refresh_from_db(fields=["state"])

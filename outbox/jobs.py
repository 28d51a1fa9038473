"""Background jobs: starting one, running those that wait, and keeping their progress."""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from outbox import claims, trace, wake
from outbox.models import Job
from outbox.progress import LEASE, Progress

log = logging.getLogger(__name__)

# Does the work and returns the result to keep. It is run again after an interruption, so it must be safe twice.
Run = Callable[[Job, Progress], dict[str, Any]]

_kinds: dict[str, Run] = {}

# The worker has more threads than this, so long jobs leave some for messages.
_two_at_once = threading.Semaphore(2)


class CannotBeDone(Exception):
    """Raised by a job that no repetition will help; its words are for whoever asked for the job."""


def register(kind: str, run: Run) -> None:
    """Let jobs of this kind be started. Called from AppConfig.ready."""
    _kinds[kind] = run


def is_registered(kind: str) -> bool:
    return kind in _kinds


def kinds() -> list[str]:
    """All kinds of job that may be started."""
    return sorted(_kinds)


def start(
    *, key: str, kind: str, arguments: Mapping[str, Any], asked_by: str = "", due_at: datetime | None = None
) -> Job:
    """Have the job run once this transaction is committed, or from due_at; a second call with the key returns the
    first one's job.

    Arguments are ids and plain values, never names. Raises LookupError for a kind that no app has registered.
    """
    if not is_registered(kind):
        raise LookupError(f"No app has registered the job kind {kind!r}.")
    Job.objects.bulk_create(
        [
            Job(
                key=key,
                kind=kind,
                arguments=dict(arguments),
                asked_by=asked_by,
                due_at=due_at or timezone.now(),
                request_id=trace.current(),
            )
        ],
        ignore_conflicts=True,
    )
    if due_at is None:
        wake.after_commit(wake.RUN_JOBS)
    return Job.objects.get(key=key)


def run_waiting() -> None:
    """Run every job that is due, one after the other."""
    # Asked again after the turn is given back, as in delivery.send_waiting.
    while claims.is_any_due(Job) and _two_at_once.acquire(blocking=False):
        try:
            claimed = claims.claim(Job, most=1, lease=LEASE)
            if not claimed:
                return
            run(claimed[0])
        finally:
            _two_at_once.release()


def run(job: Job) -> None:
    """Run a claimed job and mark how it ended."""
    with trace.of(job):
        _run(job)


def _run(job: Job) -> None:
    progress = Progress(job)
    began = timezone.now()
    try:
        with progress.kept():
            result = _kinds[job.kind](job, progress)
    except claims.ClaimLost:
        log.warning("Job %s went on elsewhere and was stopped here.", job.key)
    except CannotBeDone as refusal:
        log.warning("Job %s cannot be done.", job.key)
        claims.give_up(job, str(refusal), **progress.figures())
    except Exception as error:  # whatever a job may raise: noted, tried again later, and given up in the end
        log.warning("Job %s failed: %s.\n%s", job.key, claims.described(error), claims.trail(error))
        claims.fail(job, f"{claims.described(error)}.", **progress.figures())
    else:
        log.info("Job %s done in %s.", job.key, timezone.now() - began)
        claims.finish(job, result=result, **progress.figures())

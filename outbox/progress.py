"""A running job's progress and heart-beat: written by a thread of its own, so outside of the job's transactions."""

import contextlib
import logging
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection

from outbox import claims
from outbox.models import Job

log = logging.getLogger(__name__)

# A job whose worker was killed waits this long for another.
LEASE = timedelta(minutes=2)
# Seconds between two looks at whether there is progress to write, and between two prolongations without any.
LOOK, PROLONG = 1.0, 30.0
# After so many seconds a job counts as stuck: its lease is left to run out.
STUCK = 3600.0
# Problems kept; of the others the number.
MOST_PROBLEMS = 500


class Progress:
    """What a job says about itself as it goes. Its calls cost nothing: say every step."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._done = 0
        self._total: int | None = None
        self._problems: list[str] = []
        self._problems_left_out = 0
        self._is_lost = False
        self._is_over = threading.Event()

    def total(self, number: int) -> None:
        """How many steps there are."""
        self._total = number
        self._go_on_or_stop()

    def step(self, number: int = 1) -> None:
        """So many steps more are done. Raises ClaimLost when another worker has the job by now."""
        self._done += number
        self._go_on_or_stop()

    def problem(self, text: str) -> None:
        """Something that did not work, in words for whoever asked for the job; the job goes on."""
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(text)
        else:
            self._problems_left_out += 1

    def figures(self) -> dict[str, Any]:
        """The job's columns as they are now."""
        problems = self._problems.copy()
        if self._problems_left_out:
            problems.append(f"And {self._problems_left_out} more.")
        return {"done": self._done, "total": self._total, "problems": problems}

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """While the job runs, write its progress and prolong its lease."""
        # Within a transaction nobody else can see the job, so there is nobody to keep it from.
        if connection.in_atomic_block:
            yield
            return
        heart = threading.Thread(target=self._beat, name=f"job-{self._job.pk}", daemon=True)
        heart.start()
        try:
            yield
        finally:
            self._is_over.set()
            heart.join()

    def _go_on_or_stop(self) -> None:
        if self._is_lost:
            raise claims.ClaimLost

    def _beat(self) -> None:
        began = prolonged_at = time.monotonic()
        written = self.figures()
        try:
            while not self._is_over.wait(LOOK):
                figures, now = self.figures(), time.monotonic()
                if figures == written and now - prolonged_at < PROLONG:
                    continue
                if now - began > STUCK or not self._write(figures):
                    self._is_lost = True
                    return
                written, prolonged_at = figures, now
        finally:
            connection.close()

    def _write(self, figures: dict[str, Any]) -> bool:
        """Whether the job is still ours, as far as can be known."""
        try:
            return claims.prolong(self._job, LEASE, **figures)
        except DatabaseError as error:
            # The database is away: the job itself will notice, or it comes back and the next beat arrives.
            log.warning("The progress of job %s was not written (%s).", self._job.key, type(error).__name__)
            connection.close()
            return True

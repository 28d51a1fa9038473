"""Telling the workers after a commit that work waits: only a hint, as beat's sweep finds the work anyway."""

import contextlib
import logging
import os
import queue
import threading
import time

from django.db import connection, transaction

log = logging.getLogger(__name__)

SEND_MESSAGES = "outbox.tasks.send_messages"
RUN_JOBS = "outbox.tasks.run_jobs"

# One wake-up for all that was committed in this many seconds.
PAUSE = 0.5
# A wake-up that no worker has read by now is overtaken by beat's sweep.
EXPIRES = 60


def after_commit(task: str) -> None:
    """Once this transaction is committed, have the workers told to do the task; one hint a transaction and task."""
    # A hint noted within a savepoint goes when that is rolled back, so whichever is still in the list will be sent.
    if not any(getattr(entry[1], "task", None) == task for entry in connection.run_on_commit):
        transaction.on_commit(Hint(task), robust=True)


class Hint:
    """What the database connection calls after its commit."""

    def __init__(self, task: str) -> None:
        self.task = task

    def __call__(self) -> None:
        herald.tell(self.task)


class Herald:
    """Sends hints from a thread of its own, so that no page waits for the broker, whether it is quick, slow or down."""

    def __init__(self) -> None:
        self._hints: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._was_heard = True

    def tell(self, task: str) -> None:
        """Note the hint; it costs some microseconds and never fails."""
        self._hints.put(task)
        if self._thread is None:
            with self._starting:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._send_hints, name="outbox-herald", daemon=True)
                    self._thread.start()

    def _send_hints(self) -> None:
        while True:
            tasks = {self._hints.get()}
            with contextlib.suppress(queue.Empty):
                while True:
                    tasks.add(self._hints.get_nowait())
            for task in tasks:
                self._send(task)
            time.sleep(PAUSE)

    def _send(self, task: str) -> None:
        # Imported here: Celery takes a fifth of a second, and most commands never have a hint to send.
        from config.celery import app

        try:
            app.send_task(task, ignore_result=True, retry=False, expires=EXPIRES)
        except Exception as error:  # whatever a broker may raise: the sweep does the work instead
            if self._was_heard:
                log.warning("The broker takes no wake-ups (%s): work waits for the sweep.", type(error).__name__)
            self._was_heard = False
        else:
            self._was_heard = True


def _start_afresh() -> None:
    """A forked process has its parent's herald but not the thread, and maybe a lock that nobody will release."""
    global herald
    herald = Herald()


herald = Herald()
os.register_at_fork(after_in_child=_start_afresh)

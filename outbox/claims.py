"""Claiming work: a row is one worker's until its lease runs out, and only the latest claim may mark it.

A claim gives the row a new attempt number. Whoever holds an older one (a worker that was slow, or cut off) writes
nothing: every function here that marks a row answers whether it still could.
"""

import traceback
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from outbox.models import Work

Row = TypeVar("Row", bound=Work)

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
# What is not the row's doing may be over any minute, and then nobody should wait an hour more.
LONGEST_OUTAGE_PAUSE = timedelta(minutes=15)
# What waits for something may wait for months, and should go soon after.
PUT_OFF = timedelta(minutes=10)

ENDED_WITHOUT_A_WORD = "The worker ended in the middle of it."


class ClaimLost(Exception):
    """The lease ran out and another worker has the row: stop, and write nothing."""


def claimable() -> Q:
    """What is due, and in nobody's hands or in those of a worker that has not been heard of."""
    now = timezone.now()
    return Q(state=Work.State.WAITING, due_at__lte=now) & (Q(claimed_until=None) | Q(claimed_until__lt=now))


def is_any_due(model: type[Row]) -> bool:
    return model._default_manager.filter(claimable()).exists()


@transaction.atomic
def claim(model: type[Row], *, most: int, lease: timedelta) -> list[Row]:
    """Take up to so many due rows, longest due first; nobody else gets them for the length of the lease."""
    # Rows that another worker is claiming at this moment are passed over, not waited for.
    rows = list(
        model._default_manager.filter(claimable())
        .order_by("due_at", "created_at")
        .select_for_update(skip_locked=True)[:most]
    )
    until = timezone.now() + lease
    vanished = Case(When(claimed_until=None, then=Value(0)), default=Value(1))
    model._default_manager.filter(pk__in=[row.pk for row in rows]).update(
        attempts=F("attempts") + 1, failures=F("failures") + vanished, claimed_until=until
    )
    for row in rows:
        row.attempts += 1
        row.failures += row.claimed_until is not None
        row.claimed_until = until
    # A row that ends its worker each time would else end every worker for ever.
    return [row for row in rows if row.failures < row.MOST_FAILURES or not give_up(row, ENDED_WITHOUT_A_WORD)]


def prolong(row: Work, lease: timedelta, **changes: Any) -> bool:
    return _mark(row, claimed_until=timezone.now() + lease, **changes)


def finish(row: Work, **changes: Any) -> bool:
    """Mark it as done."""
    return _end(row, Work.State.DONE, last_error="", **changes)


def drop(row: Work, reason: str) -> bool:
    """Mark it as no longer needed."""
    return _end(row, Work.State.DROPPED, last_error=reason)


def give_up(row: Work, error: str, **changes: Any) -> bool:
    """Never try it again, unless somebody asks for it."""
    return _end(row, Work.State.FAILED, last_error=error, **changes)


def fail(row: Work, error: str, **changes: Any) -> bool:
    """It went wrong by its own doing: try again later, each time after a longer pause, and in the end give it up."""
    failures = row.failures + 1
    if failures >= row.MOST_FAILURES:
        return give_up(row, error, failures=failures, **changes)
    due_at = timezone.now() + pause(failures, LONGEST_PAUSE)
    return _mark(row, failures=failures, due_at=due_at, claimed_until=None, last_error=error, **changes)


def put_back(row: Work, error: str) -> bool:
    """It could not be tried: again later, as often as it takes."""
    due_at = timezone.now() + pause(row.attempts, LONGEST_OUTAGE_PAUSE)
    return _mark(row, due_at=due_at, claimed_until=None, last_error=error)


def put_off(row: Work, reason: str) -> bool:
    """It is too early for it: nothing went wrong, and it is asked about again later."""
    return _mark(row, due_at=timezone.now() + PUT_OFF, claimed_until=None, last_error=reason)


def retry(row: Work) -> bool:
    """Begin again with a row that was given up."""
    given_up = type(row)._default_manager.filter(pk=row.pk, state=Work.State.FAILED)
    fresh = {"failures": 0, "due_at": timezone.now(), "claimed_until": None, "finished_at": None}
    return given_up.update(state=Work.State.WAITING, **fresh) == 1


def pause(count: int, longest: timedelta) -> timedelta:
    """How long to wait after the count-th time: a minute, then twice as long each time."""
    return min(FIRST_PAUSE * (1 << min(count - 1, 10)), longest)


def described(error: BaseException) -> str:
    """What went wrong and where, without the error's own text: that may hold names or addresses."""
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "site-packages" not in frame.filename] or frames
    place = f" in {'/'.join(Path(own[-1].filename).parts[-2:])}, line {own[-1].lineno}" if own else ""
    return f"{type(error).__name__}{place}" + (f" ({constraint})" if constraint else "")


def trail(error: BaseException) -> str:
    """The calls that led to the error, for the log, again without its text."""
    return "".join(traceback.format_tb(error.__traceback__))


def _end(row: Work, state: Work.State, **changes: Any) -> bool:
    return _mark(row, state=state, finished_at=timezone.now(), claimed_until=None, **changes)


def _mark(row: Work, **changes: Any) -> bool:
    ours = type(row)._default_manager.filter(pk=row.pk, attempts=row.attempts, state=Work.State.WAITING)
    return ours.update(**changes) == 1

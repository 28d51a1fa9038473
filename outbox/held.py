"""Work set aside after a restore: what waited in the back-up may have been done in the time that was lost since.

The restore itself sets it aside and notes when (config/restore.py), in the transaction that brings the rows, so that no
worker can come before it. Nothing of it is sent or run until somebody says so.
"""

import logging
from datetime import datetime
from typing import TypedDict, TypeVar

from django.db import transaction
from django.db.models import Count, Max, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from outbox import turns, wake
from outbox.models import Heartbeat, Job, Message, Work

log = logging.getLogger(__name__)

Row = TypeVar("Row", bound=Work)

# The restore's name among the heartbeats.
RESTORED = "restored"
WAKE_UPS = {Message: wake.SEND_MESSAGES, Job: wake.RUN_JOBS}


class Standing(TypedDict):
    count: int
    # When the last restore was, if anything is held and it was noted.
    since: datetime | None


def rows(model: type[Row]) -> "QuerySet[Row]":
    return model._default_manager.filter(state=Work.State.HELD)


def standing(model: type[Work]) -> Standing:
    """How much is held, in one query."""
    restored_at = Heartbeat.objects.filter(name=RESTORED).values("seen_at")
    found = rows(model).aggregate(count=Count("pk"), since=Max(restored_at))
    return Standing(count=found["count"], since=found["since"])


@transaction.atomic
def release(found: "QuerySet[Row]", *, by: str = "") -> int:
    """Let those that are held be sent or run after all, each when it was due; how many. by is a person's reference."""
    # What is due on a day to come is not done early; what was due long ago is not late yet.
    due_at = Greatest("due_at", Value(timezone.now()))
    count = _settle(found, state=Work.State.WAITING, due_at=due_at, claimed_until=None, last_error="")
    wake.after_commit(WAKE_UPS[found.model])
    log.info("%s held after a restore were released by %s.", count, by or "the command line")
    return count


@transaction.atomic
def throw_away(found: "QuerySet[Row]", *, by: str = "") -> int:
    """Never send or run those that are held; how many. by is a person's reference."""
    reason = f"Thrown away after a restore by {by or 'the command line'}."
    count = _settle(found, state=Work.State.DROPPED, finished_at=timezone.now(), last_error=reason)
    log.info("%s held after a restore were thrown away by %s.", count, by or "the command line")
    return count


def _settle(found: "QuerySet[Row]", **changes: object) -> int:
    turns.take("outbox.held")  # else two that settle them all could each wait for a row of the other's
    return found.filter(state=Work.State.HELD).update(**changes)

"""Work set aside after a restore: what waited in the back-up may have been done in the time that was lost since.

The restore itself sets it aside (config/restore.py), in the transaction that brings the rows, so that no worker can
come before it. Nothing of it is sent or run until somebody says so.
"""

from django.utils import timezone

from outbox.models import Work

THROWN_AWAY = "Thrown away after a restore."


def release(row: Work) -> bool:
    """Let it be sent or run after all; whether it was held."""
    return _held(row, state=Work.State.WAITING, due_at=timezone.now(), claimed_until=None, last_error="")


def throw_away(row: Work) -> bool:
    """Never send or run it; whether it was held."""
    return _held(row, state=Work.State.DROPPED, finished_at=timezone.now(), last_error=THROWN_AWAY)


def _held(row: Work, **changes: object) -> bool:
    return type(row)._default_manager.filter(pk=row.pk, state=Work.State.HELD).update(**changes) == 1

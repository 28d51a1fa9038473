"""Whether each part that the desk stands on works: the database, what waits in it, the clock, the disk, the cache."""

import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

# A mail server that asks to come again is over in this time; what waits longer, waits for somebody.
LONGEST_WAIT = timedelta(minutes=15)
# Beat asks every minute.
LONGEST_SILENCE = timedelta(minutes=3)
LEAST_FREE = 0.05

# How long the longest waiting has waited. What was tried is due again later, so its own due time says nothing; and what
# is in a worker's hands is being done.
WAITING = """
select
  (select min(case attempts when 0 then due_at else created_at end) from outbox_message
    where state = 'waiting' and (due_at <= now() or attempts > 0) and coalesce(claimed_until, now()) <= now()),
  (select min(case attempts when 0 then due_at else created_at end) from outbox_job
    where state = 'waiting' and (due_at <= now() or attempts > 0) and coalesce(claimed_until, now()) <= now()),
  (select seen_at from outbox_heartbeat where name = 'clock')
"""


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    ok: bool = True
    # What is wrong, without anything that helps to break in.
    why: str = ""
    # Since when, where that is known.
    since: datetime | None = None


def all_parts() -> list[Part]:
    """Every part, in the order in which one would look; nothing is raised."""
    database = _database()
    return [database, *(_within_database() if database.ok else ()), _disk(), _cache()]


def _database() -> Part:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        connection.close()
        return Part("database", ok=False, why="The database does not answer.")
    return Part("database")


def _within_database() -> Iterator[Part]:
    try:
        yield _migrations()
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            message, job, beat = cursor.fetchone()
    except DatabaseError:
        yield Part("work", ok=False, why="What waits in the database could not be read.")
        return
    yield _waiting("messages", message, "message")
    yield _waiting("jobs", job, "background job")
    yield _clock(beat)


_migrated = False


def _migrations() -> Part:
    """Asked until they are applied: a process's own code does not change, and nothing takes migrations back."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if missing:
            return Part("migrations", ok=False, why=f"{missing} changes of the tables are not made yet.")
        _migrated = True
    return Part("migrations")


def _waiting(name: str, oldest: datetime | None, what: str) -> Part:
    waited = timezone.now() - oldest if oldest else timedelta()
    if waited <= LONGEST_WAIT:
        return Part(name)
    return Part(name, ok=False, why=f"A {what} has waited for {_minutes(waited)} minutes.", since=oldest)


def _clock(seen_at: datetime | None) -> Part:
    if seen_at is None:
        return Part("clock", ok=False, why="The clock and the worker have not been heard of yet.")
    silence = timezone.now() - seen_at
    if silence <= LONGEST_SILENCE:
        return Part("clock")
    why = f"The clock and the worker were last heard of {_minutes(silence)} minutes ago."
    return Part("clock", ok=False, why=why, since=seen_at)


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)


def _disk() -> Part:
    try:
        usage = shutil.disk_usage(settings.VAR)
    except OSError:
        return Part("disk", ok=False, why="The folder for files cannot be looked at.")
    if usage.free < usage.total * LEAST_FREE:
        return Part("disk", ok=False, why=f"{usage.free * 100 // usage.total} % of the disk is free.")
    return Part("disk")


def _cache() -> Part:
    token = secrets.token_hex(8)
    try:
        cache.set("health", token, 60)
        # Another process may have written between: any value shows that it keeps what it is given.
        works = cache.get("health") is not None
    except Exception:  # whatever a cache's client raises
        works = False
    return Part("cache") if works else Part("cache", ok=False, why="The cache does not keep what it is given.")

"""The database's tables, as this version of the code needs them; and what keeps them from being so, in a sentence."""

import os
import sys

from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.exceptions import MigrationSchemaMissing
from django.db.migrations.executor import MigrationExecutor

OURS = "Start it with script/postgres start."
GIVEN = "Start its server, or correct DATABASE_URL: postgresql://user:password@host:5432/name, an @ in it as %40."
# SQLSTATE's first letters for a server that lets nobody in: no connection, no such role or password, no such database,
# no room, shutting down.
NO_WAY_IN = ("08", "28", "3D", "53", "57P")
NOT_ALLOWED = "42501"


class TablesError(Exception):
    """Why the database cannot be used, and what to do about it, for the person at the terminal."""


def make_current(*, change_given: bool) -> None:
    """Make the tables, or bring them up to date, with a word on stderr; one cheap look where they are.

    A server of one's own (DATABASE_URL) may be another programme's, or serve an older version of this code right now:
    what is there is only changed by who says so (change_given). An empty database has nothing to lose.
    Raises TablesError.
    """
    try:
        if not _waiting():
            return
        if not (change_given or is_ours()) and connection.introspection.table_names():
            raise TablesError(
                "The database of DATABASE_URL is not as this version needs it. Run script/manage migrate first."
            )
        _refuse_without_right()
        _migrate()
    except OperationalError as error:
        raise TablesError(in_words(error)) from error
    except (DatabaseError, MigrationSchemaMissing) as error:
        if not _is_not_allowed(error):
            raise
        raise TablesError(_not_allowed(str(error).splitlines()[0])) from error


def is_ours() -> bool:
    """Whether it is the one under var/, which nobody but us can have put anything in."""
    return not os.environ.get("DATABASE_URL", "").strip()


def lets_nobody_in(error: OperationalError) -> bool:
    """Whether it was about getting to the database at all, and not about what was asked of it."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(NO_WAY_IN)


def in_words(error: OperationalError) -> str:
    why = str(error).splitlines()[0].removeprefix("connection failed: ").rstrip(".")
    if is_ours():
        return f"The database does not let us in: {why}. {OURS}"
    return f"The database of DATABASE_URL does not let us in: {why}. {GIVEN}"


def _waiting() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _migrate() -> None:
    """Two scripts started at once do it once: the second waits, and finds it done."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(hashtext('config.tables'))")
        try:
            if _waiting():
                print("Making the database's tables…", file=sys.stderr, flush=True)
                call_command("migrate", verbosity=0)
        finally:
            cursor.execute("select pg_advisory_unlock(hashtext('config.tables'))")


def _refuse_without_right() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(has_schema_privilege(current_schema(), 'create'), false)")
        if not cursor.fetchone()[0]:
            raise TablesError(_not_allowed("permission denied to create tables"))


def _is_not_allowed(error: Exception) -> bool:
    return isinstance(error, MigrationSchemaMissing) or getattr(error.__cause__, "sqlstate", "") == NOT_ALLOWED


def _not_allowed(why: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select current_user, current_database(), coalesce(current_schema(), 'public')")
        user, database, schema = cursor.fetchone()
    return (
        f"The role {user} may not make Turnout's tables in the database {database}: {why}. Use the database's owner in "
        f"DATABASE_URL, or have the owner say: grant create on schema {schema} to {user};"
    )

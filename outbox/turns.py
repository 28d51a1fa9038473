"""One at a time: for work that two must not do at once, and that has no row to lock."""

from django.db import connection


def take(name: str) -> None:
    """Whoever else takes a turn of this name waits until this transaction ends, and then sees what it did."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [name])

"""Breaking what the database holds true: raw SQL, the name of what refused it, and the same with that taken out."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def value(statement: str, *values: object) -> object:
    """The first column of the first row."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def check_now() -> None:
    """Have what is checked at commit checked here."""
    sql("set constraints all immediate")


def as_if_committed() -> None:
    """Have what happens at commit happen, and go on in the same transaction."""
    check_now()
    sql("set constraints all deferred")


@contextmanager
def refused_by(name: str) -> Iterator[None]:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        yield
    assert constraint_of(refusal.value) == name


def constraint_of(error: IntegrityError) -> str:
    return error.__cause__.diag.constraint_name


def take_out(name: str) -> None:
    """Drop the constraint or index, or disable the trigger, until the test's transaction is rolled back."""
    kinds = {
        "select conrelid::regclass from pg_constraint where conname = %s and contype <> 't'": "drop constraint",
        "select tgrelid::regclass from pg_trigger where tgname = %s": "disable trigger",
        "select indrelid::regclass from pg_index where indexrelid = to_regclass(%s)": "",
    }
    for query, how in kinds.items():
        with connection.cursor() as cursor:
            cursor.execute(query, [name])
            found = cursor.fetchone()
        if found:
            sql(f"alter table {found[0]} {how} {name}" if how else f"drop index {name}")
            return
    raise LookupError(name)


def passes_without(name: str, way: Callable[[], None]) -> None:
    """What is refused passes when the guard is taken out: so it is this guard that refuses, and nothing else."""
    take_out(name)
    way()


class Breaks:
    """Ways to break a truth, by the name of what must refuse it."""

    def __init__(self) -> None:
        self.ways: dict[str, Callable[[], None]] = {}
        self.aside: dict[str, list[str]] = {}

    def by(self, name: str, *aside: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
        """Note the function under the name; aside: what would refuse it first, and is taken out both times."""

        def note(way: Callable[[], None]) -> Callable[[], None]:
            assert name not in self.ways
            self.ways[name], self.aside[name] = way, list(aside)
            return way

        return note

    def is_refused(self, name: str) -> None:
        for other in self.aside[name]:
            take_out(other)
        with refused_by(name):
            self.ways[name]()

    def passes_without(self, name: str) -> None:
        """The proof that it is this guard which refuses: without it nothing does."""
        for other in self.aside[name]:
            take_out(other)
        passes_without(name, self.ways[name])


def at_once(*works: Callable[[], object]) -> list[object]:
    """Run all in threads that begin together, each with a connection; their results, or what they raised, in order.

    A server with fewer connections to spare than there are threads gets them as others end.
    """
    results: list[object] = [None] * len(works)
    together = min(len(works), _connections_to_spare())
    room, barrier, begun = threading.Semaphore(together), threading.Barrier(together), threading.Event()

    def run(place: int, work: Callable[[], object]) -> None:
        with room:
            try:
                connection.ensure_connection()
                if not begun.is_set():
                    barrier.wait(timeout=60)
                    begun.set()
                results[place] = work()
            except Exception as error:  # the test looks at it
                results[place] = error
            finally:
                connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _connections_to_spare() -> int:
    taken = value("select count(*) from pg_stat_activity where backend_type = 'client backend'")
    return max(1, int(value("show max_connections")) - taken - 20)

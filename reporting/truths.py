"""What must never be, looked for in the rows themselves: one statement for each truth, naming what breaks it.

The database refuses each of these at the moment of writing (docs/decisions/0002). This is the second look, from
outside: for rows that came past a guard, by a restore, a repair with triggers switched off, or a guard with a mistake.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connections

from reporting.database import alias
from reporting.truths_sql import TRUTHS

# Of one truth; whoever mends the first hundred looks again.
MOST = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """A truth, and the references of what breaks it."""

    name: str
    sentence: str
    broken_by: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.broken_by


def check_all() -> Iterator[Finding]:
    """Each truth in turn, one statement each."""
    for name in TRUTHS:
        yield check(name)


def check(name: str) -> Finding:
    """Raises KeyError for a name that is none."""
    sentence, sql = TRUTHS[name]
    with connections[alias()].cursor() as cursor:
        cursor.execute(f"select distinct reference::text from ({sql}) as broken order by 1 limit {MOST}")  # noqa: S608  # our own text
        return Finding(name, sentence, tuple(reference for (reference,) in cursor.fetchall()))


def broken(names: Iterable[str]) -> list[Finding]:
    """Those of the truths that do not hold, in one statement."""
    each = (f"select '{name}' as name, reference::text from ({TRUTHS[name][1]}) as broken" for name in sorted(names))  # noqa: S608  # our own text
    found = f"select name, (array_agg(distinct reference))[:{MOST}] from ({' union all '.join(each)}) as found"  # noqa: S608
    with connections[alias()].cursor() as cursor:
        cursor.execute(f"{found} group by name order by name")
        return [Finding(name, TRUTHS[name][0], tuple(references)) for name, references in cursor.fetchall()]

"""Home section about the installation, for administrators: what the nightly look found, and what a restore held."""

import json
from collections.abc import Iterator
from datetime import datetime

from django.db import connection

from frontend import formats
from frontend.home.sections import Figure, Section
from people.models import Person
from people.permissions import Right, may
from reporting import tasks
from reporting.truths_sql import TRUTHS

# More references than these are said by the command.
SHOWN = 5

STATE = """
select
  (select result from outbox_job where kind = %s and state = 'done' order by finished_at desc limit 1),
  (select count(*) from outbox_message where state = 'held'),
  (select count(*) from outbox_job where state = 'held')
"""


def installation(person: Person, now: datetime) -> Iterator[Section]:
    """Nothing where all is well."""
    if not may(person, Right.GIVE_ROLES):
        return
    with connection.cursor() as cursor:
        cursor.execute(STATE, [tasks.CHECK])
        result, *held = cursor.fetchone()
    broken = _broken(json.loads(result or "{}").get("broken", {}))
    if broken:
        yield Section("Records that break a rule", figures=broken)
    if any(held):
        words = ("message waits", "messages wait"), ("background job waits", "background jobs wait")
        note = "Whoever runs this installation sends them or throws them away: script/manage outbox"
        figures = tuple(
            Figure(one if count == 1 else several, count, note=note)
            for count, (one, several) in zip(held, words, strict=True)
            if count
        )
        yield Section("Held after a restore", figures=figures)


def _broken(found: dict[str, list[str]]) -> tuple[Figure, ...]:
    return tuple(
        Figure(TRUTHS[name][0], len(references), note=f"Not so: {formats.listed(references[:SHOWN])}")
        for name, references in found.items()
        if name in TRUTHS  # an older version may have looked for something else
    )

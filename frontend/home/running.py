"""Home section about the installation, for administrators: what the nightly look found, and what a restore held."""

import json
from collections.abc import Iterator
from datetime import datetime

from django.db import connection
from django.urls import reverse

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
        messages, jobs = held
        note = "Whoever runs this installation runs them or throws them away: script/manage outbox"
        figures = (
            Figure("message waits" if messages == 1 else "messages wait", messages, href=reverse("messages:held")),
            Figure("background job waits" if jobs == 1 else "background jobs wait", jobs, note=note),
        )
        yield Section("Held after a restore", figures=tuple(figure for figure in figures if figure.value))


def _broken(found: dict[str, list[str]]) -> tuple[Figure, ...]:
    return tuple(
        Figure(TRUTHS[name][0], len(references), note=f"Not so: {formats.listed(references[:SHOWN])}")
        for name, references in found.items()
        if name in TRUTHS  # an older version may have looked for something else
    )

"""Home section about the installation: what the nightly look found, for administrators."""

from collections.abc import Iterator
from datetime import datetime

from frontend import formats
from frontend.home.sections import Figure, Section
from people.models import Person
from people.permissions import Right, may
from reporting import tasks
from reporting.truths_sql import TRUTHS

# More references than these are said by the command.
SHOWN = 5


def broken_truths(person: Person, now: datetime) -> Iterator[Section]:
    """What must never be and is, by the latest nightly look; nothing where all is well."""
    if not may(person, Right.GIVE_ROLES):
        return
    broken = tasks.latest()
    figures = tuple(
        Figure(TRUTHS[name][0], len(references), note=f"Not so: {formats.listed(references[:SHOWN])}")
        for name, references in broken.items()
        if name in TRUTHS  # an older version may have looked for something else
    )
    if figures:
        yield Section("Records that break a rule", figures=figures)

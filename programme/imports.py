"""What a person does with an import: upload a workbook, accept what was found in it, check it again, discard it."""

import re
from typing import IO
from uuid import uuid4

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from outbox import jobs, turns
from outbox.models import Job
from people.models import Person
from programme import archive, keeping, tasks
from programme.models import Import
from programme.problems import ImportRefused

State = Import.State
LONGEST_NAME = 200
GIVEN_UP = "It did not work and was given up. Nothing was written."


class NotNow(ImportRefused):
    """The import is not where this can be done to it; the words say where it is."""


@transaction.atomic
def upload(*, file: IO[bytes], name: str, by: Person) -> Import:
    """Keep the workbook and have it checked in the background. Raises WorkbookRefused, by its zip directory alone.

    The name is only shown. Nothing of the workbook is parsed here.
    """
    archive.refuse_unsafe(file)
    file.seek(0, 2)
    new = Import(file_name=shown_name(name), size=file.tell(), uploaded_by=by)
    file.seek(0)
    # Kept before it is certain that the row is: what then belongs to no row is swept (keeping.py).
    new.file.save("workbook.xlsx", File(file), save=False)
    new.save()
    _start(new, tasks.CHECK, by)
    return new


def shown_name(name: str) -> str:
    """The last part of the name, without what cannot be seen or turns the reading direction."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(letter for letter in last if letter.isprintable()).strip()[:LONGEST_NAME] or "workbook.xlsx"


@transaction.atomic
def accept(*, import_: Import, seen: str, by: Person) -> Import:
    """Have it written in the background. seen is the fingerprint of what the person was shown.

    Raises NotNow where it has problems, was accepted or discarded meanwhile, would do something else by now, or where
    another import is being written.
    """
    _one_at_a_time()
    found = Import.objects.select_for_update(no_key=True, of=["self"]).select_related("accepted_by").get(pk=import_.pk)
    if found.state in (State.WRITING, State.WRITTEN) and found.accepted_by:
        raise NotNow(f"{found.accepted_by} has accepted this import already.")
    if found.state != State.READY:
        raise NotNow(f"This import cannot be accepted: {found.get_state_display().lower()}.")
    if found.fingerprint != seen:
        raise NotNow("It was checked again meanwhile and would do something else now. Look at it again.")
    other = Import.objects.filter(state=State.WRITING).select_related("accepted_by").first()
    if other is not None:
        raise NotNow(
            f"{other.accepted_by}’s import of {other.file_name} is being written. When that is finished, accept this "
            "one: what it would do is looked at again then."
        )
    found.state, found.accepted_at, found.accepted_by = State.WRITING, timezone.now(), by
    found.stopped_because = ""
    found.save()
    _start(found, tasks.WRITE, by)
    return found


@transaction.atomic
def check_again(*, import_: Import, by: Person) -> Import:
    """Look at the same file once more, for instance when an agency was added in Turnout. Raises NotNow."""
    found = _changeable(import_)
    found.state, found.stopped_because = State.CHECKING, ""
    found.accepted_at = found.accepted_by = None
    found.save()
    _start(found, tasks.CHECK, by)
    return found


@transaction.atomic
def discard(*, import_: Import, by: Person) -> Import:
    """Forget the file and what was found in it; that it was there stays on the list. Raises NotNow."""
    found = _changeable(import_)
    keeping.discard(found, by=by)
    return found


def _changeable(import_: Import) -> Import:
    """The import, locked, unless it is in the background's hands or has ended."""
    found = Import.objects.select_for_update(no_key=True, of=["self"]).select_related("job").get(pk=import_.pk)
    if found.has_ended:
        raise NotNow(f"This import is over: {found.get_state_display().lower()}.")
    if found.is_at_work:
        raise NotNow(f"This import is {found.get_state_display().lower()}. Wait until that is finished.")
    return found


def _one_at_a_time() -> None:
    """Who accepts at the same moment waits here, then sees the other's; what was given up is in nobody's way."""
    turns.take("programme.imports")
    given_up = Import.objects.given_up().filter(state=State.WRITING)
    given_up.update(state=State.READY, accepted_at=None, accepted_by=None, stopped_because=GIVEN_UP)


def _start(import_: Import, kind: str, by: Person) -> Job:
    key = f"{kind}:{import_.reference}:{uuid4()}"
    arguments = {"import": import_.reference}
    import_.job = jobs.start(key=key, kind=kind, arguments=arguments, asked_by=by.reference)
    import_.save(update_fields=["job"])
    return import_.job

"""How long an import's file and details are kept: the file until it has ended, both for 30 days at most."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from people.models import Person
from programme.models import FOLDER, Import

log = logging.getLogger(__name__)

DAYS = 30
# A file without a row is younger than this while its upload is not committed yet.
UPLOAD = timedelta(days=1)


@contextmanager
def opened(import_: Import) -> Iterator[IO[bytes]]:
    """The file on this machine's own disk, wherever it is kept: the process that parses it takes no other.

    Raises FileNotFoundError.
    """
    with TemporaryFile() as here:
        with default_storage.open(str(import_.file.name)) as kept:
            copyfileobj(kept, here)
        here.seek(0)
        yield here


def forget_file(import_: Import) -> None:
    """Delete its file once this transaction is committed. Where that fails, sweep() does it."""
    if name := import_.file.name:
        transaction.on_commit(partial(default_storage.delete, name), robust=True)


def discard(import_: Import, *, by: Person | None) -> None:
    """End it, with file and details gone. by=None: nobody had accepted it in time."""
    forget_file(import_)
    import_.state, import_.ended_at, import_.discarded_by = Import.State.DISCARDED, timezone.now(), by
    import_.accepted_at = import_.accepted_by = None
    import_.file, import_.details, import_.stopped_because = "", {}, ""
    import_.save()


def sweep() -> dict[str, int]:
    """Let go of what was kept for long enough. Called again it finds nothing more."""
    before = timezone.now() - timedelta(days=DAYS)
    old = Import.objects.filter(uploaded_at__lt=before)
    return {
        "discarded": _discard_old(list(old.under_way().values_list("pk", flat=True))),
        "emptied": old.exclude(ended_at=None).exclude(details={}).update(details={}),
        "files": _delete_strays(),
    }


def _discard_old(keys: list[int]) -> int:
    discarded = 0
    for key in keys:
        with transaction.atomic():
            # Whoever accepts one at this moment has it; it is looked at again tomorrow.
            found = Import.objects.select_for_update(no_key=True, skip_locked=True, of=["self"]).filter(pk=key)
            for import_ in found.under_way().select_related("job"):
                if not import_.is_at_work:
                    discard(import_, by=None)
                    discarded += 1
    return discarded


def _delete_strays() -> int:
    """Files that no import has: an upload or a deletion was broken off."""
    deleted = 0
    with suppress(FileNotFoundError):  # nothing was uploaded yet
        _, names = default_storage.listdir(FOLDER)
        names = [f"{FOLDER}/{name}" for name in names]
        known = set(Import.objects.filter(file__in=names).values_list("file", flat=True))
        for name in names:
            if name not in known and default_storage.get_modified_time(name) < timezone.now() - UPLOAD:
                default_storage.delete(name)
                deleted += 1
    if deleted:
        log.warning("%d uploaded files belonged to no import and were deleted.", deleted)
    return deleted

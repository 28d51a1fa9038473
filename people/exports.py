"""What is taken out of the program: each export is recorded, and large files are kept for some days."""

import re
from datetime import timedelta
from typing import IO
from urllib.parse import parse_qsl, urlsplit

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from people.models import Export, ExportFile, Person
from people.permissions import Right, may

KEPT_FOR = timedelta(days=7)

# Of an address: what says nothing about the filter, what people type, and what a code or a date looks like.
_NOT_A_FILTER = ("page", "format")
_TYPED = ("q", "search", "name", "email")
_CODE = re.compile(r"[A-Za-z0-9_.:/-]{1,60}")
_LEFT_OUT = "…"


def visible_to(person: Person) -> QuerySet[Export]:
    """All to coordinators and administrators, to others their own."""
    return Export.objects.all() if may(person, Right.SEE_EXPORTS) else Export.objects.filter(by=person)


def record(*, by: Person, what: str, file_format: str, address: str, rows: int) -> Export:
    """Note that the person took the list out. Of the address, what may be a name is left out."""
    return Export.objects.create(by=by, what=what[:100], file_format=file_format, asked=told(address), rows=rows)


def told(address: str) -> str:
    """An address without what people typed into it: /charges/download/?q=…&state=waived."""
    parts = urlsplit(address)
    asked = [
        (key, value if key not in _TYPED and _CODE.fullmatch(value) else _LEFT_OUT)
        for key, value in parse_qsl(parts.query)
        if key not in _NOT_A_FILTER and _CODE.fullmatch(key)
    ]
    return f"{parts.path}?{'&'.join(f'{key}={value}' for key, value in asked)}"[:500] if asked else parts.path[:500]


def ask_for_file(*, by: Person, what: str, file_format: str, address: str) -> ExportFile:
    """Have room for a file that a job will make; the caller starts the job in the same transaction."""
    return ExportFile.objects.create(
        by=by, what=what[:100], file_format=file_format, address=address, standing=standing(by)
    )


def standing(person: Person) -> str:
    """What decides how much a person sees, as text: where it differs, what was made then may be too much now."""
    own = (str(person.agency_id), *sorted(person.roles), *map(str, sorted(person.led_agencies)))
    return " ".join(own)


def may_fetch(person: Person, file: ExportFile) -> bool:
    return file.by_id == person.pk and file.standing == standing(person)


@transaction.atomic
def keep_file(file: ExportFile, content: IO[bytes], *, rows: int) -> Export:
    """Keep what a job made, and record it. What the job had made before an interruption is replaced."""
    wanted = f"exports/{file.pk}.{file.file_format}"
    default_storage.delete(wanted)
    name = default_storage.save(wanted, File(content))
    ExportFile.objects.filter(pk=file.pk).update(
        name=name, rows=rows, size=default_storage.size(name), made_at=timezone.now()
    )
    return record(by=file.by, what=file.what, file_format=file.file_format, address=file.address, rows=rows)


def delete_old() -> int:
    """Delete the files that were asked for more than 7 days ago; returns how many."""
    old = ExportFile.objects.filter(asked_at__lt=timezone.now() - KEPT_FOR)
    count = 0
    for file in old:
        if file.name:  # the file first: were it the row, nothing would know of the file any more
            default_storage.delete(file.name)
        file.delete()
        count += 1
    return count

"""Makes the files of long lists in the background: the download's view is asked again, as the person who asked."""

from inspect import unwrap
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, QueryDict
from django.urls import resolve

from frontend import downloads
from outbox import jobs
from outbox.models import Job
from outbox.progress import Progress
from people import exports
from people.models import ExportFile, Person

MAKE = "make-export"
DELETE_OLD = "delete-old-exports"


@transaction.atomic
def ask(*, by: Person, what: str, file_format: str, address: str) -> ExportFile:
    """Have the list at the address made into a file. The job knows the file's id only: an address may hold names."""
    file = exports.ask_for_file(by=by, what=what, file_format=file_format, address=address)
    jobs.start(key=key_of(file), kind=MAKE, arguments={"file": str(file.pk)}, asked_by=by.reference)
    return file


def key_of(file: ExportFile) -> str:
    return f"{MAKE}:{file.pk}"


def make(job: Job, progress: Progress) -> dict[str, Any]:
    """Make the file, in chunks that hold little in memory; made again after an interruption, it is the same file."""
    file = ExportFile.objects.select_related("by__account").filter(pk=job.arguments["file"]).first()
    if file is None:
        raise jobs.CannotBeDone("The file is older than a week. Ask for it again.")
    table = _table(file, progress)

    def counted() -> Any:
        for row in table.rows:
            progress.step()
            yield row

    with TemporaryFile() as made:
        counting = downloads.Table(table.name, table.heads, table.formats, counted())
        rows = downloads.write(counting, file.file_format, made)
        made.seek(0)
        exports.keep_file(file, made, rows=rows)
    return {"rows": rows}


def delete_old(job: Job, progress: Progress) -> dict[str, Any]:
    return {"deleted": exports.delete_old()}


def _table(file: ExportFile, progress: Progress) -> downloads.Table:
    """What the view answers today to the person who asked.

    The view itself is called, without what stands before it for browsers: who asked came in that way. What the person
    may see the view asks as ever.
    """
    by = Person.objects.with_grants().select_related("account").get(pk=file.by_id)
    if by.account is None or not by.account.is_active or by.left_on or not exports.may_fetch(by, file):
        raise jobs.CannotBeDone("What you may see has changed since you asked. Ask for the file again.")
    parts = urlsplit(file.address)
    request = downloads.AskedAgain()
    request.method, request.path, request.GET = "GET", parts.path, QueryDict(parts.query)
    request.user, request.person, request.persons = by.account, by, [by]
    request.file, request.progress = file, progress
    match = resolve(parts.path)
    try:
        unwrap(match.func)(request, *match.args, **match.kwargs)
    except (Http404, PermissionDenied) as error:
        raise jobs.CannotBeDone("What the list is about is gone, or no longer yours to see.") from error
    if request.table is None:
        raise LookupError(f"{match.view_name} answered no list")
    return request.table

"""What happens to an upload in the tests: the background's work, and a coordinator's word."""

from django.core.files.storage import default_storage

from outbox import jobs
from programme import imports
from programme.models import Import


def worked(import_):
    """The import after the background has done what waits."""
    jobs.run_waiting()
    return Import.objects.get(pk=import_.pk)


def accept(import_, by):
    return imports.accept(import_=import_, seen=import_.fingerprint, by=by)


def kept(import_):
    """Whether its file is still there."""
    return default_storage.exists(Import.objects.get(pk=import_.pk).file.name or "none")

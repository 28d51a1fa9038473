"""What was taken out of the program, and the files of long lists while they are made and kept."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from frontend import downloads
from frontend.access import SignedInRequest, require, signed_in
from frontend.exports import background
from frontend.paging import page_of
from outbox.models import Job
from people import exports as record
from people.models import ExportFile
from people.permissions import Right, may

OFFERED_FOR = 24 * 3600  # seconds that a page which offers a file may be left open


@require_safe
@signed_in
def exports(request: SignedInRequest) -> HttpResponse:
    """Who took which list out, the latest first; to most people their own, with the files that are still kept."""
    seen = record.visible_to(request.person).select_related("by").order_by("-at", "-id")
    context = {
        "page": page_of(request, seen),
        "files": list(ExportFile.objects.filter(by=request.person).order_by("-asked_at")),
        "sees_all": may(request.person, Right.SEE_EXPORTS),
    }
    return render(request, "exports/exports.html", context)


@require_POST
@signed_in
def make(request: SignedInRequest) -> HttpResponse:
    """Have a long list made into a file. What is asked for comes signed from the page that offered it."""
    try:
        what, file_format, address, person = signing.loads(
            request.POST.get("token", ""), salt=downloads.SALT, max_age=OFFERED_FOR
        )
    except signing.BadSignature:
        messages.error(request, "That page was too old. Nothing is lost: go to the list and ask for the file again.")
        return redirect("exports:list")
    require(person == request.person.pk)
    file = background.ask(by=request.person, what=what, file_format=file_format, address=address)
    return redirect("exports:file", file.pk)


@require_safe
@signed_in
def file(request: SignedInRequest, key: UUID) -> HttpResponse:
    """How far a file is, and its link; the page may be left and come back to."""
    found = get_object_or_404(ExportFile, pk=key, by=request.person)
    job = get_object_or_404(Job, key=background.key_of(found))
    context = {
        "file": found,
        "job": job,
        "until": found.asked_at + record.KEPT_FOR,
        "may_fetch": record.may_fetch(request.person, found),
    }
    response = render(request, "exports/file.html", context)
    if job.state == Job.State.WAITING:
        response["Refresh"] = "3"  # seconds; the browser looks again by itself, without scripts
    return response


@require_safe
@signed_in
def fetch(request: SignedInRequest, key: UUID) -> HttpResponse:
    """The file, for who asked for it and may still see what is in it."""
    found = get_object_or_404(ExportFile, pk=key, by=request.person, made_at__isnull=False)
    require(record.may_fetch(request.person, found))
    kind = downloads.TYPES[found.file_format]
    answer = FileResponse(default_storage.open(found.name), as_attachment=True, filename=str(found), content_type=kind)
    return cast(HttpResponse, answer)  # all that is done with it is to set headers

"""Importing a programme workbook: upload, what was understood, problems, accept, and what came of it."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frontend.access import SignedInRequest, asks_again, require, signed_in
from frontend.downloads import list_file
from frontend.imports import page
from frontend.imports.forms import UploadForm
from frontend.paging import page_of
from programme import imports as changes
from programme.models import Import
from programme.permissions import may_import
from programme.problems import ImportRefused

COORDINATOR = "A coordinator"
LOOK_AGAIN = "2"  # seconds; the browser looks again by itself, without scripts


@require_safe
@signed_in
def imports(request: SignedInRequest) -> HttpResponse:
    """All imports, the latest first, 50 a page."""
    found = _visible(request).defer("details").order_by("-uploaded_at", "-id")
    words = {"outcomes": page.OUTCOMES, "outcome": page.outcome, "came_out": page.came_out}
    return render(request, "imports/imports.html", {"page": page_of(request, found)} | words)


@require_http_methods(["GET", "POST"])
@signed_in
def upload(request: SignedInRequest) -> HttpResponse:
    """Take a workbook. What can be seen from outside is said here at once; the rest is looked at in the background."""
    require(may_import(request.person), who=COORDINATOR)
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    if is_sent and form.is_valid():
        file = form.cleaned_data["workbook"]
        new = changes.upload(file=file, name=file.name, by=request.person)
        return redirect("imports:import", new.reference)
    under_way = _visible(request).filter(state__in=[Import.State.WRITING, Import.State.READY]).defer("details")
    return render(request, "imports/upload.html", {"form": form, "under_way": list(under_way[:5])})


@require_safe
@signed_in
def show(request: SignedInRequest, reference: str) -> HttpResponse:
    """Where the import is: its progress, what was found, or what it did. It may be left and come back to."""
    import_ = _import(request, reference)
    context = page.of(import_) | {"page": page_of(request, import_.problems)}
    response = render(request, "imports/import.html", context)
    if import_.is_at_work:
        response["Refresh"] = LOOK_AGAIN
    return response


@require_safe
@signed_in
def problems(request: SignedInRequest, reference: str) -> HttpResponse:
    """The problems as a file, to work through beside the workbook."""
    import_ = _import(request, reference)
    return list_file(request, "problems", page.PROBLEMS, page.problem_rows(import_))


@require_http_methods(["GET", "POST"])
@signed_in
@asks_again
def accept(request: SignedInRequest, reference: str) -> HttpResponse:
    """What would be written, for the last time; then write it in the background."""
    import_ = _import(request, reference)
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        return _done(request, import_, changes.accept, "", seen=seen)
    if import_.state != Import.State.READY:
        return redirect("imports:import", reference)
    return render(request, "imports/accept.html", page.of(import_))


@require_POST
@signed_in
def check_again(request: SignedInRequest, reference: str) -> HttpResponse:
    return _done(request, _import(request, reference), changes.check_again, "")


@require_http_methods(["GET", "POST"])
@signed_in
def discard(request: SignedInRequest, reference: str) -> HttpResponse:
    """Let go of an upload; its file is deleted."""
    import_ = _import(request, reference)
    if request.method == "POST":
        words = f"{import_.file_name} is discarded. Nothing of it was written."
        return _done(request, import_, changes.discard, words)
    if import_.has_ended or import_.is_at_work:
        return redirect("imports:import", reference)
    return render(request, "imports/discard.html", {"import_": import_})


def _visible(request: SignedInRequest) -> QuerySet[Import]:
    require(may_import(request.person), who=COORDINATOR)
    people = ("uploaded_by", "accepted_by", "discarded_by", "job")
    return Import.objects.visible_to(request.person).select_related(*people)


def _import(request: SignedInRequest, reference: str) -> Import:
    return get_object_or_404(_visible(request), reference=reference)


def _done(request: SignedInRequest, import_: Import, change: Any, words: str, **more: Any) -> HttpResponse:
    """Make the change and go back to the import's page, with what happened or why nothing did."""
    try:
        change(import_=import_, by=request.person, **more)
    except ImportRefused as refusal:
        messages.error(request, str(refusal))
    else:
        if words:
            messages.success(request, words)
    return redirect("imports:import", import_.reference)

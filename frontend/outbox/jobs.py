"""Background work: what runs, waits, went well or was given up."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages as said
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from frontend import returning
from frontend.access import SignedInRequest, require, signed_in
from frontend.downloads import list_file
from frontend.outbox import words
from frontend.outbox.forms import JobFilter
from frontend.paging import page_of
from invoicing import tasks
from outbox import again
from outbox.models import Job
from people.models import Person
from people.permissions import Right, may

WHO = "A coordinator, an administrator or, of invoice runs, a finance officer"
COLUMNS = {
    "Work": "kind",
    "State": "state",
    "Asked for": "created_at",
    "Asked by": "asked_by",
    "Done": "done",
    "Of": "total",
    "Attempts": "attempts",
    "Ended": "finished_at",
    "Last answer": "last_error",
}
# A job that is due later is not looked at again and again.
SOON = timedelta(minutes=1)


@require_safe
@signed_in
def work(request: SignedInRequest) -> HttpResponse:
    """The background work that the person sees, filtered by the address, 50 a page."""
    form, rows = _asked_for(request)
    page = page_of(request, rows)
    askers = Person.objects.filter(reference__in={job.asked_by for job in page.rows})
    context = {
        "form": form,
        "page": page,
        "names": dict(askers.values_list("reference", "name")),
        "sees_messages": may(request.person, Right.SEE_BACKGROUND),
        "words": words,
        "took": took,
    }
    return render(request, "outbox/jobs.html", context)


@require_safe
@signed_in
def download(request: SignedInRequest) -> HttpResponse:
    """What the list shows, all of it, as a file."""
    _, rows = _asked_for(request)
    return list_file(request, "background-work", COLUMNS, rows)


@require_safe
@signed_in
def job(request: SignedInRequest, key: UUID) -> HttpResponse:
    """How far a job is, and what it did; the page may be left and come back to."""
    found = get_object_or_404(_seen_by(request.person), pk=key)
    context = {
        "job": found,
        "title": words.kind(found.kind),
        "state": words.state(found),
        "asker": Person.objects.filter(reference=found.asked_by).exclude(reference="").first(),
        "knows_people": may(request.person, Right.CHANGE_PEOPLE),
        "more": words.page_of(found, request.person),
        "retries": found.state == Job.State.FAILED and _may_try_again(request.person, found),
        "took": took(found),
        "is_later": found.due_at > timezone.now() + SOON,
    }
    response = render(request, "outbox/job.html", context)
    if found.state == Job.State.WAITING and not context["is_later"]:
        response["Refresh"] = "3"  # seconds; the browser looks again by itself, without scripts
    return response


@require_http_methods(["GET", "POST"])
@signed_in
def try_again(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Check, then begin again with one that was given up."""
    found = get_object_or_404(_seen_by(request.person), pk=key)
    require(_may_try_again(request.person, found), who="Who may start it: of an invoice run a finance officer")
    if request.method == "POST":
        try:
            again.run(job=found, by=request.person.reference)
        except again.Refused as refusal:
            said.error(request, str(refusal))
        else:
            said.success(request, "It begins again within a minute.")
        return returning.to(request, "jobs:job", key)
    return render(request, "outbox/try_again.html", {"job": found, "title": words.kind(found.kind)})


def took(job: Job) -> str:
    """How long it was from asking to the end, waiting included; for one that goes on, until now."""
    seconds = int(((job.finished_at or timezone.now()) - job.created_at).total_seconds())
    if job.due_at > timezone.now():
        return "–"
    if seconds < 60:
        return f"{max(seconds, 0)} s"
    minutes, hours = seconds // 60, seconds // 3600
    return f"{minutes} min" if hours < 2 else f"{hours} h" if hours < 48 else f"{hours // 24} days"


def _asked_for(request: SignedInRequest) -> tuple[JobFilter, QuerySet[Job]]:
    seen = _seen_by(request.person)
    form = JobFilter(request.GET, None if may(request.person, Right.SEE_BACKGROUND) else [tasks.RAISE])
    return form, form.applied_to(seen)


def _seen_by(person: Person) -> QuerySet[Job]:
    """All to coordinators and administrators, invoice runs to finance; 403 for others."""
    if may(person, Right.SEE_BACKGROUND):
        return Job.objects.all()
    require(may(person, Right.ISSUE_INVOICES), who=WHO)
    return Job.objects.filter(kind=tasks.RAISE)


def _may_try_again(person: Person, job: Job) -> bool:
    """A job acts for who asked for it: whoever begins again with one that issues invoices must be allowed to."""
    return may(person, Right.ISSUE_INVOICES if job.kind == tasks.RAISE else Right.SEE_BACKGROUND)

"""What coordinators change about a trainer: who they are, what they may deliver, when they cannot."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from frontend.access import SignedInRequest, require, signed_in
from frontend.trainers import putting_back
from frontend.trainers.forms import AwayForm, ClearanceForm, TrainerForm
from training import preparing, trainers
from training.models import Absence, Clearance, Course, Trainer
from training.models.preparation import LONGEST
from training.permissions import may_change_programme
from training.refusals import ProgrammeRefused

GET_OR_POST = ["GET", "POST"]


def _trainer(request: SignedInRequest, number: int) -> Trainer:
    require(may_change_programme(request.person), who="A coordinator")
    return get_object_or_404(Trainer.objects.select_related("person"), pk=number)


def _page(request: SignedInRequest, form: forms.Form, title: str, trainer: Trainer | None) -> HttpResponse:
    return render(request, "trainers/change.html", {"form": form, "title": title, "trainer": trainer})


@require_http_methods(GET_OR_POST)
@signed_in
def add_trainer(request: SignedInRequest) -> HttpResponse:
    """Somebody new of the Trainers Network."""
    require(may_change_programme(request.person), who="A coordinator")
    form = TrainerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = trainers.add(by=request.person, **form.cleaned_data)
        except ProgrammeRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"{made} is added. Say which courses they may deliver.")
            return redirect("trainers:trainer", made.pk)
    return _page(request, form, "Add a trainer", None)


@require_http_methods(GET_OR_POST)
@signed_in
def correct_trainer(request: SignedInRequest, number: int) -> HttpResponse:
    """Their name, who they are here, and whether they still train."""
    trainer = _trainer(request, number)
    form = TrainerForm(request.POST if request.method == "POST" else None, trainer)
    if form.is_valid():
        try:
            trainers.correct(trainer=trainer, by=request.person, **form.cleaned_data)
        except ProgrammeRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"{trainer} is saved.")
            return redirect("trainers:trainer", number)
    return _page(request, form, "Correct this trainer", trainer)


@require_http_methods(GET_OR_POST)
@signed_in
def clear(request: SignedInRequest, number: int) -> HttpResponse:
    """Sign that they may deliver a course, or until when; in the address may stand which, whose steps are signed."""
    trainer = _trainer(request, number)
    course = Course.objects.filter(code=request.GET.get("course", "")).first()
    evidence = preparing.in_words(preparing.way(trainer, course))[:LONGEST] if course else ""
    initial = {"course": course, "evidence": evidence}
    form = ClearanceForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            signed = trainers.clear(trainer=trainer, by=request.person, **form.cleaned_data)
        except ProgrammeRefused as refusal:
            form.add_error("until", str(refusal))
        else:
            messages.success(request, f"{trainer} may deliver {signed.course}.")
            return redirect("trainers:trainer", number)
    return _page(request, form, "Add a course that they may deliver", trainer)


@require_POST
@signed_in
def end_clearance(request: SignedInRequest, number: int, clearance: int) -> HttpResponse:
    """They may not deliver it any more; it can be put back, or signed again."""
    trainer = _trainer(request, number)
    found = get_object_or_404(Clearance.objects.select_related("course"), pk=clearance, trainer=trainer)
    back = putting_back.after(reverse("trainers:trainer", args=[number]), found)
    trainers.end_clearance(clearance=found, by=request.person)
    messages.success(request, f"{trainer} is not down for {found.course} any more.")
    return redirect(back)


@require_http_methods(GET_OR_POST)
@signed_in
def be_away(request: SignedInRequest, number: int) -> HttpResponse:
    """Days on which they cannot."""
    trainer = _trainer(request, number)
    form = AwayForm(request.POST if request.method == "POST" else None)
    if is_away(request, trainer, form):
        messages.success(request, f"{trainer} is not planned for these days without a warning.")
        return redirect("trainers:trainer", number)
    return _page(request, form, "Add days on which they cannot train", trainer)


@require_POST
@signed_in
def be_back(request: SignedInRequest, number: int, absence: int) -> HttpResponse:
    """They can after all."""
    trainer = _trainer(request, number)
    found = get_object_or_404(Absence, pk=absence, trainer=trainer)
    back = putting_back.after(reverse("trainers:trainer", args=[number]), found)
    trainers.be_back(absence=found, by=request.person)
    messages.success(request, f"{trainer} can train on these days again.")
    return redirect(back)


def is_away(request: SignedInRequest, trainer: Trainer, form: AwayForm) -> bool:
    """Whether the days of a form that was sent are noted; if not, the form says why."""
    if form.is_valid():
        try:
            trainers.be_away(trainer=trainer, by=request.person, **form.cleaned_data)
        except ProgrammeRefused as refusal:
            form.add_error("last_on", str(refusal))
        else:
            return True
    return False

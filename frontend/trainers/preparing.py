"""Train the trainer: a trainer's way to a course, step by step; and the steps that the partnership asks."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frontend.access import SignedInRequest, require, signed_in
from frontend.dates import DateField
from frontend.trainers import putting_back
from people.permissions import Right, may
from training import preparing
from training.models import Course, StepTaken, Trainer, TrainingStep
from training.models.preparation import LONGEST
from training.permissions import may_change_programme
from training.refusals import ProgrammeRefused

GET_OR_POST = ["GET", "POST"]


class SignForm(forms.Form):
    taken_on = DateField(label="When they took it", error_messages={"required": "Enter when they took it"})
    evidence = forms.CharField(
        label="How you know",
        help_text="For example: observed by D. Marsh, who would let them deliver it alone.",
        max_length=LONGEST,
        error_messages={"required": "Enter how you know"},
    )


class StepForm(forms.Form):
    name = forms.CharField(label="Step", max_length=LONGEST, error_messages={"required": "Enter what the step is"})
    position = forms.IntegerField(
        label="Which one it is", min_value=1, max_value=50, error_messages={"required": "Enter which one it is"}
    )
    is_retired = forms.BooleanField(label="Not asked any more", help_text="Who has taken it keeps it.", required=False)


# --- a trainer's way ------------------------------------------------------------------------------------------------
@require_safe
@signed_in
def way(request: SignedInRequest, number: int) -> HttpResponse:
    """The steps towards the course in the address, and who signed which; without one, which course it is."""
    require(may(request.person, Right.READ_PROGRAMME), who="A coordinator")
    trainer = get_object_or_404(Trainer, pk=number)
    course = Course.objects.filter(code=request.GET.get("course", "")).first()
    context: dict[str, Any] = {
        "trainer": trainer,
        "course": course,
        "changes": may_change_programme(request.person),
        "ended": putting_back.ended(request),
    }
    if course is None:
        context["courses"] = Course.objects.values_list("code", "title")
    else:
        stages = preparing.way(trainer, course)
        context |= {
            "stages": stages,
            "is_complete": preparing.is_complete(stages),
            "cleared": trainer.clearances.filter(course=course).first(),
        }
    return render(request, "trainers/way.html", context)


@require_http_methods(GET_OR_POST)
@signed_in
def sign(request: SignedInRequest, number: int, code: str, step: int) -> HttpResponse:
    """Sign that they have taken a step, or put right what was signed."""
    trainer, course, found = _asked(request, number, code, step)
    before = StepTaken.objects.filter(trainer=trainer, course=course, step=found).first()
    initial = {"taken_on": before.taken_on, "evidence": before.evidence} if before else None
    form = SignForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            preparing.sign(trainer=trainer, course=course, step=found, by=request.person, **form.cleaned_data)
        except ProgrammeRefused as refusal:
            form.add_error("taken_on", str(refusal))
        else:
            messages.success(request, f"Signed: {found}.")
            return redirect(_way(trainer, course))
    context = {"form": form, "trainer": trainer, "course": course, "step": found, "away": _way(trainer, course)}
    return render(request, "trainers/sign.html", context)


@require_POST
@signed_in
def take_out(request: SignedInRequest, number: int, code: str, step: int) -> HttpResponse:
    """It was signed by mistake; it can be put back, or signed again."""
    trainer, course, found = _asked(request, number, code, step)
    taken = get_object_or_404(StepTaken, trainer=trainer, course=course, step=found)
    back = putting_back.after(_way(trainer, course), taken)
    preparing.take_out(taken=taken, by=request.person)
    messages.success(request, f"Not signed any more: {found}.")
    return redirect(back)


def _asked(request: SignedInRequest, number: int, code: str, step: int) -> tuple[Trainer, Course, TrainingStep]:
    require(may_change_programme(request.person), who="A coordinator")
    return (
        get_object_or_404(Trainer, pk=number),
        get_object_or_404(Course, code=code),
        get_object_or_404(TrainingStep, pk=step),
    )


def _way(trainer: Trainer, course: Course) -> str:
    return f"{reverse('trainers:way', args=[trainer.pk])}?course={course.code}"


# --- the steps ------------------------------------------------------------------------------------------------------
@require_http_methods(GET_OR_POST)
@signed_in
def steps(request: SignedInRequest) -> HttpResponse:
    """What the partnership asks, in its order; what is sent is one more, or that the usual ones shall be made."""
    require(may_change_programme(request.person), who="A coordinator")
    form = _new_step(request)
    if "usual" in request.POST:
        preparing.begin_with_usual(by=request.person)
        messages.success(request, "These are the usual steps. Change them to what you ask.")
        return redirect("trainers:steps")
    if form.is_valid():
        try:
            made = preparing.add(name=form.cleaned_data["name"], by=request.person)
        except ProgrammeRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"Added: {made}.")
            return redirect("trainers:steps")
    return render(request, "trainers/steps.html", {"form": form, "steps": TrainingStep.objects.all()})


@require_http_methods(GET_OR_POST)
@signed_in
def change_step(request: SignedInRequest, step: int) -> HttpResponse:
    """Its name, its place, and whether it is asked."""
    require(may_change_programme(request.person), who="A coordinator")
    found = get_object_or_404(TrainingStep, pk=step)
    initial = {"name": found.name, "position": found.position, "is_retired": found.is_retired}
    form = StepForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            preparing.change(step=found, by=request.person, **form.cleaned_data)
        except ProgrammeRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, "The step is changed.")
            return redirect("trainers:steps")
    return render(request, "trainers/change_step.html", {"form": form})


def _new_step(request: HttpRequest) -> StepForm:
    form = StepForm(request.POST if request.method == "POST" and "usual" not in request.POST else None)
    for name in ("position", "is_retired"):
        del form.fields[name]
    return form

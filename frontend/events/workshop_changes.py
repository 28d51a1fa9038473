"""Adding a workshop to a conference, calling it otherwise, and taking it out."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from bookings import workshops
from bookings.permissions import may_give_places
from frontend import returning
from frontend.access import SignedInRequest, require, signed_in
from frontend.events.forms import NumberForm
from training.models import Event, Workshop
from training.refusals import ProgrammeRefused


class WorkshopForm(forms.Form):
    title = forms.CharField(label="Title", max_length=200, error_messages={"required": "Enter what it is called"})
    slot = forms.CharField(
        label="When it is",
        help_text="As your programme calls it, such as Morning. Delegates choose one workshop of each time. "
        "Leave it empty if all are at the same time.",
        max_length=60,
        required=False,
    )


class NewWorkshopForm(WorkshopForm, NumberForm):
    field_order = ("title", "slot", "places")


@require_http_methods(["GET", "POST"])
@signed_in
def add(request: SignedInRequest, reference: str) -> HttpResponse:
    event = _event(request, reference)
    form = NewWorkshopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = workshops.add(event=event, by=request.person, **form.cleaned_data)
        except ProgrammeRefused as refusal:
            form.add_error("title", str(refusal))
        else:
            messages.success(request, f"“{made.title}” is added. Who has booked already can choose it.")
            return returning.to(request, "events:workshops", reference)
    return render(request, "events/workshop.html", {"event": event, "form": form, "slots": _slots(event)})


@require_http_methods(["GET", "POST"])
@signed_in
def change(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    event = _event(request, reference)
    workshop = get_object_or_404(event.workshops, pk=number)
    form = WorkshopForm(request.POST or None, initial={"title": workshop.title, "slot": workshop.slot})
    if request.method == "POST" and form.is_valid():
        try:
            workshops.correct(workshop=workshop, by=request.person, **form.cleaned_data)
        except ProgrammeRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"“{form.cleaned_data['title']}” is saved.")
            return returning.to(request, "events:workshops", reference)
    context = {"event": event, "workshop": workshop, "form": form, "slots": _slots(event)}
    return render(request, "events/workshop.html", context)


@require_POST
@signed_in
def take_out(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """Nothing is lost: nobody has chosen it, and it can be added again."""
    event = _event(request, reference)
    workshop = get_object_or_404(event.workshops, pk=number)
    try:
        workshops.take_out(workshop=workshop, by=request.person)
    except ProgrammeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"“{workshop.title}” is taken out. Nobody had chosen it; you can add it again.")
    return returning.to(request, "events:workshops", reference)


def _event(request: SignedInRequest, reference: str) -> Event:
    event = get_object_or_404(Event.objects.visible_to(request.person).select_related("course"), reference=reference)
    require(may_give_places(request.person), who="A coordinator")
    return event


def _slots(event: Event) -> list[str]:
    """What the times of the others are called."""
    slots = Workshop.objects.filter(event=event).exclude(slot="").order_by("pk").values_list("slot", flat=True)
    return list(dict.fromkeys(slots))

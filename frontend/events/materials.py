"""What delegates of an event are given: before, on the day, and after; its own, and its course's."""

from django import forms
from django.contrib import messages
from django.core.validators import URLValidator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from frontend import returning
from frontend.access import SignedInRequest, require, signed_in
from training import materials as given
from training.models import Event, Material
from training.permissions import may_change_programme, trains

WRONG = "Enter the whole address, such as https://learning.example.org/handout.pdf"


class MaterialForm(forms.Form):
    title = forms.CharField(label="What it is", max_length=200, error_messages={"required": "Enter what it is"})
    link = forms.CharField(
        label="Link to it",
        help_text="Where it lies, such as your partnership’s website. Whoever knows the link may be able to open it.",
        max_length=500,
        validators=[URLValidator(schemes=["https", "http"], message=WRONG)],
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        error_messages={"required": WRONG},
    )
    when = forms.ChoiceField(
        label="From when delegates see it",
        choices=Material.When.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select from when delegates see it"},
    )
    whose = forms.ChoiceField(
        label="On which events",
        choices=[("event", "This event only"), ("course", "All events of the course")],
        initial="event",
        widget=forms.RadioSelect,
        error_messages={"required": "Select on which events"},
    )


@require_http_methods(["GET", "POST"])
@signed_in
def materials(request: SignedInRequest, reference: str) -> HttpResponse:
    """All of them, for coordinators and the event's trainers. Coordinators add one, take one away, or give it again."""
    event = get_object_or_404(Event.objects.visible_to(request.person).select_related("course"), reference=reference)
    changes = may_change_programme(request.person)
    require(changes or trains(request.person, event), who="A coordinator, or who gives the event,")
    if request.method == "POST":
        require(changes, who="A coordinator")
    form = MaterialForm(request.POST if request.method == "POST" and "do" not in request.POST else None)
    if said := _done(request, event, form):
        messages.success(request, said)
        return returning.to(request, "events:materials", reference)
    found = list(Material.objects.of(event))
    context = {
        "event": event,
        "form": form,
        "changes": changes,
        "given": [one for one in found if one.taken_away_at is None],
        "taken_away": [one for one in found if one.taken_away_at] if changes else [],
    }
    return render(request, "events/materials.html", context)


def _done(request: SignedInRequest, event: Event, form: MaterialForm) -> str:
    """What was done, in words; empty where nothing was."""
    if "do" in request.POST:
        act, _, number = request.POST["do"].partition(":")
        one = get_object_or_404(Material.objects.of(event), pk=number if number.isdecimal() else 0)
        if act == "take-away":
            given.take_away(material=one, by=request.person)
            return f"“{one.title}” is shown to nobody any more. You can give it again below."
        given.give_again(material=one, by=request.person)
        return f"“{one.title}” is given again."
    if not form.is_valid():
        return ""
    facts = form.cleaned_data
    made = given.give(
        event=event,
        is_of_course=facts["whose"] == "course",
        title=facts["title"],
        link=facts["link"],
        when=facts["when"],
        by=request.person,
    )
    return f"“{made.title}” is added. Delegates find it in their booking."

"""How an event is joined, entered by a coordinator."""

from django import forms
from django.contrib import messages
from django.core.validators import URLValidator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from frontend.access import SignedInRequest, require, signed_in
from training import joining
from training.models import Event
from training.permissions import may_change_programme
from training.refusals import ProgrammeRefused

WRONG = "Enter the whole address of the meeting, such as https://teams.microsoft.com/l/meetup-join/…"


class JoiningForm(forms.Form):
    online_link = forms.CharField(
        label="Link to join online",
        help_text="Told only to those who have a place. If it changes, they are told so.",
        required=False,
        max_length=200,
        validators=[URLValidator(schemes=["https", "http"], message=WRONG)],
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    instructions = forms.CharField(
        label="Joining instructions",
        help_text="What to bring or to read, where to park, whom to ask for. Sent five days before the event.",
        required=False,
        max_length=4000,
        widget=forms.Textarea,
    )


@require_http_methods(["GET", "POST"])
@signed_in
def say_how_to_join(request: SignedInRequest, reference: str) -> HttpResponse:
    """The link and the instructions, as they are and as they shall be."""
    event = get_object_or_404(Event.objects.visible_to(request.person).select_related("course"), reference=reference)
    require(may_change_programme(request.person), who="A coordinator")
    now = {"online_link": event.online_link, "instructions": event.joining_instructions}
    form = JoiningForm(request.POST if request.method == "POST" else None, initial=now)
    if form.is_valid():
        try:
            joining.say(event=event, by=request.person, **form.cleaned_data)
        except ProgrammeRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "How to join is saved. Who has a place is told in good time.")
            return redirect("events:event", reference)
    return render(request, "events/joining.html", {"form": form, "event": event})

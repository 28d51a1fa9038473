"""Whether the date of an event is sure: confirmed, or doubted, by a coordinator."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from bookings import changes
from frontend import returning
from frontend.access import SignedInRequest, require, signed_in
from frontend.formats import plural
from training import events
from training.models import Event
from training.permissions import may_change_programme
from training.refusals import ProgrammeRefused

Certainty = Event.Certainty


class DateForm(forms.Form):
    certainty = forms.ChoiceField(
        label="Is the date sure?",
        choices=Certainty.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether the date is sure"},
    )


@require_http_methods(["GET", "POST"])
@signed_in
def say_certainty(request: SignedInRequest, reference: str) -> HttpResponse:
    """How sure it is, and who is told of what is chosen."""
    event = get_object_or_404(Event.objects.visible_to(request.person).select_related("course"), reference=reference)
    require(may_change_programme(request.person), who="A coordinator")
    # Of a tentative one this is opened to confirm it.
    data = request.POST if request.method == "POST" else None
    form = DateForm(data, initial={"certainty": Certainty.SURE if event.is_tentative else ""})
    try:
        events.refuse_certainty(event)
        if form.is_valid():
            return _said(request, event, form.cleaned_data["certainty"])
    except ProgrammeRefused as refusal:
        messages.info(request, str(refusal))
        return returning.to(request, "events:event", reference)
    change_to = Certainty.SURE if event.is_tentative else Certainty.TENTATIVE
    context = {"event": event, "form": form, "told": changes.number_to_tell(event, change_to)}
    return render(request, "events/date.html", context)


def _said(request: SignedInRequest, event: Event, certainty: str) -> HttpResponse:
    changes_it = event.is_tentative == (certainty == Certainty.SURE)
    told = changes.number_to_tell(event, certainty) if changes_it else 0
    events.say_certainty(event=event, certainty=certainty, by=request.person)
    is_now = "The date is confirmed" if certainty == Certainty.SURE else "The date is marked as not sure yet"
    soon = f" {plural(told, 'person is', 'people are')} told in five to fifteen minutes." if told else ""
    messages.success(request, f"{is_now}.{soon}")
    return returning.to(request, "events:event", event.reference)

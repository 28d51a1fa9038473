"""The page behind the link that a trainer is sent: can they give an event? Opening it does nothing; a button does."""

from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from frontend.trainers import listing
from people.models import Person
from training import answer_links, inviting
from training.models import TrainerInvitation
from training.models.staffing import LONGEST
from training.refusals import ProgrammeRefused


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label="Why not (optional)",
        help_text="For example: I am away that day, or I could on another one. Only the training team reads it.",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: HttpRequest, token: str) -> HttpResponse:
    """Who was sent the link answers, while it is theirs to answer."""
    invitation = answer_links.invitation_of(token)
    if invitation is None:
        return render(request, "trainers/wrong_link.html", status=404)
    form = DeclineForm(request.POST if request.POST.get("answer") == "decline" else None)
    if request.method == "POST":
        try:
            if said := _answered(request, invitation, form):
                messages.success(request, said)
                return redirect(request.path)
        except ProgrammeRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(request.path)
    context = {
        "invitation": invitation,
        "event": invitation.event,
        "form": form,
        "over": inviting.over(invitation),
        "parts": listing.dates(invitation.trainer).filter(session__event=invitation.event),
        "is_signed_in": getattr(request, "person", None) == invitation.trainer.person,
    }
    return render(request, "trainers/asked.html", context)


def _answered(request: HttpRequest, invitation: TrainerInvitation, form: DeclineForm) -> str:
    """What became of it, in a sentence; empty where nothing was answered."""
    by = cast(Person, invitation.trainer.person)
    if request.POST.get("answer") == "accept":
        inviting.accept(invitation=invitation, by=by)
        return "Thank you. You are down to give it."
    if form.is_valid():
        inviting.decline(invitation=invitation, by=by, reason=form.cleaned_data["reason"])
        return "Thank you for saying so. The training team asks somebody else."
    return ""

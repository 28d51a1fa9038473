"""A trainer's own dates, and the days on which they cannot train."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from frontend.access import SignedInRequest, signed_in
from frontend.trainers import listing
from frontend.trainers.changes import is_away
from frontend.trainers.forms import AwayForm
from training import trainers, volunteering
from training.models import Absence, Event, Trainer, Volunteer
from training.refusals import ProgrammeRefused


@require_http_methods(["GET", "POST"])
@signed_in
def my_dates(request: SignedInRequest) -> HttpResponse:
    """For who is down as a trainer; what is sent are days on which they cannot."""
    trainer = get_object_or_404(Trainer, person=request.person)
    form = AwayForm(request.POST if request.method == "POST" else None)
    if is_away(request, trainer, form):
        messages.success(request, "Noted. The training team sees it when they plan. What you have agreed to stays.")
        return redirect("trainers:mine")
    now = timezone.now()
    dates = list(listing.dates(trainer))
    context = {
        "form": form,
        "asked": listing.asked(trainer),
        "wanted": listing.wanted(trainer),
        "coming": [one for one in dates if one.ends_at > now],
        "past": [one for one in reversed(dates) if one.ends_at <= now],
        "away": listing.away(trainer),
    }
    return render(request, "trainers/mine.html", context)


@require_POST
@signed_in
def volunteer(request: SignedInRequest, reference: str) -> HttpResponse:
    """Offer to give an event that needs a trainer, or take the offer back; a second press changes nothing."""
    trainer = get_object_or_404(Trainer, person=request.person)
    event = get_object_or_404(Event, reference=reference)
    offered = event.volunteers.filter(trainer=trainer, state=Volunteer.State.OPEN).first()
    try:
        if "back" not in request.POST:
            volunteering.offer(event=event, trainer=trainer, by=request.person)
            messages.success(request, "Thank you. The training team tells you whether they need you.")
        elif offered is not None:
            volunteering.take_back(volunteer=offered, by=request.person)
            messages.success(request, "Your offer is taken back.")
    except ProgrammeRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("trainers:mine")


@require_POST
@signed_in
def be_back(request: SignedInRequest, absence: int) -> HttpResponse:
    """I can after all."""
    found = get_object_or_404(Absence, pk=absence, trainer__person=request.person)
    trainers.be_back(absence=found, by=request.person)
    messages.success(request, "Noted: you can train on these days.")
    return redirect("trainers:mine")

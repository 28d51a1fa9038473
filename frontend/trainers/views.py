"""Trainers: the list with the time that agencies give, and one of them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from frontend.access import SignedInRequest, require, signed_in
from frontend.trainers import listing, putting_back
from people.permissions import Right, may
from training import preparing
from training.models import Trainer
from training.permissions import may_change_programme


@require_safe
@signed_in
def trainers(request: SignedInRequest) -> HttpResponse:
    """All of them."""
    require(may(request.person, Right.READ_PROGRAMME), who="A coordinator")
    context = {
        "trainers": listing.trainers(timezone.now()),
        "changes": may_change_programme(request.person),
    }
    return render(request, "trainers/trainers.html", context)


@require_safe
@signed_in
def trainer(request: SignedInRequest, number: int) -> HttpResponse:
    """What they may deliver, when they cannot, and their dates."""
    require(may(request.person, Right.READ_PROGRAMME), who="A coordinator")
    found = get_object_or_404(Trainer.objects.select_related("person__agency"), pk=number)
    now = timezone.now()
    dates = list(listing.dates(found))
    context = {
        "trainer": found,
        "clearances": found.clearances.select_related("course", "signed_by"),
        "begun": preparing.begun(found),
        "away": listing.away(found),
        "coming": [one for one in dates if one.ends_at > now],
        "past": sum(one.ends_at <= now for one in dates),
        "today": timezone.localdate(),
        "changes": may_change_programme(request.person),
        "ended": putting_back.ended(request),
    }
    return render(request, "trainers/trainer.html", context)

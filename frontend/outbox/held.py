"""Messages that a restore set aside: what they are, and then all are sent or thrown away."""

from django.contrib import messages as said
from django.db.models import Count, Max, Min
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from frontend.access import SignedInRequest, require, signed_in
from frontend.formats import plural
from frontend.outbox import words
from frontend.outbox.messages import WHO
from outbox import held
from outbox.models import Message
from people.permissions import Right, may

GET_OR_POST = ["GET", "POST"]
TOO_LATE = "Nothing is held any more: somebody else was first."


@require_safe
@signed_in
def found(request: SignedInRequest) -> HttpResponse:
    """How many of each kind, and from when."""
    require(may(request.person, Right.SEE_BACKGROUND), who=WHO)
    kinds = held.rows(Message).values("template").order_by("template")
    context = {
        "held": held.standing(Message),
        "kinds": kinds.annotate(count=Count("pk"), oldest=Min("created_at"), latest=Max("created_at")),
        "words": words,
    }
    return render(request, "outbox/held.html", context)


@require_http_methods(GET_OR_POST)
@signed_in
def send(request: SignedInRequest) -> HttpResponse:
    """Check, then send all that are held."""
    require(may(request.person, Right.SEE_BACKGROUND), who=WHO)
    if request.method == "POST":
        count = held.release(held.rows(Message), by=request.person.reference)
        return _settled(request, count, "will be sent within a minute.")
    return render(request, "outbox/send_held.html", {"held": held.standing(Message)})


@require_http_methods(GET_OR_POST)
@signed_in
def throw_away(request: SignedInRequest) -> HttpResponse:
    """Check, then never send what is held."""
    require(may(request.person, Right.SEE_BACKGROUND), who=WHO)
    if request.method == "POST":
        count = held.throw_away(held.rows(Message), by=request.person.reference)
        return _settled(request, count, "thrown away. Each can still be sent from its own page.")
    return render(request, "outbox/throw_away_held.html", {"held": held.standing(Message)})


def _settled(request: SignedInRequest, count: int, what: str) -> HttpResponse:
    if count:
        said.success(request, f"{plural(count, 'message')} {what}")
    else:
        said.info(request, TOO_LATE)
    return redirect("messages:list")

"""The button that puts back what was taken out about a trainer, for some minutes."""

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from frontend.access import SignedInRequest, require, signed_in
from training import putting_back
from training.models import Trainer
from training.permissions import may_change_programme
from training.putting_back import Row
from training.refusals import CannotChange

# In the address: what was taken out, signed, as it was.
ENDED = "ended"
SALT = "trainers.ended"
MINUTES = 10


def after(address: str, row: Row) -> str:
    """Where to go once the row is taken out. Ask it before that."""
    token = signing.dumps(putting_back.noted(row), salt=SALT, compress=True)
    return f"{address}{'&' if '?' in address else '?'}{ENDED}={token}"


def ended(request: HttpRequest) -> str:
    """What the page's button sends; empty where there is nothing to put back."""
    token = request.GET.get(ENDED, "")
    return token if _was(token) else ""


@require_POST
@signed_in
def put_back(request: SignedInRequest, number: int) -> HttpResponse:
    require(may_change_programme(request.person), who="A coordinator")
    trainer = get_object_or_404(Trainer, pk=number)
    was = _was(request.POST.get(ENDED, ""))
    try:
        if not was:
            raise CannotChange("That cannot be put back any more. Enter it anew.")
        putting_back.put_back(trainer=trainer, was=was, by=request.person)
    except CannotChange as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "It is put back as it was.")
    return redirect("trainers:trainer", number)


def _was(token: str) -> str:
    try:
        found: str = signing.loads(token, salt=SALT, max_age=MINUTES * 60)
    except signing.BadSignature:
        return ""
    return found

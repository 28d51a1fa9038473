"""Asking trainers by email, as an event is made or changed, whether they can give it."""

from collections.abc import Collection

from django.contrib import messages

from frontend.access import SignedInRequest
from frontend.formats import listed
from training import inviting, staffing
from training.models import Event


def ask(request: SignedInRequest, event: Event, before: Collection[int]) -> None:
    """Ask those who were not among its trainers before, by their keys, and say who cannot be asked."""
    new = staffing.on_it(event).exclude(pk__in=before).select_related("person")
    asked, others = inviting.ask_each(event=event, trainers=new, by=request.person)
    if asked:
        messages.info(request, f"Asked by email: {listed(map(str, asked))}.")
    if others:
        messages.warning(
            request, f"Not asked, as we have no address: {listed(map(str, others))}. Ask them yourself, please."
        )

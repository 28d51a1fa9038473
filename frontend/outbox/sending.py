"""Sending a message again, all that were given up, and stopping one that waits."""

from uuid import UUID

from django.contrib import messages as said
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from frontend import returning
from frontend.access import SignedInRequest, require, signed_in
from frontend.formats import plural
from frontend.outbox import recipients, words
from frontend.outbox.forms import SinceForm, start_of
from frontend.outbox.messages import WHO, visible
from outbox import again
from people.permissions import Right, may

GET_OR_POST = ["GET", "POST"]


@require_http_methods(GET_OR_POST)
@signed_in
def send_again(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Check, then send once more, to the address that is recorded now."""
    message = visible(request, key)
    to = recipients.addresses_now([message]).get(message.pk, message.to)
    if request.method == "POST":
        try:
            sent = again.send(message=message, to=to, by=request.person.reference)
        except again.Refused as refusal:
            said.error(request, str(refusal))
            return returning.to(request, "messages:message", key)
        said.success(request, f"The message to {to} is sent within a minute.")
        return returning.to(request, "messages:message", sent.pk)
    context = {"message": message, "to": to, "title": words.template(message.template), "state": words.state(message)}
    return render(request, "outbox/send_again.html", context)


@require_http_methods(GET_OR_POST)
@signed_in
def send_failed(request: SignedInRequest) -> HttpResponse:
    """First since when; then how many they are, to check; then they are sent."""
    require(may(request.person, Right.SEE_BACKGROUND), who=WHO)
    form = SinceForm(request.POST if request.method == "POST" else None)
    if not form.is_valid() or "change" in request.POST:
        return render(request, "outbox/send_failed.html", {"form": form})
    since = start_of(form.cleaned_data["since"])
    given_up = again.failed_since(since)
    if "confirm" in request.POST:
        count = again.send_failed(
            since=since, addresses=recipients.addresses_now(given_up), by=request.person.reference
        )
        said.success(request, f"{plural(count, 'message')} will be sent within a minute.")
        return redirect("messages:list")
    kept = [(name, value) for name, value in request.POST.items() if name.startswith("since")]
    context = {"form": form, "count": given_up.count(), "since": since, "kept": kept}
    return render(request, "outbox/check_send_failed.html", context)


@require_http_methods(GET_OR_POST)
@signed_in
def stop(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Check, then never send one that waits."""
    message = visible(request, key)
    if request.method == "POST":
        try:
            again.stop(row=message, by=request.person.reference)
        except again.Refused as refusal:
            said.error(request, str(refusal))
        else:
            said.success(request, f"The message to {message.to} is stopped. It can still be sent from here.")
        return returning.to(request, "messages:message", key)
    context = {"message": message, "title": words.template(message.template), "state": words.state(message)}
    return render(request, "outbox/stop.html", context)

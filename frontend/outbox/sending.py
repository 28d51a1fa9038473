"""Sending a message again, all that were given up, and stopping one that waits."""

import re
from collections import Counter
from uuid import UUID

from django.contrib import messages as said
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from frontend import returning
from frontend.access import SignedInRequest, require, signed_in
from frontend.formats import plural
from frontend.outbox import recipients, words
from frontend.outbox.forms import MessageFilter, SinceForm, start_of
from frontend.outbox.messages import WHO, visible
from outbox import again
from outbox.models import Message, Work
from people.permissions import Right, may
from people.references import new_reference

GET_OR_POST = ["GET", "POST"]
MOST_AT_ONCE = 1000


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
def send_several(request: SignedInRequest) -> HttpResponse:
    """Check how many the list shows as it is filtered, then send them again."""
    require(may(request.person, Right.SEE_BACKGROUND), who=WHO)
    form = MessageFilter(request.GET)
    found = form.applied_to(Message.objects.all())
    counts = Counter(found.order_by().values_list("state", flat=True))
    total = sum(counts[state] for state in again.ENDED)
    shown = f"{reverse('messages:list')}?{request.GET.urlencode()}"
    if refusal := _refusal(form, total):
        said.error(request, refusal)
        return redirect(shown)
    if request.method == "POST":
        ended = found.filter(state__in=again.ENDED)
        page = re.sub("[^A-Z0-9]", "", request.POST.get("page", ""))[:12] or new_reference()
        addresses = recipients.addresses_now(ended)
        count = again.send_several(found=ended, addresses=addresses, page=page, by=request.person.reference)
        said.success(request, f"{plural(count, 'message')} will be sent within a minute.")
        return redirect(shown)
    context = {"counts": counts, "total": total, "shown": shown, "page": new_reference(), "states": Work.State}
    return render(request, "outbox/send_several.html", context)


def _refusal(form: MessageFilter, total: int) -> str:
    """Why they cannot be sent again all at once; empty if they can."""
    if not set(form.asked()) - {"sort"}:
        return "Filter the list first, so that it shows those that you mean."
    if total > MOST_AT_ONCE:
        return (
            f"These are {total:,} messages. Filter the list further: at most {MOST_AT_ONCE:,} are sent again at once."
        )
    return "" if total else "All of these wait to be sent in any case."


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

"""Messages: what was sent to whom and when, what waits, and what did not arrive."""

import logging
from typing import Any, cast
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from frontend.access import SignedInRequest, require, signed_in
from frontend.downloads import list_file
from frontend.outbox import recipients, words
from frontend.outbox.forms import MessageFilter
from frontend.paging import page_of
from outbox import claims, held, letter, templates, wordings
from outbox.models import Message, Work
from people.models import Person
from people.permissions import Right, may

log = logging.getLogger(__name__)

WHO = "A coordinator or an administrator"
COLUMNS = {
    "Message": "template",
    "To": "to",
    "About": "reference",
    "State": "state",
    "Asked for": "created_at",
    "Attempts": "attempts",
    "Ended": "finished_at",
    "Last answer": "last_error",
}


@require_safe
@signed_in
def sent_and_waiting(request: SignedInRequest) -> HttpResponse:
    """All messages, filtered by the address, 50 a page."""
    require(may(request.person, Right.SEE_BACKGROUND), who=WHO)
    form = MessageFilter(request.GET)
    page = page_of(request, form.applied_to(Message.objects.select_related("sent_text")))
    context = {
        "form": form,
        "page": page,
        "reached": recipients.persons_at(one.to for one in page.rows),
        "held": held.standing(Message),
        "reads": may(request.person, Right.SEE_BOOKINGS),
        "edits_templates": may(request.person, Right.CHANGE_PROGRAMME),
        "words": words,
    }
    return render(request, "outbox/messages.html", context)


@require_safe
@signed_in
def download(request: SignedInRequest) -> HttpResponse:
    """What the list shows, all of it, as a file."""
    require(may(request.person, Right.SEE_BACKGROUND), who=WHO)
    rows = MessageFilter(request.GET).applied_to(Message.objects.all())
    return list_file(request, "messages", COLUMNS, rows)


@require_safe
@signed_in
def message(request: SignedInRequest, key: UUID) -> HttpResponse:
    """One message: its way so far, and what it said when it was sent, else what it would say now."""
    found = visible(request, key)
    reads = may(request.person, Right.SEE_BOOKINGS)
    text, silence = _text(found, request.person) if reads else (None, "")
    context = {
        "message": found,
        "state": words.state(found),
        "title": words.template(found.template),
        "about": words.about(found, request.person),
        "reads": reads,
        "is_as_sent": hasattr(found, "sent_text"),
        "text": text,
        "silence": silence,
        "most": Message.MOST_FAILURES,
    }
    return render(request, "outbox/message.html", context)


@require_safe
@signed_in
def undeliverable(request: SignedInRequest) -> HttpResponse:
    """Addresses whose last message was given up, with the people who are reached by them."""
    require(may(request.person, Right.SEE_BACKGROUND), who=WHO)
    page = page_of(request, addresses_given_up())
    context = {"page": page, "reached": recipients.persons_at(row["to"] for row in page.rows)}
    return render(request, "outbox/undeliverable.html", context)


def visible(request: SignedInRequest, key: UUID) -> Message:
    """The message; 403 for who sees none."""
    require(may(request.person, Right.SEE_BACKGROUND), who=WHO)
    rows = Message.objects.select_related("sent_text").annotate(wording=wordings.edited(OuterRef("template")))
    return get_object_or_404(rows, pk=key)


def addresses_given_up() -> "QuerySet[Message, dict[str, Any]]":
    """Address, how many messages to it were given up, and when last; but for those where a later one arrived."""
    arrived = Message.objects.filter(to=OuterRef("to"), state=Work.State.DONE, finished_at__gt=OuterRef("finished_at"))
    failed = Message.objects.filter(~Exists(arrived), state=Work.State.FAILED)
    rows = failed.order_by().values("to").annotate(n=Count("pk"), last=Max("finished_at"))
    return cast("QuerySet[Message, dict[str, Any]]", rows.order_by("-last", "to"))


def _text(message: Message, reader: Person) -> tuple[templates.Text | None, str]:
    """What the message said when it was sent, else what it says as things are now; or nothing, and why."""
    log.info("message %s read by person %s", message.key, reader.reference)
    if hasattr(message, "sent_text"):
        return letter.plain(message.sent_text.subject, message.sent_text.body), ""
    try:
        wording = wordings.used(message.template, message.__dict__["wording"])
        return templates.shown(message.template, message.reference, wording), ""
    except templates.NoLongerNeeded as reason:
        return None, f"It would not be sent now: {reason}"
    except templates.NotYet as reason:
        return None, f"It is not sent yet. {reason}"
    except Exception as error:  # what an app's facts raise is its own; the page stands all the same
        log.warning("The text of message %s cannot be shown (%s).", message.key, claims.described(error))
        return None, "Its text cannot be made now: what it is about is gone, or not as it should be."

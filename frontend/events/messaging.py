"""Writing to the people of an event: whom and what, how it will look, then sent; and what became of it."""

from collections import Counter
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.validators import RegexValidator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bookings import announcements, notices
from bookings.announcements import Group, Recipient
from bookings.models import Announcement
from bookings.permissions import may_write_to_delegates
from bookings.refusals import BookingRefused
from frontend.access import SignedInRequest, require, signed_in
from frontend.formats import plural
from frontend.outbox import words
from outbox import templates, wordings
from outbox.models import Message, Work
from people.references import ALPHABET
from training.models import Event
from training.moments import full_date

WHO = "A coordinator"
CHOOSE = "Select who gets it"
GONE = {"invalid_choice": "Select again who gets it: somebody’s booking has changed since"}
STANDING = {
    Group.MADE_UP: "makes up a session",
    Group.WAITING: "waiting",
    Group.APPROVAL: "awaits approval",
    Group.TRAINERS: "trainer",
}
# What the check page sends again.
KEPT = ("reference", "groups", "people", "subject", "words")


class MessageForm(forms.Form):
    """Whom of the event's people, and what."""

    # Given to the page, so that sending it twice is sending it once.
    reference = forms.CharField(
        max_length=12, widget=forms.HiddenInput, validators=[RegexValidator(f"^[{ALPHABET}]+$")]
    )
    groups = forms.MultipleChoiceField(
        label="Who gets it", required=False, widget=forms.CheckboxSelectMultiple, error_messages=GONE
    )
    people = forms.MultipleChoiceField(
        label="Single people", required=False, widget=forms.CheckboxSelectMultiple, error_messages=GONE
    )
    subject = forms.CharField(max_length=150)
    words = forms.CharField(
        label="Message",
        help_text="“Dear …” with each one’s name stands before it; the course, its dates and who wrote stand below it.",
        max_length=4000,
        widget=forms.Textarea,
    )

    def __init__(self, everyone: list[Recipient], data: QueryDict | None, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        sizes = Counter(one.group for one in everyone)
        groups = [(group.value, f"{group.label} ({sizes[group]})") for group in Group if sizes[group]]
        self.fields["groups"].choices = groups  # type: ignore[attr-defined]  # it is a choice field
        people = [(one.reference, _who(one)) for one in everyone if one.reference]
        self.fields["people"].choices = people  # type: ignore[attr-defined]

    def clean_subject(self) -> str:
        return templates.one_line(self.cleaned_data["subject"])

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not found.get("groups") and not found.get("people") and not self.errors.keys() & {"groups", "people"}:
            self.add_error("groups", CHOOSE)
        return found


@require_http_methods(["GET", "POST"])
@signed_in
def write(request: SignedInRequest, reference: str) -> HttpResponse:
    """First the form; then how it looks and who gets it; from there it is sent, tried on oneself, or changed."""
    event = _event(request, reference)
    everyone = announcements.recipients(event)
    form = MessageForm(everyone, request.POST if request.method == "POST" else None, _initial(request, event))
    if not form.is_valid() or "change" in request.POST:
        return _form(request, event, form, everyone)
    to = announcements.chosen(everyone, form.cleaned_data["groups"], form.cleaned_data["people"])
    text = {name: form.cleaned_data[name] for name in ("subject", "words")}
    reached = [one for one in to if one.address]
    try:
        if "send" in request.POST:
            sent = announcements.send(
                event=event, by=request.person, reference=form.cleaned_data["reference"], to=to, **text
            )
            messages.success(request, f"Your message goes to {plural(len(reached), 'person', 'people')} now.")
            return redirect("events:announced", event.reference, sent.reference)
        if "test" in request.POST and reached:
            announcements.send_test(event=event, by=request.person, to=reached[0], **text)
            messages.success(request, f"A test is on its way to {request.person.email}. Nobody else gets it.")
    except BookingRefused as refusal:
        return _form(request, event, _another(form, everyone, str(refusal)), everyone)
    return _check(request, event, form, to)


@require_safe
@signed_in
def announced(request: SignedInRequest, reference: str, announcement: str) -> HttpResponse:
    """What was written, and how far it is with each who gets it."""
    event = _event(request, reference)
    rows = Announcement.objects.filter(event=event, is_test=False).select_related("sent_by")
    found = get_object_or_404(rows, reference=announcement)
    sent = list(Message.objects.filter(key__startswith=announcements.key(found.reference, "")).order_by("key"))
    names = {one.reference: one.name for one in announcements.recipients(event)}
    named = [(_name(one, names), one, words.state(one)) for one in sent]
    states = Counter(one.state for one in sent)
    context = {
        "event": event,
        "announcement": found,
        "rows": sorted(named, key=lambda row: (row[0], row[1].key)),
        "sent": states[Work.State.DONE],
        "total": len(sent),
        "failed": states[Work.State.FAILED],
    }
    response = render(request, "events/announced.html", context)
    if any(one.state == Work.State.WAITING and one.due_at <= timezone.now() for one in sent):
        response["Refresh"] = "3"  # seconds; the browser looks again by itself, without scripts
    return response


def _event(request: SignedInRequest, reference: str) -> Event:
    # How they will read is made of what the templates say now: with the event they cost no statement of their own.
    edited = {f"{name}_text": wordings.edited(name) for name in (announcements.TO_DELEGATE, announcements.TO_TRAINER)}
    rows = Event.objects.visible_to(request.person).select_related("course").annotate(**edited)
    event = get_object_or_404(rows, reference=reference)
    require(may_write_to_delegates(request.person), who=WHO)
    return event


def _initial(request: SignedInRequest, event: Event) -> dict[str, Any]:
    """Everyone who comes, or whom the page was asked for, the trainers or one booking’s; and what it is about."""
    one = request.GET.get("booking")
    groups = [Group.TRAINERS] if request.GET.get("to") == Group.TRAINERS else [Group.PLACE, Group.MADE_UP]
    when = f" on {full_date(event.starts_at)}" if event.starts_at else ""
    return {
        "reference": announcements.new(),
        "groups": [] if one else groups,
        "people": [one] if one else [],
        "subject": f"{event.course.title}{when}"[:150],
    }


def _another(form: MessageForm, everyone: list[Recipient], refusal: str) -> MessageForm:
    """The same, with what stood in the way: sent from here it is another message."""
    data = cast(QueryDict, form.data).copy()
    data["reference"] = announcements.new()
    another = MessageForm(everyone, data, {})
    another.add_error(None, refusal)
    return another


def _form(request: SignedInRequest, event: Event, form: MessageForm, everyone: list[Recipient]) -> HttpResponse:
    context = {
        "event": event,
        "form": form,
        "everyone": everyone,
        "chooses_people": bool(form["people"].value()),
        "earlier": Announcement.objects.filter(event=event, is_test=False).select_related("sent_by"),
    }
    return render(request, "events/message.html", context)


def _check(request: SignedInRequest, event: Event, form: MessageForm, to: list[Recipient]) -> HttpResponse:
    """How it looks to the first of them who can be reached."""
    reached = [one for one in to if one.address]
    first = next(iter(reached), None)
    text = {name: form.cleaned_data[name] for name in ("subject", "words")}
    written = Announcement(event=event, sent_by=request.person, **text)
    context = {
        "event": event,
        "kept": [(name, value) for name in KEPT for value in request.POST.getlist(name)],
        "reached": reached,
        "unreached": [one for one in to if not one.address],
        "first": first,
        "text": _text(written, first) if first else None,
        "own_address": request.person.email,
    }
    return render(request, "events/check_message.html", context)


def _text(written: Announcement, to: Recipient) -> templates.Text:
    wording = wordings.used(to.template, written.event.__dict__[f"{to.template}_text"])
    return templates.filled(to.template, notices.announcement_to(written, to.template, to.reference), wording)


def _who(one: Recipient) -> str:
    """Jade Lewis, Anytown Council: waiting; cannot be reached."""
    notes = [note for note in (STANDING.get(one.group), "" if one.address else "cannot be reached") if note]
    return ", ".join(filter(None, [one.name, one.of])) + (f" ({'; '.join(notes)})" if notes else "")


def _name(message: Message, names: dict[str, str]) -> str:
    """Who gets it; somebody whose booking is cancelled by now goes by its reference."""
    _, to = announcements.parts(message.reference)
    return names.get(to, to)

"""What messages say: each template with its text, edited within its placeholders, previewed, tried and taken back."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.contrib import messages as said
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from frontend.access import SignedInRequest, require, signed_in
from outbox import templates, wordings
from outbox.described import Described
from outbox.models import TemplateText
from outbox.wordings import Wording
from people.models import Person
from people.permissions import Right, may

GET_OR_POST = ["GET", "POST"]
WHO = "A coordinator"


class WordingForm(forms.Form):
    """A template's text, which names listed placeholders only and keeps those that it must."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    subject = forms.CharField(max_length=200)
    body = forms.CharField(
        label="Text",
        max_length=10_000,
        strip=False,
        widget=forms.Textarea,
        help_text="An empty line begins a paragraph. [Words] and behind them a link’s placeholder, alone on a line, "
        "become a button. Two spaces before a line set it in.",
    )

    def __init__(self, of: Described, data: QueryDict | None, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.of = of

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if "subject" in found and "body" in found:
            self._add("subject", wordings.mistakes_in_subject(self.of, found["subject"]))
            self._add("body", wordings.mistakes_in_body(self.of, found["body"]))
        return found

    @property
    def wording(self) -> Wording:
        return wordings.split(f"{self.cleaned_data['subject']}\n\n{self.cleaned_data['body']}")

    def _add(self, field: str, mistakes: Iterable[str]) -> None:
        for mistake in mistakes:
            self.add_error(field, mistake)


@require_safe
@signed_in
def templates_list(request: SignedInRequest) -> HttpResponse:
    """All messages whose text can be changed: who gets each and when, and by whom it was changed last."""
    require(may(request.person, Right.CHANGE_PROGRAMME), who=WHO)
    latest: dict[str, TemplateText] = {}
    for version in wordings.versions():
        latest.setdefault(version.name, version)
    context = {"templates": templates.described(), "latest": latest, "names": _names(latest.values())}
    return render(request, "outbox/templates.html", context)


@require_safe
@signed_in
def template(request: SignedInRequest, name: str) -> HttpResponse:
    """One message's text as it is used, its placeholders, and the versions that there were."""
    of = _described(request, name)
    versions = list(wordings.versions(name))
    is_original = not versions or versions[0].is_original
    context = {
        "name": name,
        "of": of,
        "wording": wordings.split(templates.original(name) if is_original else versions[0].whole),
        "is_original": is_original,
        "versions": versions,
        "names": _names(versions),
    }
    return render(request, "outbox/template.html", context)


@require_http_methods(GET_OR_POST)
@signed_in
def edit(request: SignedInRequest, name: str) -> HttpResponse:
    """The text to change; how it would read; a test to oneself; and saved."""
    of = _described(request, name)
    if request.method != "POST":
        return _form(request, name, WordingForm(of, None, _initial(name)))
    form = WordingForm(of, request.POST, {})
    if not form.is_valid():
        return _form(request, name, form)
    if "save" in request.POST:
        try:
            wordings.save(name=name, wording=form.wording, seen=form.cleaned_data["seen"], by=request.person.reference)
        except wordings.Refused as refusal:
            return _form(request, name, _seen_by_now(name, form, str(refusal)))
        said.success(request, "The text is saved. Every message that is sent from now on says it.")
        return redirect("messages:template", name)
    about = wordings.recent(name)
    if "test" in request.POST and request.person.email:
        wordings.try_on(
            name=name, wording=form.wording, reference=about, to=request.person.email, by=request.person.reference
        )
        said.success(request, f"A test is on its way to {request.person.email}. The text is not saved yet.")
    text, is_real = wordings.preview(name, form.wording, about)
    return _form(request, name, form, text=text, is_real=is_real)


@require_http_methods(GET_OR_POST)
@signed_in
def back_to_original(request: SignedInRequest, name: str) -> HttpResponse:
    """Check, then use the original from now on; what was written instead stays among the versions."""
    of = _described(request, name)
    if request.method == "POST":
        wordings.back_to_original(name=name, by=request.person.reference)
        said.success(request, "The original text is used again.")
        return redirect("messages:template", name)
    context = {"name": name, "of": of, "original": wordings.split(templates.original(name))}
    return render(request, "outbox/original_template.html", context)


def _described(request: SignedInRequest, name: str) -> Described:
    require(may(request.person, Right.CHANGE_PROGRAMME), who=WHO)
    found = templates.described().get(name)
    if found is None:
        raise Http404
    return found


def _initial(name: str) -> dict[str, Any]:
    latest = wordings.versions(name).first()
    used = templates.original(name) if latest is None or latest.is_original else latest.whole
    wording = wordings.split(used)
    return {"seen": latest.number if latest else 0, "subject": wording.subject, "body": wording.body}


def _seen_by_now(name: str, form: WordingForm, refusal: str) -> WordingForm:
    """The same with what stood in the way: whoever saves it again knows of the other version."""
    data = cast(QueryDict, form.data).copy()
    data["seen"] = str(_initial(name)["seen"])
    again = WordingForm(form.of, data, {})
    again.add_error(None, refusal)
    return again


def _form(request: SignedInRequest, name: str, form: WordingForm, **more: Any) -> HttpResponse:
    context = {"name": name, "of": form.of, "form": form, "own_address": request.person.email}
    return render(request, "outbox/edit_template.html", context | more)


def _names(versions: Iterable[TemplateText]) -> dict[str, str]:
    """Who made them, by their references."""
    by = {version.changed_by for version in versions}
    return dict(Person.objects.filter(reference__in=by).values_list("reference", "name"))

"""The page between a form and its saving: what speaks against it, and who will be told. Nothing is saved before it."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from training.clashes import Clash
from training.models import Event
from training.sessions import LONGEST_REASON

# Of the form: which check was seen, why what clashes may be, and the way back to the form.
SEEN, REASON, BACK = "seen", "reason", "back"


@dataclass(frozen=True, slots=True)
class Check:
    """What a coordinator reads before it is saved."""

    clashes: Sequence[Clash]
    # What changes, in words, and how many delegates and trainers are told of it.
    changes: Sequence[str] = ()
    told: int = 0
    trainers_told: int = 0
    # The event, if it has not begun and one of its days becomes another.
    moved: Event | None = None

    @property
    def is_needed(self) -> bool:
        return bool(self.clashes or self.told or self.trainers_told)

    @property
    def needs_reason(self) -> bool:
        return any(clash.is_refused for clash in self.clashes)

    @property
    def digest(self) -> str:
        """Of what is read: seen is only what was shown."""
        said = [clash.words for clash in self.clashes] + [*self.changes, str(self.told), str(self.trainers_told)]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]

    def is_passed(self, request: HttpRequest) -> bool:
        """Whether there is nothing to read, or it was read and a reason given where one is needed."""
        return not self.is_needed or (
            request.POST.get(SEEN) == self.digest and (not self.needs_reason or bool(reason(request)))
        )


class WhyForm(forms.Form):
    reason = forms.CharField(
        label="Why both may be",
        help_text="For example: the wall folds away, or they give the first half only. It is kept with the event.",
        max_length=LONGEST_REASON,
        error_messages={"required": "Enter why both may be"},
    )


def reason(request: HttpRequest) -> str:
    """Why what clashes may be."""
    return request.POST.get(REASON, "").strip()


def is_back(request: HttpRequest) -> bool:
    """Whether somebody goes back from the check to the form, which shows what they had entered."""
    return BACK in request.POST


def entered(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """What the form was sent with, to be sent again from the check."""
    for name, values in request.POST.lists():
        if name not in (SEEN, REASON, BACK, "csrfmiddlewaretoken"):
            yield from ((name, str(value)) for value in values)


def page(request: HttpRequest, check: Check, title: str, caption: str, submit: str) -> HttpResponse:
    """The check; what was entered goes along with it."""
    was_seen = request.POST.get(SEEN) == check.digest
    context = {
        "check": check,
        "title": title,
        "caption": caption,
        "submit": submit,
        "entered": entered(request),
        "form": WhyForm(request.POST if was_seen else None, initial={REASON: reason(request)}),
    }
    return render(request, "planning/check.html", context)

"""What a course adds to the messages about its events, entered by a coordinator and seen as delegates will read it."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from frontend.access import SignedInRequest, require, signed_in
from outbox import templates, wordings
from training import joining
from training.models import Course
from training.permissions import may_change_programme

# The messages that have it.
SAID_IN = ("booking_confirmed", "joining_instructions")


class AdditionForm(forms.Form):
    words = forms.CharField(
        label="Added to its messages",
        help_text="What to bring, to read before, or to know about the day, whenever this course is given.",
        required=False,
        max_length=2000,
        strip=False,
        widget=forms.Textarea,
    )


@require_http_methods(["GET", "POST"])
@signed_in
def added_to_messages(request: SignedInRequest, code: str) -> HttpResponse:
    """The words to change; how the messages read with them; and saved."""
    course = get_object_or_404(Course, code=code)
    require(may_change_programme(request.person), who="A coordinator")
    now = {"words": course.added_to_messages}
    form = AdditionForm(request.POST if request.method == "POST" else None, initial=now)
    words = form.cleaned_data["words"] if form.is_valid() else course.added_to_messages
    if form.is_valid() and "preview" not in request.POST:
        joining.add_to_messages(course=course, by=request.person, words=words)
        messages.success(request, "It is saved. Confirmations and joining instructions say it from now on.")
        return redirect("finding:course", course.code)
    context = {"form": form, "course": course, "texts": [_text(name, course, words) for name in SAID_IN]}
    return render(request, "finding/added_to_messages.html", context)


def _text(name: str, course: Course, words: str) -> tuple[str, templates.Text]:
    """The message's title, and how it reads with made-up facts."""
    of = templates.described()[name]
    facts = wordings.made_up(of) | {"course": course.title, "added": words.splitlines()}
    return of.title, templates.filled(name, facts)

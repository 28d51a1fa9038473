"""Copying an event to other dates: one, a series, or some that are typed in; looked at first, and made all or none."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings import capacity, working_days
from frontend.access import SignedInRequest, require, signed_in
from frontend.dates import DateField, DateInput
from frontend.formats import plural
from frontend.planning import checking
from frontend.planning.checking import WhyForm
from training import copying
from training.clashes import Clash
from training.copying import Copy
from training.models import Event
from training.permissions import may_change_programme
from training.refusals import ProgrammeRefused

MOST = 52
WEEKS, MONTHS = "weeks", "months"


class DatesForm(forms.Form):
    """Which dates, in the address."""

    first = DateField(label="First date", error_messages={"required": "Enter the first date"})
    number = forms.IntegerField(label="How many dates", min_value=1, max_value=MOST, initial=1)
    every = forms.IntegerField(label="One every", min_value=1, max_value=26, initial=1)
    unit = forms.ChoiceField(
        label="Weeks or months",
        choices=[(WEEKS, "weeks"), (MONTHS, "months (same weekday)")],
        initial=WEEKS,
    )
    further = forms.CharField(
        label="Further dates",
        help_text="One on each line, like 3 March 2027.",
        required=False,
        max_length=1000,
        widget=forms.Textarea,
    )

    def __init__(self, asked: QueryDict) -> None:
        super().__init__(asked if "first-day" in asked else None)

    def clean_first(self) -> date:
        return _to_come(self.cleaned_data["first"])

    def clean_further(self) -> list[date]:
        found = []
        for line in self.cleaned_data["further"].splitlines():
            if parts := line.replace("/", " ").replace(",", " ").split():
                try:
                    found.append(_to_come(DateField(label=f"“{line.strip()}”").clean(_parts(parts))))
                except ValidationError as error:
                    raise ValidationError(f"{error.messages[0]}. Write each date like 3 March 2027") from error
        return found

    def days(self) -> list[date]:
        """All of them, each once, in their order."""
        given = self.cleaned_data
        months = given["unit"] == MONTHS
        days = copying.series(given["first"], every=given["every"], months=months, number=given["number"])
        return sorted({*days, *given["further"]})


def _parts(words: list[str]) -> list[str]:
    return words if len(words) == len(DateInput.PARTS) else ["?"] * len(DateInput.PARTS)


def _to_come(day: date) -> date:
    if day <= timezone.localdate():
        raise ValidationError("The date must be in the future")
    return day


@dataclass(frozen=True, slots=True)
class Row:
    """A date that is proposed: what speaks against it, and whether it is chosen."""

    day: date
    notes: list[str]
    is_chosen: bool


@require_http_methods(["GET", "POST"])
@signed_in
def copy_event(request: SignedInRequest, reference: str) -> HttpResponse:
    """The dates are in the address; what is sent are those of them that are chosen."""
    event = get_object_or_404(Event.objects.visible_to(request.person).select_related("course"), reference=reference)
    require(may_change_programme(request.person), who="A coordinator")
    form = DatesForm(request.GET)
    context: dict[str, Any] = {"event": event, "form": form, "rows": [], "needs_reason": False}
    if form.is_valid():
        try:
            copies = copying.plan(event, form.days())
        except ProgrammeRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            answer = _made(request, event, copies, form) if request.method == "POST" else None
            if answer is not None:
                return answer
            found = copying.speaks_against(event, copies)
            chosen = set(request.POST.getlist("day")) if request.method == "POST" else None
            context |= {
                "rows": list(_rows(copies, found, chosen)),
                "needs_reason": any(clash.is_refused for clash in found),
            }
    return render(
        request, "planning/copy.html", context | {"why": WhyForm(initial={"reason": checking.reason(request)})}
    )


def _made(request: SignedInRequest, event: Event, copies: list[Copy], form: DatesForm) -> HttpResponse | None:
    chosen = [one.day for one in copies if one.day.isoformat() in request.POST.getlist("day")]
    try:
        made = _copied(request, event, chosen)
    except ProgrammeRefused as refusal:
        form.add_error(None, str(refusal))
        return None
    which = made[0].reference if len(made) == 1 else f"{made[0].reference} to {made[-1].reference}"
    if "publish" in request.POST:
        state, can = "coming", "It can be booked" if len(made) == 1 else "They can be booked"
        messages.success(request, f"{plural(len(made), 'event')} of {event.course} published: {which}. {can}.")
    else:
        state = "draft"
        messages.success(request, f"{plural(len(made), 'draft')} of {event.course} saved: {which}.")
    if len(made) == 1:
        return redirect("events:event", made[0].reference)
    return redirect(f"{reverse('programme:list')}?state={state}&year=all&course={event.course.code}")


@transaction.atomic
def _copied(request: SignedInRequest, event: Event, days: Sequence[date]) -> list[Event]:
    """All or none; published at once where that is what was pressed."""
    made = copying.copy(event=event, days=days, by=request.person, override=checking.reason(request))
    if "publish" in request.POST:
        for one in made:
            capacity.publish(event=one, by=request.person)
    return made


def _rows(copies: Sequence[Copy], found: Sequence[Clash], chosen: set[str] | None) -> Iterator[Row]:
    """chosen: None where nobody has chosen yet; then all are but those that clash and those on which nobody works."""
    notes: dict[int, list[Clash]] = defaultdict(list)
    for clash in found:
        notes[clash.number].append(clash)
    closing, first = working_days.closing_days(), 0
    for one in copies:
        mine = [clash for number in range(first, first + len(one.sittings)) for clash in notes[number]]
        first += len(one.sittings)
        is_closed = not working_days.is_working_day(one.day, closing)
        words = [clash.words for clash in mine]
        if is_closed:
            words.insert(0, "A bank holiday or closing day." if working_days.is_weekday(one.day) else "A weekend.")
        is_free = not is_closed and not any(clash.is_refused for clash in mine)
        yield Row(one.day, words, is_free if chosen is None else one.day.isoformat() in chosen)

"""A bad morning: events of one day moved online together, after a look at who is told and whom no email reaches."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import URLValidator
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings.models import Booking
from frontend.access import SignedInRequest, require, signed_in
from frontend.dates import DateField
from frontend.events.joining import WRONG
from frontend.formats import plural
from people import persons
from training import joining
from training.models import Event, Session
from training.permissions import may_change_programme
from training.refusals import ProgrammeRefused
from training.sessions import ANYWHERE


class DayForm(forms.Form):
    day = DateField(label="Which day?")


class LinkForm(forms.Form):
    """Of one event: whether it is moved, and where to."""

    moves = forms.BooleanField(required=False)
    link = forms.CharField(
        label="Link to join online",
        required=False,
        max_length=200,
        validators=[URLValidator(schemes=["https", "http"], message=WRONG)],
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("moves") and "link" not in self.errors and not cleaned.get("link"):
            self.add_error("link", "Enter the link by which this event is joined")
        return cleaned


@dataclass
class Line:
    """An event of the day, and who has a place on it."""

    event: Event
    form: LinkForm
    placed: list[Any] = field(default_factory=list)

    @property
    def moves(self) -> bool:
        return bool(self.form.is_bound and self.form.is_valid() and self.form.cleaned_data["moves"])

    @property
    def link(self) -> str:
        return str(self.form.cleaned_data["link"])

    @property
    def told(self) -> int:
        return sum(bool(one.mailbox) for one in self.placed)

    @property
    def unreached(self) -> list[Any]:
        return [one for one in self.placed if not one.mailbox]


@require_http_methods(["GET", "POST"])
@signed_in
def move_online(request: SignedInRequest) -> HttpResponse:
    """The day's events; who is told if those ticked are moved; then they are."""
    require(may_change_programme(request.person), who="A coordinator")
    day, chosen = _day(request)
    posted = request.POST if request.method == "POST" else None
    lines = _lines(request, day, chosen, posted)
    moving = [line for line in lines if line.moves]
    is_right = posted is not None and all(line.form.is_valid() for line in lines) and bool(moving)
    if is_right and "confirm" in request.POST:
        try:
            joining.move_online(links={line.event.reference: line.link for line in moving}, day=day, by=request.person)
        except ProgrammeRefused as refusal:
            messages.error(request, str(refusal))
        else:
            told = plural(sum(line.told for line in moving), "person is", "people are")
            said = f"{plural(len(moving), 'event')} moved online. {told} told in five minutes."
            messages.success(request, f"{said} Write to the trainers yourself.")
        return redirect(f"{reverse('planning:move_online')}?{_asked(day)}")
    if posted is not None and not moving and all(line.form.is_valid() for line in lines):
        messages.error(request, "Tick the events that meet online.")
    context = {
        "day": day,
        "form": DayForm(initial={"day": day}),
        "lines": moving if is_right and "change" not in request.POST else lines,
        "checks": is_right and "change" not in request.POST,
        "asked": _asked(day),
    }
    return render(request, "planning/move_online.html", context)


def _day(request: SignedInRequest) -> tuple[date, str]:
    """The day that is asked for, or that of the event which is; else today. And the event's reference."""
    form = DayForm(request.GET if "day-day" in request.GET else None)
    if form.is_valid() and form.cleaned_data["day"]:
        return form.cleaned_data["day"], ""
    chosen = request.GET.get("event", "")
    sessions = Session.objects.filter(event__reference=chosen, ends_at__gt=timezone.now()).order_by("starts_at")
    first = sessions.first() if chosen else None
    return (timezone.localdate(first.starts_at) if first else timezone.localdate()), chosen


def _asked(day: date) -> str:
    asked = QueryDict(mutable=True)
    asked.update({"day-day": str(day.day), "day-month": str(day.month), "day-year": str(day.year)})
    return asked.urlencode()


def _lines(request: SignedInRequest, day: date, chosen: str, posted: QueryDict | None) -> list[Line]:
    """In the order of their beginning, in three statements."""
    here = Session.objects.filter(starts_at__date=day, ends_at__gt=timezone.now()).select_related("room__venue")
    placed: QuerySet[Booking] = Booking.objects.on_the_register().exclude(source=Booking.Source.WALK_IN)
    placed = placed.select_related("delegate", "agency").annotate(mailbox=persons.mailbox("delegate"))
    events = (
        Event.objects.visible_to(request.person)
        .filter(pk__in=here.values("event"), state=Event.State.PUBLISHED)
        .exclude(course__delivery__in=ANYWHERE)
        .select_related("course")
        .prefetch_related(
            Prefetch("sessions", here.order_by("starts_at"), to_attr="of_the_day"),
            Prefetch("bookings", placed.order_by("delegate__sort_name", "pk"), to_attr="placed"),
        )
        .order_by("starts_at", "pk")
    )
    return [
        Line(
            event,
            LinkForm(
                posted,
                prefix=event.reference,
                initial={"link": event.online_link, "moves": event.reference == chosen},
            ),
            event.placed,  # type: ignore[attr-defined]  # prefetched
        )
        for event in events
    ]

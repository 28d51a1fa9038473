"""What messages and background work are filtered by."""

from datetime import date, datetime, time, timedelta
from operator import itemgetter
from typing import Any

from django import forms
from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from bookings import announcements
from bookings.models import Booking
from frontend.dates import DateField
from frontend.outbox import words
from outbox import jobs, templates
from outbox.models import Job, Message, Work
from people.models import Person

MESSAGE_SORTS = {
    "asked": ("created_at", "pk"),
    "to": ("to", "created_at", "pk"),
    "about": ("template", "created_at", "pk"),
    "ended": ("finished_at", "pk"),
}
JOB_SORTS = {"asked": ("created_at", "pk"), "kind": ("kind", "created_at", "pk"), "ended": ("finished_at", "pk")}


class DayInput(forms.DateInput):
    """One box, as a filter has no room for three; a browser that knows dates helps to fill it in."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class WorkFilter(forms.Form):
    """Bound to the address; what makes no sense is told and filters nothing."""

    state = forms.ChoiceField(label="State", required=False)
    day = forms.DateField(
        label="Day",
        required=False,
        widget=DayInput,
        error_messages={"invalid": "The day must be a date like 2027-03-31"},
    )
    sort = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    sorts: dict[str, tuple[str, ...]] = {}

    def asked(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def cut(self, rows: "QuerySet[Any, Any]", asked: dict[str, Any]) -> "QuerySet[Any, Any]":
        if "state" in asked:
            rows = rows.filter(state=asked["state"])
        if "day" in asked:
            begins = start_of(asked["day"])
            rows = rows.filter(created_at__gte=begins, created_at__lt=start_of(asked["day"] + timedelta(days=1)))
        key = asked.get("sort", "-asked")
        names = self.sorts.get(key.removeprefix("-"), self.sorts["asked"])
        backwards = key.startswith("-")
        return rows.order_by(*[F(name).desc(nulls_last=True) if backwards else F(name).asc() for name in names])


class MessageFilter(WorkFilter):
    q = forms.CharField(
        label="Name, email address or reference",
        help_text="Of an event, a booking or a person.",
        required=False,
        max_length=100,
    )
    template = forms.ChoiceField(label="Message", required=False)

    field_order = ("q", "template", "state", "day", "sort")
    sorts = MESSAGE_SORTS

    def __init__(self, asked: QueryDict) -> None:
        super().__init__(asked)
        states = [("", "All states"), *((state, "Sent" if state == "done" else w) for state, w in Work.State.choices)]
        self.fields["state"].choices = states  # type: ignore[attr-defined]  # it is a choice field
        names = sorted(((name, words.template(name)) for name in templates.names()), key=itemgetter(1))
        self.fields["template"].choices = [("", "All messages"), *names]  # type: ignore[attr-defined]

    def applied_to(self, rows: "QuerySet[Message]") -> "QuerySet[Message]":
        asked = self.asked()
        if "template" in asked:
            rows = rows.filter(template=asked["template"])
        for word in asked.get("q", "").split():
            rows = rows.alias(about=announcements.ABOUT).filter(_is_about(word))
        return self.cut(rows, asked)


def _is_about(word: str) -> Q:
    """Messages to an address with the word in it, or about what has that name or reference. For rows with about."""
    delegate = Q(delegate__reference__iexact=word) | Q(delegate__name__icontains=word)
    bookings = Booking.objects.filter(delegate | Q(event__reference__iexact=word)).values("reference")
    people = Person.objects.filter(Q(reference__iexact=word) | Q(name__icontains=word)).values("reference")
    written = Q(reference__istartswith=f"{word}:") | Q(about__iexact=word)
    return Q(to__contains=word.lower()) | written | Q(about__in=bookings) | Q(about__in=people)


class JobFilter(WorkFilter):
    kind = forms.ChoiceField(label="Work", required=False)

    field_order = ("kind", "state", "day", "sort")
    sorts = JOB_SORTS

    def __init__(self, asked: QueryDict, kinds: list[str] | None = None) -> None:
        super().__init__(asked)
        self.fields["state"].choices = [("", "All states"), *Work.State.choices]  # type: ignore[attr-defined]
        names = [(name, words.kind(name)) for name in (kinds or jobs.kinds())]
        self.fields["kind"].choices = [("", "All work"), *names]  # type: ignore[attr-defined]

    def applied_to(self, rows: "QuerySet[Job]") -> "QuerySet[Job]":
        asked = self.asked()
        return self.cut(rows.filter(kind=asked["kind"]) if "kind" in asked else rows, asked)


class SinceForm(forms.Form):
    """From which day on what was given up is sent again."""

    since = DateField(label="Given up since", help_text="All messages that were given up on that day or later.")

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data, initial={"since": timezone.localdate() - timedelta(days=7)})


def start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())

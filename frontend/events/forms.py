"""What is asked about an event's places: how many, for whom, until when; and why an event is off."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from bookings.models import Hold
from frontend.bookings.forms import TIMES
from frontend.dates import DateField
from frontend.formats import full_moment, plural
from people.models import Agency
from training.models import Event

MOST = 9999


class NumberForm(forms.Form):
    places = forms.IntegerField(
        label="Number of places",
        min_value=1,
        max_value=MOST,
        error_messages={"required": "Enter how many places there are"},
    )


class CapForm(forms.Form):
    places = forms.IntegerField(
        label="The most places that one agency may have",
        help_text="Leave it empty for as many as there are. Who has more already keeps them.",
        min_value=1,
        max_value=MOST,
        required=False,
    )


class KeepForm(forms.Form):
    """Places kept for somebody until a day and time; of one that is changed only the places and the end."""

    whom = forms.ChoiceField(label="For whom", error_messages={"required": "Select an agency or a type of agency"})
    places = forms.IntegerField(
        label="How many places",
        min_value=1,
        max_value=MOST,
        error_messages={"required": "Enter how many places are kept"},
    )
    until_on = DateField(label="Until which day", help_text="What nobody has taken by then goes to the waiting list.")
    until_at = forms.TimeField(
        label="At what time",
        help_text="Like 9:30 or 2:15pm. Leave it empty for the end of that day.",
        required=False,
        input_formats=TIMES,
        error_messages={"invalid": "The time must be written like 9:30 or 2:15pm"},
    )

    def __init__(self, data: QueryDict | None, *, hold: Hold | None = None) -> None:
        super().__init__(data, initial=_as_typed(hold) if hold else None)
        if hold:
            del self.fields["whom"]
        else:
            self.agencies = {one.reference: one for one in Agency.objects.order_by("name")}
            names = [(reference, one.name) for reference, one in self.agencies.items()]
            self.fields["whom"].choices = [  # type: ignore[attr-defined]  # a choice field
                ("", "Choose"),
                *((kind, f"All of type: {name}") for kind, name in Agency.Type.choices),
                *names,
            ]

    @property
    def kept_for(self) -> dict[str, Any]:
        """As capacity.keep() takes it."""
        whom = self.cleaned_data["whom"]
        return {"agency": self.agencies[whom]} if whom in self.agencies else {"agency_type": whom}

    @property
    def until(self) -> datetime:
        """The moment; without a time it is the end of the day."""
        day, at = self.cleaned_data["until_on"], self.cleaned_data["until_at"]
        day = day if at else day + timedelta(days=1)
        return datetime.combine(day, at or time.min, tzinfo=timezone.get_default_timezone())


class CancelForm(forms.Form):
    """Why an event is off, and what comes instead."""

    reason = forms.CharField(
        label="Why it is cancelled",
        help_text="Everyone who is booked reads this in the message that tells them.",
        max_length=200,
        widget=forms.Textarea,
        error_messages={"required": "Enter why the event is cancelled: everyone who is booked is told"},
    )
    instead = forms.ChoiceField(
        label="What they are offered instead",
        help_text="They come first on that date’s list, and are told so. Who says no owes nothing.",
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: QueryDict | None, dates: Iterable[Any]) -> None:
        self.dates: dict[str, Event] = {event.reference: event for event in dates}
        super().__init__(data, initial={"instead": next(iter(self.dates), "")})
        offered = [
            (reference, f"{full_moment(event.starts_at)}, {plural(event.places_left, 'place')} left")  # type: ignore[attr-defined,arg-type]  # counted, and dated
            for reference, event in self.dates.items()
        ]
        self.fields["instead"].choices = [*offered, ("", "No other date")]  # type: ignore[attr-defined]  # as above

    def clean_reason(self) -> str:
        """In one line, as it stands in the message."""
        return " ".join(self.cleaned_data["reason"].split())

    @property
    def next_date(self) -> Event | None:
        return self.dates.get(self.cleaned_data["instead"])


class BreakOffForm(CancelForm):
    """When and why it was broken off, and what it counts as; another date is offered only where that is nothing."""

    on = DateField(label="On which day was it broken off?")
    at = forms.TimeField(
        label="At what time?",
        help_text="Like 11:05 or 2:15pm.",
        input_formats=TIMES,
        error_messages={
            "required": "Enter the time at which it was broken off",
            "invalid": "The time must be written like 11:05 or 2:15pm",
        },
    )
    counts = forms.ChoiceField(
        label="What does it count as for who was there?",
        choices=[
            (Event.Counts.PART, "Part attendance. They can make up the rest on another date"),
            (Event.Counts.WHOLE, "They have attended: enough was given"),
            (Event.Counts.NOTHING, "Nothing. Everybody comes first on another date"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what it counts as"},
    )
    field_order = ("on", "at", "reason", "counts", "instead")

    def __init__(self, data: QueryDict | None, dates: Iterable[Any], day: date) -> None:
        super().__init__(data, dates)
        self.initial["on"] = day
        self.fields["reason"].label = "Why it was broken off"
        self.fields["reason"].error_messages["required"] = (
            "Enter why it was broken off: everyone who had a place is told"
        )
        self.fields["instead"].label = "If it counts as nothing, what they are offered instead"

    @property
    def moment(self) -> datetime:
        return datetime.combine(
            self.cleaned_data["on"], self.cleaned_data["at"], tzinfo=timezone.get_default_timezone()
        )


def _as_typed(hold: Hold) -> dict[str, Any]:
    until = timezone.localtime(hold.until)
    if until.time() == time.min:
        return {"places": hold.places, "until_on": until.date() - timedelta(days=1)}
    return {"places": hold.places, "until_on": until.date(), "until_at": f"{until:%H:%M}"}

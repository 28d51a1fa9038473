"""What is asked about bookings: what to list, how a cancellation was received, who is meant, and why."""

from datetime import datetime, time, timedelta

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from bookings.models import Booking
from frontend.bookings import listing
from frontend.dates import DateField
from people.names import match_key

ALL = "all"
TIMES = ["%H:%M", "%H.%M", "%I:%M%p", "%I.%M%p", "%I%p"]


class BookingFilter(forms.Form):
    """Bound to the address. What is not given is the default, what makes no sense is told and filters nothing."""

    q = forms.CharField(label="Delegate, course or reference", required=False, max_length=100)
    state = forms.ChoiceField(label="State", required=False, choices=[(ALL, "All states"), *listing.STATES.items()])
    sort = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, asked: QueryDict) -> None:
        initial = {"state": "coming"}
        super().__init__(initial | {name: value for name, value in asked.items() if value}, initial=initial)

    def applied_to(self, bookings: QuerySet[Booking]) -> QuerySet[Booking]:
        """The bookings that the filter leaves, in its order."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value not in ("", ALL)}
        if "state" in asked:
            bookings = listing.in_state(bookings, asked["state"])
        for word in asked.get("q", "").split():
            named = Q(delegate__sort_name__contains=match_key(word)) if match_key(word) else Q()
            bookings = bookings.filter(
                named
                | Q(delegate__name__icontains=word)
                | Q(event__course__title__icontains=word)
                | Q(event__reference__iexact=word)
                | Q(reference__iexact=word)
                # Whose page led here: a person's or an agency's.
                | Q(delegate__reference__iexact=word)
                | Q(agency__reference__iexact=word)
            )
        return listing.sorted_by(bookings, asked.get("sort", "date"))


class ReceivedForm(forms.Form):
    """When, how and from whom a cancellation came that is entered on someone's behalf."""

    # What the names of its fields begin with, the parts of the date included.
    NAMES = ("received_on", "received_at", "how", "whom")
    HOW = (
        ("by email", "By email"),
        ("by telephone", "By telephone"),
        ("in person", "In person"),
        ("by post", "By post"),
    )

    received_on = DateField(label="The day it was received")
    received_at = forms.TimeField(
        label="At what time",
        help_text="Like 9:30 or 2:15pm. Leave it empty if you do not know: it then counts from the start of that day.",
        required=False,
        input_formats=TIMES,
        error_messages={"invalid": "The time must be written like 9:30 or 2:15pm"},
    )
    how = forms.ChoiceField(label="How it was received", choices=HOW, widget=forms.RadioSelect)
    whom = forms.CharField(
        label="From whom",
        help_text="For example the delegate, or their manager’s name.",
        max_length=80,
        error_messages={"required": "Enter from whom it was received"},
    )

    def __init__(self, data: QueryDict | None, booked_at: datetime) -> None:
        now = timezone.localtime()
        self.booked_at = booked_at
        super().__init__(data, initial={"received_on": now.date(), "received_at": f"{now:%H:%M}"})

    @property
    def received(self) -> datetime:
        """The moment; midnight where the time is not known."""
        day, at = self.cleaned_data["received_on"], self.cleaned_data["received_at"]
        moment = datetime.combine(day, at or time.min, tzinfo=timezone.get_default_timezone())
        # Who cancels in the minute in which they booked did so after booking, though a time has no seconds here.
        return self.booked_at if timedelta() <= self.booked_at - moment < timedelta(minutes=1) else moment

    @property
    def received_from(self) -> str:
        return f"{self.cleaned_data['how']} from {self.cleaned_data['whom']}"


class ReasonForm(forms.Form):
    """Why there is one place more than the event has: it is kept."""

    reason = forms.CharField(
        label="Reason", max_length=200, error_messages={"required": "Enter why there is room for one more"}
    )

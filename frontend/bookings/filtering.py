"""What the list of bookings is filtered by: words, dates, where a booking stands or how it ended, agency and course."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, TruncMonth
from django.http import QueryDict
from django.utils import timezone

from bookings.models import Booking
from frontend.bookings import listing
from frontend.choosing_from import offered
from people.models import Person
from people.names import match_key
from people.permissions import Right, may
from training.financial_year import FinancialYear
from training.models import Event

ALL = "all"
# Periods beside the financial years: from and to, in days from today.
NEAR = {
    "next-7-days": ("Next 7 days", 0, 7),
    "next-4-weeks": ("Next 4 weeks", 0, 28),
    "last-4-weeks": ("Last 4 weeks", -28, 0),
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to filter by among the bookings that a person sees."""

    years: list[FinancialYear]  # the newest first
    agencies: list[tuple[str, str]]
    courses: list[tuple[str, str]]
    # Whether any is somebody else's.
    has_others: bool
    # What is shown where no state is asked for: of few bookings also who waits, or is asked.
    state: str = "ahead"


# For who may open every booking: not read off the bookings, of which there are ever more.
ALL_CHOICES = """
select 'span', min(ends_at)::text, max(ends_at)::text from training_event
union all select 'agency', reference, name from people_agency a
  where exists (select from bookings_booking b where b.agency_id = a.id)
union all select 'course', code, title from training_course c
  where exists (select from training_event e where e.course_id = c.id)
"""


def choices(bookings: QuerySet[Booking], person: Person) -> Choices:
    """The years, agencies and courses of the bookings that the person may open, in one query."""
    if may(person, Right.SEE_BOOKINGS):
        all_ = offered(ALL_CHOICES)
        agencies, courses = all_.kinds.get("agency", []), all_.kinds.get("course", [])
        return Choices(all_.years, agencies, courses, has_others=True, state="coming")
    bookings = bookings.order_by()
    month = Cast(TruncMonth("event__ends_at"), TextField())
    found: dict[str, list[tuple[str, str]]] = {"month": [], "agency": [], "course": [], "other": []}
    parts = [
        _pairs(bookings.exclude(event__ends_at=None), "month", month, Value("")).distinct(),
        _pairs(bookings, "agency", F("agency__reference"), F("agency__name")).distinct(),
        _pairs(bookings, "course", F("event__course__code"), F("event__course__title")).distinct(),
        _pairs(bookings.exclude(delegate=person), "other", Value(""), Value(""))[:1],
    ]
    for kind, key, label in cast(Any, parts[0].union(*parts[1:], all=True)):
        found[kind].append((key, label))
    agencies, courses = (sorted(found[kind], key=lambda pair: pair[1].casefold()) for kind in ("agency", "course"))
    years = {FinancialYear.containing(date.fromisoformat(first[:10])) for first, _ in found["month"]}
    return Choices(sorted(years, reverse=True), agencies, courses, bool(found["other"]))


def _pairs(rows: QuerySet[Any], kind: str, key: Any, label: Any) -> QuerySet[Any, Any]:
    columns = {
        "choice_kind": Value(kind, output_field=TextField()),
        "choice_key": Cast(key, TextField()),
        "choice_label": Cast(label, TextField()),
    }
    pairs: QuerySet[Any, Any] = rows.annotate(**columns).values_list(*columns)
    return pairs


class BookingFilter(forms.Form):
    """Bound to the address. What is not given is the default, what makes no sense is told and filters nothing."""

    q = forms.CharField(label="Delegate, course or reference", required=False, max_length=100)
    period = forms.ChoiceField(label="Period", required=False)
    state = forms.ChoiceField(
        label="State or outcome", required=False, choices=[(ALL, "All states"), *listing.STATES.items()]
    )
    agency = forms.ChoiceField(label="Agency", required=False)
    course = forms.ChoiceField(label="Course", required=False)
    # Set by pages that count only what took place, so that the list behind a number has as many.
    delivered = forms.BooleanField(required=False, widget=forms.HiddenInput)
    sort = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, asked: QueryDict, choices: Choices) -> None:
        initial = {"state": choices.state}
        super().__init__(initial | {name: value for name, value in asked.items() if value}, initial=initial)
        periods = [(key, label) for key, (label, _, _) in NEAR.items()]
        self._offer("period", "All dates", periods + [(year.code, year.label) for year in choices.years])
        if choices.has_others:
            self._offer("agency", "All agencies", choices.agencies)
            self._offer("course", "All courses", choices.courses)
        else:
            # One's own few are found without.
            del self.fields["agency"], self.fields["course"]

    def _offer(self, name: str, everything: str, choices: list[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = [("", everything), *choices]

    def applied_to(self, bookings: QuerySet[Booking]) -> QuerySet[Booking]:
        """The bookings that the filter leaves, in its order."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value not in ("", ALL)}
        if "period" in asked:
            bookings = bookings.filter(_in_period(asked["period"]))
        if "state" in asked:
            bookings = listing.in_state(bookings, asked["state"])
        if asked.get("delivered"):
            bookings = bookings.filter(event__state=Event.State.PUBLISHED, event__ends_at__lte=timezone.now())
        if "agency" in asked:
            bookings = bookings.filter(agency__reference=asked["agency"])
        if "course" in asked:
            bookings = bookings.filter(event__course__code=asked["course"])
        for word in asked.get("q", "").split():
            bookings = bookings.filter(_says(word))
        return listing.sorted_by(bookings, asked.get("sort", "date"))


def asked_for(asked: QueryDict, person: Person) -> tuple[BookingFilter, QuerySet[Booking]]:
    """The filter that an address asks for, and the bookings that it leaves of those that the person may open."""
    seen = Booking.objects.opened_by(person)
    form = BookingFilter(asked, choices(seen, person))
    return form, form.applied_to(seen)


def _in_period(period: str) -> Q:
    """By the days on which the event takes place; of a financial year, those that end in it, as in the report."""
    if period not in NEAR:
        return FinancialYear.parse(period).holds("event__ends_at")
    _, first, last = NEAR[period]
    begins, ends = _midnight(first), _midnight(last + 1)
    return Q(event__starts_at__lt=ends, event__ends_at__gte=begins)


def _midnight(days: int) -> datetime:
    day = timezone.localdate() + timedelta(days=days)
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def _says(word: str) -> Q:
    named = Q(delegate__sort_name__contains=match_key(word)) if match_key(word) else Q()
    return (
        named
        | Q(delegate__name__icontains=word)
        | Q(event__course__title__icontains=word)
        | Q(event__reference__iexact=word)
        | Q(reference__iexact=word)
        # Whose page led here: a person's or an agency's.
        | Q(delegate__reference__iexact=word)
        | Q(agency__reference__iexact=word)
    )

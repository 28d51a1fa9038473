"""The programme as rows: each event with its counts and where it stands, and what a list may be cut and sorted by."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, TruncMonth
from django.utils import timezone

from bookings import counts
from people.models import Person
from training.financial_year import FinancialYear
from training.models import Course, Event, Session, Venue

# Events with the columns that counted() adds, which the type checker cannot follow.
Counted = QuerySet[Any]

# Where an event stands, as a key: the word and the colour of its tag.
STANDINGS = {
    "draft": ("Draft", "grey"),
    "cancelled": ("Cancelled", "red"),
    "undated": ("No date yet", "grey"),
    "coming": ("Coming", "blue"),
    "full": ("Full", "blue"),
    "overfull": ("Overfull", "orange"),
    "room": ("Places free, people waiting", "purple"),
    "hand-in": ("Register to hand in", "yellow"),
    "close": ("Register to close", "yellow"),
    "closed": ("Register closed", "green"),
}
COMING = ("coming", "full", "overfull", "room")
DELIVERED = ("hand-in", "close", "closed")
# The same to who only reads the public programme: can I have a place?
PUBLIC_STANDINGS = (
    dict.fromkeys(COMING, ("Waiting list", "purple"))
    | dict.fromkeys(DELIVERED, ("Over", "grey"))
    | {key: STANDINGS[key] for key in ("draft", "cancelled", "undated")}
    | {"coming": ("Places free", "green")}
)

# What the list may be filtered by.
STATES = {
    "coming": "Coming",
    "room": "Places free, people waiting",
    "overfull": "Overfull",
    "delivered": "Delivered",
    "hand-in": "Register to hand in",
    "close": "Register to close",
    "cancelled": "Cancelled",
    "draft": "Draft",
}
# Of those, what says nothing about others' bookings.
PUBLIC_STATES = ("coming", "delivered", "cancelled")

SORTS = {
    "date": ("starts_at", "id"),
    "course": ("course__title", "starts_at", "id"),
    "reference": ("reference",),
    "venue": ("venue_name", "starts_at", "id"),
    "places": ("places", "starts_at", "id"),
    "booked": ("held", "starts_at", "id"),
    "waiting": ("waiting", "starts_at", "id"),
    "left": ("places_left", "starts_at", "id"),
}


def counted(events: QuerySet[Event]) -> Counted:
    """Each event with its course, held, waiting, places_left, venue_name, is_handed_in and is_closed.

    No further query a row. A session without a register counts as not handed in: nobody has marked it.
    """
    sessions = Session.objects.filter(event=OuterRef("pk"))
    found: Counted = counts.counted(events.select_related("course")).annotate(
        venue_name=Coalesce(Subquery(sessions.values("room__venue__name")[:1]), Value("")),
        is_handed_in=~Exists(sessions.filter(register__handed_in_at=None)),
        is_closed=~Exists(sessions.filter(register__closed_at=None)),
    )
    return found


def standing(event: Any, now: datetime | None = None) -> str:
    """Where an event of counted() stands: a key of STANDINGS."""
    if event.state != Event.State.PUBLISHED:
        return "draft" if event.state == Event.State.DRAFT else "cancelled"
    if event.ends_at is None:
        return "undated"
    return _delivered(event) if event.is_over(now) else _coming(event)


def _delivered(event: Any) -> str:
    if not event.is_handed_in:
        return "hand-in"
    return "closed" if event.is_closed else "close"


def _coming(event: Any) -> str:
    if event.held != event.places:
        return "overfull" if event.held > event.places else "room" if event.waiting else "coming"
    return "full"


def in_state(events: Counted, state: str, now: datetime | None = None) -> Counted:
    """Cut to a key of STATES."""
    now = now or timezone.now()
    published = Q(state=Event.State.PUBLISHED)
    coming, delivered = published & Q(ends_at__gt=now), published & Q(ends_at__lte=now)
    conditions = {
        "coming": coming,
        "room": coming & Q(held__lt=F("places"), waiting__gt=0),
        "overfull": coming & Q(held__gt=F("places")),
        "delivered": delivered,
        "hand-in": delivered & Q(is_handed_in=False),
        "close": delivered & Q(is_handed_in=True, is_closed=False),
        "cancelled": Q(state__in=[Event.State.CANCELLED, Event.State.ABANDONED]),
        "draft": Q(state=Event.State.DRAFT),
    }
    return events.filter(conditions[state])


def sorted_by(events: Counted, key: str) -> Counted:
    """In the order that an address asks for: a key of SORTS, "-" before it for the other way; else by date."""
    names = SORTS.get(key.removeprefix("-"), SORTS["date"])
    backwards = key.startswith("-")
    return events.order_by(*[F(name).desc(nulls_last=True) if backwards else F(name).asc() for name in names])


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to filter by."""

    years: list[FinancialYear]  # the newest first
    courses: list[tuple[str, str]]
    venues: list[tuple[str, str]]

    @property
    def current(self) -> FinancialYear:
        """The financial year of today if it has events, else the latest before it, else the first one after."""
        today = FinancialYear.containing(timezone.localdate())
        return next((year for year in self.years if year <= today), self.years[-1] if self.years else today)


def choices(person: Person) -> Choices:
    """The years, courses and venues of the programme that the person sees, in one query."""
    months = Event.objects.visible_to(person).exclude(ends_at=None).order_by()
    triples = (
        _triples(months, "month", Cast(TruncMonth("ends_at"), TextField()), Value("", output_field=TextField()))
        .distinct()
        .union(
            _triples(Course.objects.order_by(), "course", F("code"), F("title")),
            _triples(Venue.objects.order_by(), "venue", Cast("id", TextField()), F("name")),
            all=True,
        )
    )
    found: dict[str, list[tuple[str, str]]] = {"month": [], "course": [], "venue": []}
    for kind, key, label in cast(Any, triples):
        found[kind].append((key, label))
    years = {FinancialYear.containing(date.fromisoformat(month[:10])) for month, _ in found["month"]}
    courses, venues = (sorted(found[kind], key=lambda pair: pair[1].casefold()) for kind in ("course", "venue"))
    return Choices(sorted(years, reverse=True), courses, venues)


def _triples(rows: QuerySet[Any], kind: str, key: Any, label: Any) -> QuerySet[Any, Any]:
    columns = {
        "choice_kind": Value(kind, output_field=TextField()),
        "choice_key": Cast(key, TextField()),
        "choice_label": Cast(label, TextField()),
    }
    triples: QuerySet[Any, Any] = rows.annotate(**columns).values_list(*columns)
    return triples


def in_year(events: Counted, year: FinancialYear) -> Counted:
    """The events of a financial year; what has no date yet stands in the present one."""
    undated = Q(ends_at=None) if year == FinancialYear.containing(timezone.localdate()) else Q()
    return events.filter(year.holds() | undated)


def at_venue(events: Counted, venue: int) -> Counted:
    return events.filter(pk__in=Session.objects.filter(room__venue=venue).values("event"))

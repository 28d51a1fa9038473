"""The programme as rows: each event with its counts and where it stands, and what a list may be cut and sorted by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from bookings import counts
from bookings.models import Correction, Reservation
from frontend.choosing_from import offered
from people.models import Person
from people.permissions import Right, may
from training import staffing, venues
from training.financial_year import FinancialYear
from training.models import Event, Session, TrainerInvitation, Volunteer

# Events with the columns that counted() adds, which the type checker cannot follow.
Counted = QuerySet[Any]

# Where an event stands, as a key: the word and the colour of its tag. One that is tentative stands somewhere as well.
STANDINGS = {
    "draft": ("Draft", "grey"),
    "cancelled": ("Cancelled", "red"),
    "undated": ("No date yet", "grey"),
    "tentative": ("Date not sure yet", "orange"),
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
    "tentative": "Date not sure yet",
    "minimum": "Under minimum numbers",
    "reserved": "Places reserved without names",
    "trainers": "Trainers missing",
    "unanswered": "Trainer reminded, no answer",
    "offers": "Trainer offers to give it",
    "delivered": "Delivered",
    "hand-in": "Register to hand in",
    "close": "Register to close",
    "corrected": "Register put right, people to tell",
    "cancelling": "About to be cancelled",
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


CHOICES = """
select 'span', min(ends_at)::text, max(ends_at)::text from training_event where %(all)s or state <> 'draft'
union all select 'course', code, title from training_course
union all select 'venue', id::text, name from training_venue
"""


class Row(NamedTuple):
    """An event as the list shows it; what counted() says of one, it says in the same words."""

    pk: int
    reference: str
    course: str
    state: str
    is_in_house: bool
    is_tentative: bool
    to_cancel_at: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    places: int
    held: int
    waiting: int
    kept: int
    venue_name: str
    is_handed_in: bool
    is_closed: bool
    minimum: int | None
    decide_on: date | None
    booking_opens_at: datetime | None
    booking_closes_at: datetime | None

    @property
    def places_left(self) -> int:
        return max(self.places - self.held - self.waiting - self.kept, 0)


# Row's columns in its order. By hand, as the ORM takes thrice as long to write it as it takes to run.
ROWS = f"""
select e.id, e.reference, c.title, e.state, e.is_in_house, e.certainty <> 'sure', e.to_cancel_at, e.starts_at,
  e.ends_at, e.places,
  claims.held, claims.waiting, claims.kept,
  coalesce(sittings.venue, case when e.online_link <> '' then '{venues.ONLINE}' end, ''),
  sittings.handed_in, sittings.closed,
  e.minimum, e.decide_on, e.booking_opens_at, e.booking_closes_at
from training_event e
join training_course c on c.id = e.course_id
cross join lateral ({counts.CLAIMS}) as claims
cross join lateral (
  select
    (array_agg(v.name order by s.starts_at, s.id))[1] as venue,
    coalesce(bool_and(r.handed_in_at is not null), true) as handed_in,
    coalesce(bool_and(r.closed_at is not null), true) as closed
  from training_session s
  left join bookings_register r on r.session_id = s.id
  left join training_room o on o.id = s.room_id
  left join training_venue v on v.id = o.venue_id
  where s.event_id = e.id
) as sittings
where e.id = any(%s)
"""  # noqa: S608  # our own words


def rows(keys: Iterable[int]) -> list[Row]:
    """The events of these keys, in their order."""
    keys = list(keys)
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [keys])
        found = {row[0]: Row._make(row) for row in cursor.fetchall()}
    return [found[key] for key in keys if key in found]


def programme(person: Person) -> Counted:
    """The events that the person sees, counted."""
    found: Counted = _all_counted().visible_to(person)
    return found


@cache  # a query takes longer to build than to run, and each cut makes a new one of it
def _all_counted() -> Any:
    return counted(Event.objects.all())


def counted(events: QuerySet[Event]) -> Counted:
    """Each event with its course, held, waiting, places_left, venue_name, is_handed_in and is_closed.

    No further query a row. A session without a register counts as not handed in: nobody has marked it.
    """
    sessions = Session.objects.filter(event=OuterRef("pk"))
    found: Counted = counts.counted(events.select_related("course")).annotate(
        venue_name=venues.name_of("pk"),
        is_handed_in=~Exists(sessions.filter(register__handed_in_at=None)),
        is_closed=~Exists(sessions.filter(register__closed_at=None)),
    )
    return found


def standing(event: Any, now: datetime | None = None) -> str:
    """Where an event of counted() or of rows() stands: a key of STANDINGS."""
    if event.state != Event.State.PUBLISHED:
        return "draft" if event.state == Event.State.DRAFT else "cancelled"
    if event.ends_at is None:
        return "undated"
    return _delivered(event) if event.ends_at <= (now or timezone.now()) else _coming(event)


def is_not_sure(event: Any, now: datetime | None = None) -> bool:
    """Whether it is coming, on a date that is not sure yet: an event of counted() or of rows()."""
    return event.is_tentative and standing(event, now) in COMING


def is_under_minimum(event: Any, now: datetime | None = None) -> bool:
    """Whether it may not take place, as fewer hold a place than it needs: an event of counted() or of rows()."""
    return event.minimum is not None and event.held < event.minimum and standing(event, now) in COMING


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
        "tentative": coming & ~Q(certainty=Event.Certainty.SURE),
        "minimum": coming & Q(held__lt=F("minimum")),
        "reserved": coming & Q(pk__in=Reservation.objects.live().filter(places__gt=0).values("event")),
        "trainers": Q(pk__in=staffing.short().values("pk")),
        "unanswered": Q(pk__in=TrainerInvitation.objects.unanswered().exclude(reminded_at=None).values("event")),
        "offers": Q(pk__in=Volunteer.objects.open().values("event")),
        "delivered": delivered,
        "hand-in": delivered & Q(is_handed_in=False),
        "close": delivered & Q(is_handed_in=True, is_closed=False),
        "corrected": Exists(Correction.objects.to_settle().filter(booking__event=OuterRef("pk"))),
        "cancelling": Q(to_cancel_at__isnull=False),
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
        """The financial year of today if it lies among them, else the latest before it, else the first one after."""
        today = FinancialYear.containing(timezone.localdate())
        return next((year for year in self.years if year <= today), self.years[-1] if self.years else today)


def choices(person: Person) -> Choices:
    """The years of the programme that the person sees, and all courses and venues, in one statement."""
    found = offered(CHOICES, {"all": may(person, Right.READ_PROGRAMME)})
    return Choices(found.years, found.kinds.get("course", []), found.kinds.get("venue", []))


def in_year(events: Counted, year: FinancialYear) -> Counted:
    """The events of a financial year; what has no date yet stands in the present one."""
    undated = Q(ends_at=None) if year == FinancialYear.containing(timezone.localdate()) else Q()
    return events.filter(year.holds() | undated)


def in_month(events: Counted, first: date) -> Counted:
    """The events that begin in the month of this first day."""
    return events.filter(starts_at__gte=_midnight(first), starts_at__lt=_midnight(next_month(first)))


def next_month(first: date) -> date:
    """Its first day, from the first day of this one."""
    return (first + timedelta(days=31)).replace(day=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def at_venue(events: Counted, venue: int) -> Counted:
    return events.filter(pk__in=Session.objects.filter(room__venue=venue).values("event"))

"""What an agency's people lack: refreshers due, courses meant for them that nobody attended, people never trained."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef

from bookings import holding
from bookings.holding import DUE, Holding
from bookings.models import Booking
from bookings.models.booking import ATTENDED
from people.models import Agency, Person
from training.models import Course, Event


@dataclass(frozen=True, slots=True)
class Somebody:
    reference: str
    name: str
    staff_group: str


@dataclass(frozen=True, slots=True)
class NextDate:
    """The next event of a course that everybody may ask a place on."""

    reference: str
    starts_at: datetime


@dataclass(slots=True)
class Refresher:
    """A course that is due for some of the people."""

    code: str
    course: str
    next_date: NextDate | None
    due: list[tuple[Somebody, Holding]] = field(default_factory=list)

    @property
    def to_book(self) -> list[Somebody]:
        """Who has no place on a coming date."""
        return [person for person, held in self.due if held.next_at is None]


@dataclass(frozen=True, slots=True)
class Unreached:
    """A course meant for a staff group of which nobody here has attended it."""

    staff_group: str
    people: int
    code: str
    course: str
    next_date: NextDate | None


@dataclass(frozen=True, slots=True)
class Gaps:
    people: int
    refreshers: list[Refresher]
    unreached: list[Unreached]
    never: list[Somebody]


def of(agency: Agency) -> Gaps:
    """Of who works there today. In four queries."""
    here = Person.objects.employed().filter(agency=agency)
    attended = Booking.objects.filter(delegate=OuterRef("pk"), outcome__in=ATTENDED)
    known = list(
        here.annotate(is_trained=Exists(attended))
        .order_by("sort_name", "pk")
        .values("pk", "reference", "name", "staff_group", "staff_group__name", "is_trained")
    )
    people = {row["pk"]: Somebody(row["reference"], row["name"], row["staff_group__name"] or "") for row in known}
    dates = next_dates()
    groups = Counter(row["staff_group"] for row in known if row["staff_group"])
    return Gaps(
        people=len(known),
        refreshers=_refreshers(holding.of(here), people, dates),
        unreached=_unreached(agency, groups, dates),
        never=[people[row["pk"]] for row in known if not row["is_trained"]],
    )


def next_dates() -> dict[str, NextDate]:
    """By the code of its course, of all that have one. One query."""
    first = Event.objects.open_to_all().order_by("course_id", "starts_at", "pk").distinct("course_id")
    found = first.values_list("course__code", "reference", "starts_at")
    return {code: NextDate(reference, starts_at) for code, reference, starts_at in found if starts_at}


def _refreshers(held: list[Holding], people: dict[int, Somebody], dates: dict[str, NextDate]) -> list[Refresher]:
    found: dict[str, Refresher] = {}
    for one in held:
        if one.standing in DUE:
            refresher = found.setdefault(one.code, Refresher(one.code, one.course, dates.get(one.code)))
            refresher.due.append((people[one.person], one))
    for refresher in found.values():
        refresher.due.sort(key=lambda pair: (pair[1].until, pair[0].name))
    return list(found.values())


def _unreached(agency: Agency, groups: Counter[int], dates: dict[str, NextDate]) -> list[Unreached]:
    came = Booking.objects.filter(
        outcome__in=ATTENDED,
        event__course=OuterRef("course"),
        delegate__agency=agency,
        delegate__staff_group=OuterRef("staffgroup"),
        delegate__left_on=None,
    )
    aimed: Any = Course.staff_groups.through.objects.filter(staffgroup__in=list(groups))
    rows = aimed.filter(~Exists(came)).order_by("staffgroup__name", "course__title")
    return [
        Unreached(group, groups[pk], code, title, dates.get(code))
        for pk, group, code, title in rows.values_list(
            F("staffgroup"), F("staffgroup__name"), F("course__code"), F("course__title")
        )
    ]

"""Persons: the workbook's delegates found among those whom Turnout knows, or made."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone

from bookings.models import Booking
from people.models import Person
from people.names import sort_key
from programme import identity
from programme.changes.batch import Batch
from programme.changes.masters import Masters
from programme.summary import Summary
from programme.understood import BookingRow


@dataclass(slots=True)
class Delegate:
    """One person and the rows that are theirs, the earliest booked first."""

    person: Person
    rows: list[BookingRow] = field(default_factory=list)
    # The day of the last booking that Turnout has; None for a new person.
    last_booked_on: date | None = None
    # By which they were found, where that became part of theirs: the workbook's words are about that one.
    merged: Person | None = None

    @property
    def keys(self) -> list[int]:
        """Whose bookings the rows may be about: first what stayed with a merged record."""
        return [one.pk for one in (self.merged, self.person) if one]

    @property
    def latest(self) -> BookingRow:
        return self.rows[-1]


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody known at an address, by the record there."""

    person: Person
    last_booked_at: datetime | None
    record: Person

    @property
    def merged(self) -> Person | None:
        return None if self.record is self.person else self.record


class Persons:
    """The workbook's delegates. Call resolve(), then correct() once it is known which bookings are new."""

    def __init__(self, masters: Masters, summary: Summary) -> None:
        self.masters = masters
        self.summary = summary
        self.batch = Batch(Person)
        self.delegates: list[Delegate] = []

    def resolve(self, rows: list[BookingRow]) -> dict[int, Delegate]:
        """Whose each row is, by the row's number."""
        by_email: dict[str, list[BookingRow]] = defaultdict(list)
        for row in rows:
            by_email[row.email].append(row)
        known = self._known(list(by_email))
        whose: dict[int, Delegate] = {}
        for email, here in by_email.items():
            for delegate in self._on_one_address(here, known.get(email, [])):
                delegate.rows.sort(key=lambda row: (row.booked_on, row.row.number))
                self.delegates.append(delegate)
                whose.update((row.row.number, delegate) for row in delegate.rows)
        return whose

    def make(self) -> None:
        """Fill in who is new, now that the agencies are planned."""
        for delegate in self.delegates:
            latest = delegate.latest
            if not delegate.person._state.adding:
                self.summary.people_known += 1
                continue
            self.summary.people_new += 1
            person = delegate.person
            person.name, person.sort_name, person.email = latest.name, sort_key(latest.name), latest.email
            agency, group = self.masters.agency[latest.agency], self.masters.staff_groups.get(_job(delegate))
            self.batch.add(person, agency=agency, staff_group=group)
            self._tell_agencies(delegate)

    def correct(self, new_or_moved: set[int]) -> None:
        """Bring known persons up to their latest row, unless Turnout knows a later booking.

        new_or_moved: numbers of the rows that bring a new booking or another agency. Only such a row moves a person:
        who was moved in Turnout since is not moved back by the same workbook.
        """
        for delegate in self.delegates:
            person, latest = delegate.person, delegate.latest
            is_newer = delegate.last_booked_on is None or delegate.last_booked_on <= latest.booked_on
            if delegate.merged or person._state.adding or not is_newer:
                continue
            values: dict[str, Any] = {"name": latest.name, "sort_name": sort_key(latest.name)}
            if job := _job(delegate):
                values["staff_group"] = self.masters.staff_groups.get(job)
            agency = self.masters.agency[latest.agency]
            if latest.row.number in new_or_moved and person.agency_id != agency.pk:
                self.summary.changed_agency.append(f"{latest.name}: {person.agency} → {agency}")
                values["agency"] = agency
            if differences := self.batch.correct(person, **values):
                # Without the name itself: the summary may be kept.
                said = ["name" if text.startswith("name") else text for text in differences if "sort name" not in text]
                self.summary.correct(f"Delegate of {latest.row.cell('Delegate')}", said)

    def _known(self, emails: list[str]) -> dict[str, list[Known]]:
        last = dict(
            Booking.objects.filter(delegate__email__in=emails)
            .order_by()
            .values_list("delegate")
            .annotate(Max("booked_at"))
        )
        here = Q(email__in=emails)
        persons = Person.objects.filter(here | Q(merged__email__in=emails)).distinct().order_by("id")
        by_key = {person.pk: person for person in persons.prefetch_related("agency", "staff_group")}
        found: dict[str, list[Known]] = defaultdict(list)
        for record in by_key.values():
            # One step, and one object for a person, whatever the record they are found by.
            person = by_key.get(record.merged_into_id or record.pk, record)
            found[record.email].append(Known(person, last.get(person.pk), record))
        return found

    def _on_one_address(self, rows: list[BookingRow], known: list[Known]) -> list[Delegate]:
        names = {row.name: identity.key(row.name) for row in rows}
        delegates: dict[str, Delegate] = {}
        for group in identity.groups(names.values(), [identity.key(one.record.name) for one in known]):
            delegate = Delegate(Person())
            if group.known is not None:
                one = known[group.known]
                last = one.last_booked_at
                delegate = Delegate(one.person, [], timezone.localdate(last) if last else None, one.merged)
            delegates.update((name, delegate) for name in group.names)
        for row in rows:
            delegates[names[row.name]].rows.append(row)
        return list({id(delegate): delegate for delegate in delegates.values()}.values())

    def _tell_agencies(self, delegate: Delegate) -> None:
        """Who is new and already changed agency within the workbook."""
        agencies = list(dict.fromkeys(row.agency for row in delegate.rows))
        if len(agencies) > 1:
            self.summary.changed_agency.append(f"{delegate.latest.name}: {' → '.join(agencies)}")


def _job(delegate: Delegate) -> str:
    """The job of the latest row that names one."""
    return next((row.job for row in reversed(delegate.rows) if row.job), "")

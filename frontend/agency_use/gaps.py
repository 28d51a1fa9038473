"""What an agency's people lack, each with the way to a date: for its lead on a Monday, and for coordinators."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bookings.several import MOST
from frontend.access import SignedInRequest, signed_in
from frontend.agency_use.use import agency_for
from frontend.downloads import Columns, list_file
from frontend.holding import words
from people.models import Agency
from reporting import gaps as reporting_gaps
from reporting.gaps import Gaps, NextDate, Refresher

# Of those who have never attended anything so many are named on the page; the file has all.
NAMED = 50

COLUMNS: Columns = {
    "Gap": "gap",
    "Course": "course",
    "Person": "person",
    "Staff group": "staff_group",
    "Counts": "until",
    "Next date booked": "booked",
    "Next date": "next_date",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A gap as the file has it."""

    gap: str
    course: str = ""
    person: str = ""
    staff_group: str = ""
    until: str = ""
    booked: datetime | None = None
    next_date: datetime | date | None = None


@require_safe
@signed_in
def gaps(request: SignedInRequest, reference: str) -> HttpResponse:
    """Refreshers due, courses that did not reach a staff group, and people never trained."""
    agency = agency_for(request.person, reference)
    found = reporting_gaps.of(agency)
    context = {
        "agency": agency,
        "gaps": found,
        "refreshers": [(one, _book(agency, one)) for one in found.refreshers],
        "never": found.never[:NAMED],
        "words": words,
    }
    return render(request, "agency_use/gaps.html", context)


@require_safe
@signed_in
def download(request: SignedInRequest, reference: str) -> HttpResponse:
    """All gaps, one a row, as a file."""
    return list_file(request, "gaps", COLUMNS, list(_rows(reporting_gaps.of(agency_for(request.person, reference)))))


def _book(agency: Agency, refresher: Refresher) -> str:
    """Where those who have no date yet are booked on the next one; empty where there is none, or nobody."""
    people = refresher.to_book[:MOST]
    if refresher.next_date is None or not people:
        return ""
    asked = {"of": agency.reference, "people": [person.reference for person in people]}
    address = reverse("agency_bookings:book_several", args=[refresher.next_date.reference])
    return f"{address}?{urlencode(asked, doseq=True)}"


def _rows(found: Gaps) -> Iterator[Row]:
    for refresher in found.refreshers:
        for person, held in refresher.due:
            yield Row(
                held.standing.label, refresher.course, person.name, person.staff_group, words.until(held),
                held.next_at, _when(refresher.next_date),
            )  # fmt: skip
    for one in found.unreached:
        yield Row("Nobody attended", one.course, staff_group=one.staff_group, next_date=_when(one.next_date))
    for person in found.never:
        yield Row("Never attended anything", person=person.name, staff_group=person.staff_group)


def _when(next_date: NextDate | None) -> datetime | None:
    return next_date.starts_at if next_date else None

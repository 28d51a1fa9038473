"""A list of people booked by two at once: each is booked once, and both are told the same."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings import several
from bookings.several import Plan
from people import matching, pasted
from people.matching import Circle
from people.models import Person
from tests.factories import AgencyFactory, EventFactory, PersonFactory
from tests.guards import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_windows_at_the_same_moment_book_each_once_and_add_nobody_twice():
    agency = AgencyFactory()
    lead = PersonFactory(agency=agency, roles=["agency-lead"])
    event, circle = EventFactory(places=2), Circle(agency=agency)
    PersonFactory(name="Jade Lewis", agency=agency)
    since = timezone.now() - timedelta(minutes=1)

    def book():
        matches = matching.find(pasted.read("Jade Lewis\nAnn New, ann@a.uk\nBo New, bo@a.uk"), circle)
        plan = Plan.of(event, circle, matches, lead, {}, None)
        rows = plan.meant(["0", "1", "2"])
        return several.book(event=event, circle=circle, rows=rows, by=lead, since=since, allows=lambda person: True)

    results = at_once(book, book, book)
    names = ["Jade Lewis", "Ann New", "Bo New"]
    for result in results:
        assert [one.booking.delegate.name for one in result] == names
    assert sorted(event.bookings.values_list("delegate__name", "state")) == sorted(
        zip(names, ["confirmed", "confirmed", "waiting"], strict=True)
    )
    assert Person.objects.filter(name__endswith=" New").count() == 2


def test_what_is_no_longer_the_persons_to_book_is_not_booked():
    agency = AgencyFactory()
    lead, jade = (PersonFactory(agency=agency, name=name) for name in ("Lea Lead", "Jade Lewis"))
    event, circle = EventFactory(), Circle(agency=agency)
    plan = Plan.of(event, circle, matching.find(pasted.read("Jade Lewis"), circle), lead, {}, None)
    (result,) = several.book(
        event=event, circle=circle, rows=plan.taken, by=lead, since=timezone.now(), allows=lambda person: False
    )
    assert result.why == "Jade Lewis is not for you to book."
    assert not jade.bookings.exists()

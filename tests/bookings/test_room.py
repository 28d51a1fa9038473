"""The room on an event, asked before anybody books."""

import pytest

from bookings.room import would_have_place
from tests.bookings.factories import CapFactory, HoldFactory
from tests.factories import AgencyFactory, BookingFactory, EventFactory

pytestmark = pytest.mark.django_db


def test_an_agency_would_have_what_is_kept_for_it_after_the_queue_and_up_to_its_cap():
    event, stranger = EventFactory(places=2), AgencyFactory()
    kept_for = HoldFactory(event=event).agency
    assert would_have_place(event, kept_for)
    assert would_have_place(event, stranger)
    BookingFactory(event=event, waiting=True)
    assert would_have_place(event, kept_for)
    assert not would_have_place(event, stranger)
    CapFactory(event=event)
    BookingFactory(event=event, delegate__agency=kept_for)
    assert not would_have_place(event, kept_for)


@pytest.mark.parametrize("count", [1, 20])
def test_asking_takes_two_statements_however_many_wait(django_assert_num_queries, count):
    event, agency = EventFactory(places=5), AgencyFactory()
    BookingFactory.create_batch(count, event=event, waiting=True)
    with django_assert_num_queries(2):
        would_have_place(event, agency)

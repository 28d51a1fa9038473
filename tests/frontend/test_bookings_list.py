"""Bookings as a list: who sees which, and its filters."""

import pytest
from django.urls import reverse

from tests.factories import (
    BookingFactory,
    EventFactory,
    PersonFactory,
    SessionTrainerFactory,
    TrainerFactory,
)

pytestmark = pytest.mark.django_db
LIST = reverse("bookings:list")


@pytest.mark.parametrize("count", [1, 50])
@pytest.mark.parametrize("role", ["coordinator", "agency-lead"])
def test_the_list_takes_five_statements_at_one_row_and_at_fifty(
    client, sign_in, django_assert_num_queries, count, role
):
    person = sign_in(role)
    for _ in range(count):
        BookingFactory(delegate__agency=person.agency)
    with django_assert_num_queries(5):
        page = client.get(LIST).content.decode()
    assert page.count('<th scope="row">') == count


def test_each_sees_the_bookings_that_they_may_open(client, sign_in):
    lead = PersonFactory(roles=["agency-lead"])
    manager = PersonFactory()
    trainer = PersonFactory()
    event = EventFactory()
    SessionTrainerFactory(session=event.sessions.get(), trainer=TrainerFactory(person=trainer))
    bookings = {
        "own": BookingFactory(event=event, delegate=trainer),
        "staff": BookingFactory(event=event, delegate__line_manager=manager),
        "led": BookingFactory(event=event, delegate__agency=lead.agency),
    }
    for person, expected in ((trainer, ["own"]), (manager, ["staff"]), (lead, ["led"])):
        sign_in(person=person)
        page = client.get(LIST).content.decode()
        assert [word for word, booking in bookings.items() if booking.reference in page] == expected


def test_the_list_is_filtered_by_state_and_words(client, sign_in):
    sign_in("coordinator")
    bookings = {
        "coming": BookingFactory(delegate__name="Siân O’Neill"),
        "waiting": BookingFactory(waiting=True),
        "past": BookingFactory(event__days=-3),
        "cancelled": BookingFactory(cancelled=True),
    }
    for state, booking in bookings.items():
        page = client.get(LIST, {"state": state}).content.decode()
        assert [word for word, one in bookings.items() if one.reference in page] == [state]
        found = client.get(LIST, {"state": "all", "q": booking.reference}).content.decode()
        assert found.count('<th scope="row">') == 1
    assert bookings["coming"].reference in client.get(LIST, {"q": "sian"}).content.decode()
    assert "No booking fits this filter" in client.get(LIST, {"q": "zzz"}).content.decode()


def test_a_list_of_ones_own_goes_by_course_and_not_by_ones_name(client, sign_in):
    jade = sign_in(name="Jade Lewis")
    booking = BookingFactory(delegate=jade, event__course__title="Modern Slavery")
    head = f'<a class="govuk-link govuk-link--no-visited-state" href="/bookings/{booking.reference}/">'
    assert f"{head}Modern Slavery" in client.get(LIST).content.decode()
    BookingFactory(delegate__line_manager=jade)
    page = client.get(LIST).content.decode()
    assert f"{head}Jade Lewis" in page
    assert ">Delegate</a>" in page


def test_an_empty_list_says_where_to_find_training(client, sign_in):
    sign_in()
    assert reverse("programme:list") in client.get(LIST).content.decode()

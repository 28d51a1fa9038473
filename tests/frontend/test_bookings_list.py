"""Bookings as a list: who sees which, and its filters."""

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings import register
from tests.factories import (
    BookingFactory,
    EventFactory,
    PersonFactory,
    SessionTrainerFactory,
    TrainerFactory,
)
from training.financial_year import FinancialYear

pytestmark = pytest.mark.django_db
LIST = reverse("bookings:list")


@pytest.mark.parametrize("count", [1, 50])
@pytest.mark.parametrize(("role", "statements"), [("coordinator", 6), ("agency-lead", 7)])
def test_the_list_takes_as_many_statements_at_one_row_as_at_fifty(
    client, sign_in, django_assert_num_queries, count, role, statements
):
    person = sign_in(role)
    for _ in range(count):
        BookingFactory(delegate__agency=person.agency)
    with django_assert_num_queries(statements):
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


@pytest.mark.parametrize(("role", "sees_all"), [(None, True), ("agency-lead", True), ("coordinator", False)])
def test_who_waits_is_among_what_is_to_come_but_for_coordinators_who_have_thousands(client, sign_in, role, sees_all):
    person = sign_in(role) if role else sign_in()
    BookingFactory(delegate=person)
    waiting = BookingFactory(delegate=person, waiting=True).reference
    over = [BookingFactory(delegate=person, cancelled=True), BookingFactory(delegate=person, event__days=-3)]
    page = client.get(LIST).content.decode()
    assert (waiting in page) == sees_all
    assert not any(booking.reference in page for booking in over)


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
    head = f'<a class="govuk-link govuk-link--no-visited-state" href="/bookings/{booking.reference}/?list=">'
    assert f"{head}Modern Slavery" in client.get(LIST).content.decode()
    BookingFactory(delegate__line_manager=jade)
    page = client.get(LIST).content.decode()
    assert f"{head}Jade Lewis" in page
    assert ">Delegate</a>" in page


def test_an_empty_list_says_where_to_find_training(client, sign_in):
    sign_in()
    assert reverse("finding:list") in client.get(LIST).content.decode().partition("<main")[2]


def fields_of(page):
    return [name for name in ("q", "period", "state", "agency", "course") if f'name="{name}"' in page]


def test_who_sees_only_their_own_is_not_asked_for_agency_and_course(client, sign_in):
    jade = sign_in()
    BookingFactory(delegate=jade)
    assert fields_of(client.get(LIST).content.decode()) == ["q", "period", "state"]
    BookingFactory(delegate__line_manager=jade)
    assert fields_of(client.get(LIST).content.decode()) == ["q", "period", "state", "agency", "course"]


def test_the_list_is_filtered_by_agency_and_course_of_what_one_sees(client, sign_in):
    lead = sign_in("agency-lead")
    one, two = (BookingFactory(delegate__agency=lead.agency) for _ in range(2))
    elsewhere = BookingFactory()
    page = client.get(LIST, {"course": one.event.course.code}).content.decode()
    assert [booking.reference in page for booking in (one, two)] == [True, False]
    assert f'value="{lead.agency.reference}"' in page
    for hidden in (elsewhere.agency.reference, elsewhere.agency.name, elsewhere.event.course.title):
        assert hidden not in page
    assert "There is a problem" in client.get(LIST, {"agency": elsewhere.agency.reference}).content.decode()

    sign_in("coordinator")
    page = client.get(LIST, {"agency": elsewhere.agency.reference}).content.decode()
    assert [booking.reference in page for booking in (one, two, elsewhere)] == [False, False, True]


def test_the_list_is_filtered_by_outcome(client, sign_in):
    coordinator = sign_in("coordinator")
    absent, came, unknown = (BookingFactory(event__days=-3) for _ in range(3))
    for booking, mark in ((absent, "absent"), (came, "present")):
        session = booking.event.sessions.get()
        register.mark(session=session, booking=booking, attendance=mark, by=coordinator)
        register.hand_in(session=session, head_count=1, by=coordinator)
        register.close(event=booking.event, by=coordinator)
    for state, expected in (("did-not-attend", absent), ("attended", came), ("unknown", unknown)):
        page = client.get(LIST, {"state": state}).content.decode()
        assert [one for one in (absent, came, unknown) if one.reference in page] == [expected]


def test_the_list_is_filtered_by_period(client, sign_in):
    sign_in("coordinator")
    days = {"last": -10, "today": 0, "week": 6, "month": 20, "later": 40}
    bookings = {when: BookingFactory(event__days=number) for when, number in days.items()}

    def shown(period, state="all"):
        page = client.get(LIST, {"period": period, "state": state}).content.decode()
        return {when for when, booking in bookings.items() if booking.reference in page}

    assert shown("next-7-days") == {"today", "week"}
    assert shown("next-4-weeks") == {"today", "week", "month"}
    assert shown("last-4-weeks") == {"last", "today"}
    year = FinancialYear.containing(timezone.localdate(bookings["last"].event.ends_at))
    assert "last" in shown(year.code)
    assert shown("2001-02") == set(bookings), "which makes no sense here, and filters nothing"


def test_a_filter_of_what_is_coming_that_finds_nothing_says_how_to_see_the_rest(client, sign_in):
    sign_in("coordinator")
    BookingFactory(event__days=-3)
    assert "choose “All states”" in client.get(LIST, {"period": "last-4-weeks"}).content.decode()

"""An agency's lead books several people from a list, on a phone."""

import pytest
from playwright.sync_api import expect

from tests.factories import (
    AgencyFactory,
    BookingFactory,
    CourseFactory,
    EventFactory,
    PartnershipFactory,
    PersonFactory,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 375, "height": 812}}


@pytest.fixture
def lead():
    PartnershipFactory()
    return PersonFactory(name="Lea Lead", agency=AgencyFactory(name="Anytown Council"), roles=["agency-lead"])


@pytest.fixture
def event():
    return EventFactory(places=2, course=CourseFactory(title="Modern Slavery"))


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_list_is_pasted_checked_and_booked(open_page, enter, press, look, live_server, lead, event, has_scripts):
    for name in ("Jade Lewis", "Sam Jones", "Sam Jones"):
        PersonFactory(name=name, agency=lead.agency)
    page = open_page(**PHONE)
    if not has_scripts:
        page.route("**/*.js", lambda route: route.abort())
    enter(page, lead)
    page.goto(f"{live_server.url}/events/{event.reference}/")
    press(page, "Book several people", "Paste the list", role="link")
    press(page, "Check the list", "Paste a list, or tick people below it")
    page.get_by_label("Paste the list").fill(
        "Name\tEmail\nJade Lewis\nSam Jones\nAnn New\tann.new@anytown.gov.uk\njade @anytown.gov.uk"
    )
    press(page, "Check the list", "Nobody is booked yet")
    expect(page.get_by_label("Book Ann New")).to_be_checked()
    page.get_by_label("Book Sam Jones").check()
    press(page, "Book who is ticked", "Select who is meant by “Sam Jones”")
    page.get_by_role("radio", name="Sam Jones").first.check()
    press(page, "Show again what they get", "2 get a place and 1 goes on the waiting list")
    press(page, "Book who is ticked", "3 people are booked")
    expect(page.get_by_text("Number 1")).to_be_visible()
    assert event.bookings.count() == 3
    press(page, "Go on with who is not booked", "jade @anytown.gov.uk")


def test_people_are_ticked_and_what_is_in_the_way_is_said(open_page, enter, press, live_server, lead, event):
    jade = PersonFactory(name="Jade Lewis", agency=lead.agency)
    BookingFactory(event=event, delegate__agency=lead.agency, delegate__name="Ann Bell")
    page = open_page(**PHONE)
    enter(page, lead)
    page.goto(f"{live_server.url}/events/{event.reference}/book-several/")
    page.get_by_text("Or tick them in the list").click()
    page.get_by_label("Jade Lewis").check()
    press(page, "Check the list", "Nobody is booked yet")
    press(page, "Book who is ticked", "1 person is booked")
    assert event.bookings.get(delegate=jade).state == "confirmed"


def test_places_are_reserved_named_and_let_go(open_page, enter, press, look, live_server, lead, event):
    PersonFactory(name="Jade Lewis", agency=lead.agency)
    page = open_page(**PHONE)
    enter(page, lead)
    page.goto(f"{live_server.url}/events/{event.reference}/")
    press(page, "Reserve places without names", "How many places", role="link")
    page.get_by_label("How many places").fill("3")
    press(page, "Reserve", "can have 2 places", exact=True)
    page.get_by_label("How many places").fill("2")
    press(page, "Reserve", "2 places to name", exact=True)
    press(page, "Name one", "Name or email address", role="link")
    page.get_by_label("Name or email address").fill("jade")
    press(page, "Find", "Who is it?")
    page.get_by_role("radio", name="Jade Lewis").check()
    press(page, "Continue", "Give them the place")
    press(page, "Give them the place", "1 place to name")
    page.goto(live_server.url)
    page.get_by_text("1 place to name by").first.wait_for()
    look(page)
    press(page, "1 place to name by", "Let them go", role="link")
    press(page, "Let them go", "gives back what it has reserved", role="link")
    press(page, "Let it go", "no places without names")
    assert event.bookings.get().delegate.name == "Jade Lewis"

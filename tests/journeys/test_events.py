"""A coordinator shares out an event's places, publishes a draft and cancels an event, at a desk and on a phone."""

import pytest

from tests.bookings.factories import ReservationFactory
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    CourseFactory,
    EventFactory,
    PartnershipFactory,
    PersonFactory,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SIZES = [{"width": 375, "height": 720}, {"width": 1280, "height": 900}]


@pytest.fixture(params=SIZES, ids=["phone", "desk"])
def page(open_page, enter, request):
    PartnershipFactory()
    page = open_page(viewport=request.param)
    enter(page, PersonFactory(roles=["coordinator"]))
    return page


def event_with_people(**facts):
    event = EventFactory(course=CourseFactory(title="Neglect and what comes after it"), **facts)
    BookingFactory(event=event, delegate__name="Ann First")
    BookingFactory(event=event, delegate__name="Jade Lewis", waiting=True)
    return event


def test_a_bookings_history_opens_and_without_network_leads_to_the_booking(page, look):
    event = event_with_people()
    page.goto(f"/events/{event.reference}/")
    history = page.locator("summary", has_text="History of Ann First")
    page.route("**/history/", lambda route: route.abort())
    history.click()
    page.get_by_role("link", name="See it with the booking of Ann First").wait_for()
    page.unroute("**/history/")
    history.click()
    history.click()
    page.get_by_text("Booked by").wait_for()
    look(page)


def test_places_are_kept_put_back_limited_and_changed(page, press):
    event = event_with_people(places=2)
    AgencyFactory(name="Anytown Hospitals NHS Foundation Trust and Community Services")
    ReservationFactory(event=event, places=1)
    page.goto(f"/events/{event.reference}/")
    press(page, "Places and whom they are for", "Where the places are", role="link")
    press(page, "Keep places for an agency", "Nobody else can have these places", role="link")
    press(page, "Keep these places", "There is a problem")
    page.get_by_label("For whom").select_option(label="All of type: Police")
    page.get_by_label("How many places").fill("1")
    day = event.starts_at
    for part in ("day", "month", "year"):
        page.locator(f"#id_until_on-{part}").fill(str(getattr(day, part)))
    page.get_by_label("At what time").fill("midnight")
    press(page, "Keep these places", "The time must be written like")
    page.get_by_label("At what time").fill("0:00")
    press(page, "Keep these places", "1 place kept for Police until the end of")
    press(page, "Stop keeping places for Police", "No places are kept for Police any more")
    press(page, "Put it back", "1 place kept again")
    press(page, "Set a limit", "The most places that one agency may have", role="link")
    page.get_by_label("The most places that one agency may have").fill("1")
    press(page, "Save", "One agency may have at most 1 place.")
    press(page, "Change the number", "Nothing is changed yet", role="button")
    page.get_by_label("Number of places").fill("4")
    press(page, "See what follows", "One person who waits is offered a place by email")
    press(page, "Change to 4 places", "Jade Lewis is offered a place, and told so.")
    press(page, "Let go", "The places go to the waiting list", role="link")
    press(page, "Let go 1 place", "had reserved are free again")


def test_a_draft_is_published(page, press):
    event = EventFactory(state="draft", course=CourseFactory(title="Neglect"))
    page.goto("/programme/?state=draft")
    press(page, f"Publish Neglect, {event.reference}", "Still missing", role="link")
    press(page, "Publish this event", "is open for booking")


def test_an_event_is_cancelled_and_its_people_come_first_on_the_next_date(page, press):
    event = event_with_people(places=1)
    EventFactory(course=event.course, days=60)
    BookingFactory(event=event, delegate__email="", waiting=True, delegate__name="Tom Okafor")
    page.goto(f"/events/{event.reference}/")
    press(page, "Cancel this event", "What they are offered instead", role="link")
    press(page, "See what follows", "There is a problem")
    page.get_by_label("Why it is cancelled").fill("The trainer is ill.")
    press(page, "See what follows", "Nobody knows an address of this person")
    press(page, "Change something", "What they are offered instead")
    press(page, "See what follows", "Nobody knows an address of this person")
    press(page, "Cancel this event", "Nobody is told before")
    press(page, "Do not cancel it", "Nobody was told that it would be")
    press(page, "Cancel this event", "What they are offered instead", role="link")
    page.get_by_label("Why it is cancelled").fill("The trainer is ill.")
    press(page, "See what follows", "Nobody knows an address of this person")
    press(page, "Cancel this event", "This event will be cancelled at")
    press(page, "Cancel it now", "2 people are told by email.")

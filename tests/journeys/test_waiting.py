"""Waiting for a place in a real browser: on the list, offered, accepted by the link from the message, on a phone."""

import pytest

from bookings import links, places
from tests.factories import BookingFactory, CourseFactory, EventFactory, PartnershipFactory, PersonFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

NARROW = {"viewport": {"width": 320, "height": 640}}


@pytest.mark.parametrize("has_scripts", [True, False])
def test_who_waits_takes_the_place_that_becomes_free_without_signing_in(open_page, press, look, has_scripts):
    PartnershipFactory()
    booked = BookingFactory(event=EventFactory(places=1, course=CourseFactory(title="Modern Slavery")))
    jade = PersonFactory(name="Jade Lewis")
    waiting = places.book(event=booked.event, delegate=jade, by=jade)
    # With JavaScript off axe, a script itself, could not look: that its own does not arrive comes to the same.
    page = open_page(**NARROW)
    if not has_scripts:
        page.route("**/*.js", lambda route: route.abort())
    page.goto(links.path(waiting.reference))
    page.get_by_text("number 1 of 1 on the waiting list").wait_for()
    look(page)
    places.cancel(booking=booked, by=booked.delegate)
    page.reload()
    page.get_by_text("You can take this place until").wait_for()
    look(page)
    press(page, "Decline and leave the list", "Go back and keep the offer", "button")
    press(page, "Go back and keep the offer", "Put the end off", "link")
    if has_scripts:
        press(page, "Decline and leave the list", "Go back and keep the offer", "button")
        press(page, "Decline and leave the list", "Was that a mistake?")
        press(page, "Undo it", "Put the end off")
    press(page, "Put the end off", "has been put off once")
    press(page, "Accept the place", "You have a place on this event.")
    page.reload()
    page.get_by_text("You have a place on this event.").wait_for()
    waiting.refresh_from_db()
    assert waiting.state == "confirmed"

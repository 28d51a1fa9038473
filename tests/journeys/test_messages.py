"""A bad day: snow. Everyone of an event is told from a phone, after a look at what they will read."""

import pytest
from playwright.sync_api import expect

from outbox.models import Message
from tests.factories import BookingFactory, CourseFactory, EventFactory, PartnershipFactory, PersonFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_twelve_people_are_told_of_snow_from_a_phone(open_page, enter, press, look, live_server):
    PartnershipFactory(training_email="training@anytown.example")
    event = EventFactory(course=CourseFactory(title="Modern Slavery"))
    for number in range(12):
        BookingFactory(event=event, delegate__name=f"Delegate {number}")
    BookingFactory(event=event, delegate__name="Nia Nomail", delegate__email="")
    page = open_page(viewport={"width": 375, "height": 700})
    enter(page, PersonFactory(name="Kim Coordinator", email="kim@anytown.example", roles=["coordinator"]))
    page.goto(f"{live_server.url}/events/{event.reference}/")
    press(page, "Write to its people", "Who gets it", role="link")
    page.get_by_label("Message").fill("It snows.\n\nWe meet online instead: the link follows at nine.")
    press(page, "Continue", "What Delegate 0 will read")
    expect(page.get_by_text("Nia Nomail, ")).to_be_visible()
    press(page, "Send a test to myself", "A test is on its way to kim@anytown.example")
    page.get_by_role("button", name="Send it to 12 people").dblclick()
    page.get_by_text("Your message goes to 12 people now").wait_for()
    look(page)
    expect(page.get_by_text("0 of 12")).to_be_visible()
    assert Message.objects.exclude(to="kim@anytown.example").count() == 12
    page.goto(f"{live_server.url}/programme/move-day/?event={event.reference}")
    online = page.get_by_label("It meets online")
    for choice in (page.get_by_label("It moves to another day or time"), online):
        choice.check()
        look(page)
    page.get_by_label("Link to join online").fill("https://meet.example/snow")
    press(page, "See what follows", "Check before they move")
    press(page, "Move 1 event", "Moved: ")
    event.refresh_from_db()
    assert event.online_link == "https://meet.example/snow"


def test_what_a_message_says_is_changed_within_its_placeholders_and_taken_back(
    open_page, enter, press, look, live_server
):
    PartnershipFactory()
    page = open_page(viewport={"width": 375, "height": 700})
    enter(page, PersonFactory(name="Kim Coordinator", roles=["coordinator"]))
    page.goto(f"{live_server.url}/messages/")
    press(page, "Change what messages say", "These are sent by themselves", role="link")
    press(page, "A place is confirmed", "Must stay", role="link")
    press(page, "Change it, or see how it reads", "Send a test to myself")
    body = page.get_by_label("Text", exact=True)
    original = body.input_value()
    body.fill(original.replace("[Cancel your place] $cancel", "$secret"))
    press(page, "Save", "There is a problem", exact=True)
    expect(page.get_by_text("$secret is no placeholder of this message").first).to_be_visible()
    expect(page.get_by_text("This message must keep $cancel").first).to_be_visible()
    page.get_by_label("Text", exact=True).fill(original.replace("You have a place:", "How good that you come:"))
    press(page, "See how it reads", "With made-up facts")
    expect(page.get_by_text("How good that you come:").first).to_be_visible()
    press(page, "Save", "The text is saved", exact=True)
    press(page, "Back to the original", "stays among the versions", role="link")
    press(page, "Use the original", "The original text is used again")
    expect(page.get_by_text("Back to the original, by Kim Coordinator")).to_be_visible()

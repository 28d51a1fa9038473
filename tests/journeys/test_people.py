"""People, agencies, messages and background work in a real browser: at a desk, and on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from people.models import Person, Role
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    JobFactory,
    MessageFactory,
    PartnershipFactory,
    PersonFactory,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE, DESK = {"viewport": {"width": 375, "height": 812}}, {"viewport": {"width": 1280, "height": 900}}
both = pytest.mark.parametrize("options", [PHONE, DESK], ids=["phone", "desk"])


@pytest.fixture(autouse=True)
def partnership():
    PartnershipFactory()


def open_menu(page, look):
    """By the keyboard: the links are folded away, and then the next stop."""
    expect(page.locator(".app-nav").get_by_role("link", name="People")).to_be_hidden()
    page.get_by_role("button", name="Menu", expanded=False).press("Enter")
    page.get_by_role("button", name="Menu", expanded=True).wait_for()
    page.keyboard.press("Tab")
    expect(page.locator(".app-nav").get_by_role("link", name="Home")).to_be_focused()
    look(page)


@both
def test_a_coordinator_adds_somebody_corrects_a_record_and_names_a_line_manager(open_page, press, look, enter, options):
    AgencyFactory(name="Anytown Council")
    jade = PersonFactory(name="Jade Lewis")
    PersonFactory(name="Helen Okafor", agency=jade.agency)
    page = open_page(**options)
    enter(page, PersonFactory(name="Casey Coordinator", roles=[Role.COORDINATOR]))
    page.goto("/")
    if options is PHONE:
        open_menu(page, look)
    press(page, "People", "Add a person", "link", exact=True)
    press(page, "Add a person", "Full name")
    press(page, "Add this person", "There is a problem")
    page.get_by_label("Full name").fill("Zoe Young")
    page.get_by_label("Work email address").fill("zoe@example.org")
    page.get_by_label("Agency").select_option(label="Anytown Council")
    press(page, "Add this person", "Zoe Young is added")

    page.goto("/people/?q=jade")
    press(page, "Jade Lewis", "Line manager", "link")
    press(page, "Correct", "Messages go there", "link")
    page.get_by_label("Full name").fill("Jade Smith")
    press(page, "Save", "The record of Jade Smith is corrected")
    press(page, "Change the line manager", "There is none now", "link")
    page.get_by_label("Name or email address").fill("okafor")
    press(page, "Find", "Who is it?")
    page.get_by_label("Helen Okafor").check()
    press(page, "Continue", "Make them the line manager")
    press(page, "Make them the line manager", "Helen Okafor is now the line manager")
    jade.refresh_from_db()
    assert (jade.name, jade.line_manager.name) == ("Jade Smith", "Helen Okafor")


@both
def test_a_coordinator_moves_somebody_and_records_them_as_left(open_page, press, enter, options):
    AgencyFactory(name="Anytown Council")
    booking = BookingFactory(delegate__name="Jade Lewis", event__course__title="Modern Slavery")
    page = open_page(**options)
    enter(page, PersonFactory(roles=[Role.COORDINATOR]))
    page.goto(f"/people/{booking.delegate.reference}/")
    press(page, "Change the agency", "stay with", "link")
    page.get_by_label("New agency").select_option(label="Anytown Council")
    press(page, "Continue", "Check this change of agency")
    press(page, "Change the agency", "is with Anytown Council")
    expect(page.get_by_text("by when the change was entered")).to_have_count(1)

    press(page, "Record as left", "Modern Slavery", "button")
    page.get_by_label("Release it").check()
    press(page, "Continue", "What happens")
    press(page, "Record as left", "1 booking released")
    press(page, "Undo this", "has not left, or is back", "link")
    press(page, "Record as here", "is here")
    booking.refresh_from_db()
    assert (booking.state, booking.delegate.left_on) == ("confirmed", None)


@both
def test_an_administrator_gives_a_role_and_takes_it_without_scripts(open_page, enter, options):
    person = PersonFactory(name="Jade Lewis")
    page = open_page(java_script_enabled=False, **options)
    enter(page, PersonFactory(roles=[Role.ADMINISTRATOR]))
    page.goto(f"/people/{person.reference}/")
    page.get_by_role("link", name="Give a role").click()
    page.get_by_label("Finance officer").check()
    page.get_by_role("button", name="Give this role").click()
    page.get_by_text("Jade Lewis has the role Finance officer").wait_for()
    page.get_by_role("link", name="Take the role Finance officer").click()
    page.get_by_role("button", name="Take this role").click()
    page.get_by_text("has the role Finance officer no more").wait_for()
    assert Person.objects.get(pk=person.pk).roles == set()


@both
def test_a_coordinator_adds_an_agency_says_who_pays_and_what_else_it_is_called(open_page, press, enter, options):
    page = open_page(**options)
    enter(page, PersonFactory(roles=[Role.COORDINATOR]))
    page.goto("/people/")
    press(page, "Agencies", "Add an agency", "link", exact=True)
    press(page, "Add an agency", "Short name")
    page.get_by_label("Name", exact=True).fill("Bright Start")
    page.get_by_label("Type").select_option(label="Early years")
    press(page, "Save", "Say who pays its charges")
    press(page, "Change payer and billing", "counts for invoices from now on", "link")
    page.get_by_label("Who pays its charges").select_option(label="Bright Start")
    press(page, "Save", "Say to which address invoices to Bright Start are sent")
    page.get_by_label("Email address for its invoices").fill("pay@example.org")
    press(page, "Save", "Payer and billing are changed")
    press(page, "Add another name", "As it is written on forms", "link")
    page.get_by_label("Another name").fill("The Nursery")
    press(page, "Add this name", "is known as The Nursery too")
    press(page, "Remove The Nursery", "is not known as The Nursery any more")


@both
def test_what_could_not_be_sent_or_done_is_found_from_home_and_begun_again(open_page, press, enter, options):
    booking = BookingFactory(delegate__name="Jade Lewis", delegate__email="jade@example.org")
    ended = {"state": "failed", "finished_at": timezone.now() - timedelta(hours=1), "attempts": 5}
    MessageFactory(
        template="booking_confirmed",
        reference=booking.reference,
        to="jade@exampel.org",
        last_error="The mail server refuses the address or the message (550).",
        **ended,
    )
    JobFactory(kind="propose-charges", last_error="KeyError in a/b.py, line 7.", **ended)
    page = open_page(**options)
    enter(page, PersonFactory(roles=[Role.COORDINATOR]))
    page.goto("/")
    press(page, "Put right what did not reach jade@exampel.org", "Addresses that do not work", "link")
    press(page, "Addresses that do not work", "nobody’s here any more", "link")
    press(page, "1 message", "jade@exampel.org", "link")
    press(page, "A place is confirmed", "What it would say now", "link")
    press(page, "Send it again", "The address then", "button")
    press(page, "Send it", "The message to jade@example.org is sent within a minute")
    press(page, "Stop it", "It is then not sent")
    press(page, "Stop it", "is stopped")

    page.goto("/messages/send-failed/")
    press(page, "Continue", "No message was given up since then")

    page.goto("/")
    press(page, "Try again: Proposing charges", "It was given up", "link")
    press(page, "Try it again", "It begins again from the start")
    press(page, "Try it again", "It begins again within a minute")

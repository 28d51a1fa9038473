"""From wanting to book to a confirmed booking, for somebody new, on a phone, with and without JavaScript."""

import re

import pytest
from django.core import mail
from django.core.cache import cache

from bookings.models import Booking
from people import invitations
from people.models import Role
from tests.factories import CourseFactory, EventFactory, PartnershipFactory, PersonFactory
from tests.joining_factories import AgencyDomainFactory, InvitationFactory, JoiningFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 375, "height": 812}}
both = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])


@pytest.fixture(autouse=True)
def partnership():
    cache.clear()  # allauth counts tries there
    PartnershipFactory(training_email="training@anytown.example")


@pytest.fixture
def step(look):
    """Presses, waits for the words, and looks at the page that follows, if scripts can look."""

    def on(page, name, then, role="button", scripts=True):
        page.locator("main").get_by_role(role, name=name).first.click()
        page.get_by_text(then).first.wait_for()
        if scripts:
            look(page)

    return on


def code():
    return re.search(r"^(\S+) is your code", mail.outbox[-1].subject)[1]


@both
def test_somebody_new_books_in_seven_pages_from_the_search_on(open_page, step, scripts):
    AgencyDomainFactory(agency__name="Anytown Council", domain="anytown.gov.uk")
    EventFactory(course=CourseFactory(title="Modern Slavery"), reference="26-001")
    page = open_page(java_script_enabled=scripts, **PHONE)
    shown = []
    page.on("framenavigated", lambda frame: shown.append(frame.url))
    page.goto("/programme/")
    page.get_by_label("Email address").fill("nadia@anytown.gov.uk")
    step(page, "Email me a code", "Check your email", scripts=scripts)
    page.get_by_label("Code").fill(code())
    step(page, "Continue", "Who are you?", scripts=scripts)
    page.get_by_label("Your full name").fill("Nadia New")
    step(page, "Join", "You are in, Nadia New: you book for Anytown Council.", scripts=scripts)
    step(page, "Modern Slavery", "places left", "link", scripts=scripts)
    step(page, "Book a place", "Book this place", scripts=scripts)
    step(page, "Book this place", "You have a place on Modern Slavery", scripts=scripts)
    assert len(shown) <= 7, shown
    assert Booking.objects.get().delegate.name == "Nadia New"


@both
def test_somebody_whose_address_says_nothing_waits_is_let_in_and_comes_back(open_page, enter, step, scripts):
    EventFactory(course=CourseFactory(title="Modern Slavery"), reference="26-001")
    nursery = PersonFactory(agency__name="Little Nursery").agency
    page = open_page(java_script_enabled=scripts, **PHONE)
    page.goto("/events/26-001/book/")
    page.get_by_label("Email address").fill("nadia@gmail.com")
    step(page, "Email me a code", "Check your email", scripts=scripts)
    page.get_by_label("Code").fill(code())
    step(page, "Continue", "Who are you?", scripts=scripts)
    step(page, "Join", "There is a problem", scripts=scripts)
    page.get_by_label("Your full name").fill("Nadia New")
    page.get_by_label("Your agency").select_option("other")
    page.get_by_label("Its name, if it is not in the list").fill("The nursery")
    step(page, "Join", "What happens next", scripts=scripts)

    desk = open_page(java_script_enabled=scripts)
    enter(desk, PersonFactory(roles=[Role.COORDINATOR]))
    desk.goto("/")
    step(desk, "Let Nadia New in, or decline", "None that we know of", "link", scripts=scripts)
    step(desk, "Let them in", "Select their agency", scripts=scripts)
    desk.get_by_label("Agency").select_option(label=nursery.name)
    step(desk, "Let them in", "Nadia New is in, and is told by email.", scripts=scripts)

    page.goto("/events/26-001/book/")
    page.get_by_role("button", name="Book this place").wait_for()


@both
def test_a_lead_invites_a_nurse_who_shares_a_mailbox(open_page, enter, step, scripts):
    lead = PersonFactory(roles=[Role.AGENCY_LEAD], agency__name="Ward A")
    PersonFactory(name="Alice Ward", email="ward@nhs.net", agency=lead.agency)
    desk = open_page(java_script_enabled=scripts, **PHONE)
    enter(desk, lead)
    desk.goto("/people/")
    step(desk, "Invite somebody", "works once, for 14 days", scripts=scripts)
    step(desk, "Send the invitation", "There is a problem", scripts=scripts)
    desk.get_by_label("Full name").fill("Bola Ade")
    desk.get_by_label("Work email address").fill("ward@nhs.net")
    step(desk, "Send the invitation", "Bola Ade is invited by email", scripts=scripts)
    step(desk, "Send again", "is sent to Bola Ade again", scripts=scripts)

    invitation = lead.agency.invitations.get()
    page = open_page(java_script_enabled=scripts, **PHONE)
    page.goto(f"/join/invited/{invitations.token(invitation)}/")
    step(page, "Email me a code", "Check your email", scripts=scripts)
    page.get_by_label("Code").fill(code())
    step(page, "Continue", "invited you to join for", scripts=scripts)
    step(page, "Join", "You are in, Bola Ade", scripts=scripts)
    page.goto("/who-are-you/")
    page.get_by_label("Alice Ward").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Alice Ward").wait_for()

    desk.goto("/join/invitations/")
    desk.get_by_text("See Bola Ade").wait_for()


def test_lists_of_who_joins_fit_a_phone(open_page, enter, look):
    JoiningFactory.create_batch(3, agency=None, agency_name="A nursery with a rather long name of its own")
    InvitationFactory(email="somebody-with-a-long-name.of-the-safeguarding-hub@bsolccg.example")
    page = open_page(**PHONE)
    enter(page, PersonFactory(roles=[Role.COORDINATOR]))
    for address in ("/join/requests/", "/join/invitations/", "/join/requests/?state=decided"):
        page.goto(address)
        look(page)

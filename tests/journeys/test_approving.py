"""A place that needs approval, in a real browser on a phone: asked for, and decided by the link from the message."""

import re

import pytest
from django.conf import settings

from bookings.models import Booking
from outbox import templates
from outbox.models import Message
from tests.factories import CourseFactory, EventFactory, PartnershipFactory, PersonFactory
from tests.joining_factories import AgencyDomainFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

NARROW = {"viewport": {"width": 375, "height": 812}}


@pytest.mark.parametrize("has_scripts", [True, False])
@pytest.mark.parametrize("answer", ["Approve", "Decline"])
def test_who_has_no_line_manager_here_names_one_who_decides_without_signing_in(
    open_page, enter, press, look, answer, has_scripts
):
    PartnershipFactory()
    agency = AgencyDomainFactory(domain="anytown.gov.uk").agency
    event = EventFactory(course=CourseFactory(title="Train the trainers", needs_approval=True))
    delegate, manager = open_page(**NARROW), open_page(**NARROW)
    # With JavaScript off axe, a script itself, could not look: that its own does not arrive comes to the same.
    if not has_scripts:
        for page in (delegate, manager):
            page.route("**/*.js", lambda route: route.abort())
    enter(delegate, PersonFactory(name="Jade Lewis", agency=agency))
    delegate.goto(f"/events/{event.reference}/book/")
    delegate.get_by_text("we do not know your line manager yet").wait_for()
    look(delegate)
    delegate.get_by_label("My line manager").check()
    delegate.get_by_label("Your line manager’s work email address").fill("ann@elsewhere.example")
    press(delegate, "Continue", "We do not know this address")
    delegate.get_by_label("Your line manager’s work email address").fill("ann@anytown.gov.uk")
    press(delegate, "Continue", "To approve it")
    press(delegate, "Ask for this place", "You have asked for a place on")
    sent = Message.objects.get(template="approval_request")
    link = re.search(
        rf"{re.escape(settings.SITE_URL)}(/approve/\S+)", templates.make(sent.template, sent.reference).body
    )
    manager.goto(link[1])
    manager.get_by_text("Approve Jade Lewis’s place?").wait_for()
    look(manager)
    if answer == "Decline":
        manager.get_by_label("Why not").fill("We are too few that day")
    press(manager, answer, "ann@anytown.gov.uk approved this" if answer == "Approve" else "ann@anytown.gov.uk declined")
    assert Booking.objects.get().state == {"Approve": "confirmed", "Decline": "cancelled"}[answer]

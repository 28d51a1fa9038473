"""The report in a real browser: its widest table stays on the page, at a desk and on a phone."""

import pytest

from people.models import Role
from tests.factories import BookingFactory, PartnershipFactory, PersonFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 375, 320])
def test_an_agency_lead_reads_the_row_of_the_agency_without_going_sideways(open_page, axe, enter, width):
    PartnershipFactory()
    lead = PersonFactory(roles=[Role.AGENCY_LEAD])
    BookingFactory(event__days=-3, delegate__agency=lead.agency)
    page = open_page(viewport={"width": width, "height": 800})
    enter(page, lead)
    page.goto("/report/")
    page.get_by_text("Your agency").first.wait_for()
    page.get_by_text("Charges waived").first.wait_for()
    frame = page.locator(".app-scroll")
    assert frame.evaluate("frame => frame.scrollWidth <= frame.clientWidth")
    assert axe(page) == []

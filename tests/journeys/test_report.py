"""The report in a real browser: its tables and charts stay on the page and are read, at a desk and on a phone."""

import pytest
from playwright.sync_api import expect

from people.models import Role
from tests.factories import AgencyFactory, BookingFactory, CourseFactory, PartnershipFactory, PersonFactory
from tests.reporting import situations

# Of a picture that is shown: how far it or its words reach beyond its frame, and how large its smallest letters are.
MEASURED = """picture => {
  const svg = picture.querySelector("svg"), drawn = svg.getBoundingClientRect();
  const words = [...svg.querySelectorAll("text")], scale = drawn.width / svg.viewBox.baseVal.width;
  const right = Math.max(drawn.right, ...words.map(one => one.getBoundingClientRect().right));
  const letters = Math.min(...words.map(one => parseFloat(getComputedStyle(one).fontSize) * scale));
  return {beyond: right - picture.getBoundingClientRect().right, letters};
}"""

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


@pytest.mark.parametrize("width", [1280, 673, 672, 375, 320])
def test_charts_are_read_whole_without_going_sideways(open_page, axe, enter, width):
    PartnershipFactory()
    for name in ("Staffordshire and West Midlands Community Rehabilitation Company", "Police", "Schools"):
        held = situations.event(course=CourseFactory(title=f"Course for {name}"))
        situations.many(6, held, agency=AgencyFactory(name=name))
        situations.answered(held, *[(3, 8)] * 6)
    page = open_page(viewport={"width": width, "height": 800})
    enter(page, PersonFactory(roles=[Role.SUBGROUP_MEMBER]))
    for address, charts in (("/report/2018-19/", 3), ("/results/2018-19/", 1)):
        page.goto(address)
        pictures = page.locator(".app-chart__picture:visible")
        expect(pictures).to_have_count(charts)
        for picture in pictures.all():
            found = picture.evaluate(MEASURED)
            assert found["beyond"] <= 0, (address, found)
            assert found["letters"] >= 12, (address, found)
        assert axe(page) == []
